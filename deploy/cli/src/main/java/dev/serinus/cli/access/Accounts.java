package dev.serinus.cli.access;

import dev.serinus.schemas.topic.Service;

/** How many accounts an installation has at Kafka, and what they are called. */
public enum Accounts {
    /** One for each service of each cluster, and one for the analysis of all: the narrowest. */
    SERVICES,
    /** One for the four services of each cluster, and one for the analysis. */
    CLUSTERS,
    /** One for everything, as the all-in-one has it. */
    ALL_IN_ONE;

    /**
     * What a service of this cluster is called; the analysis serves all clusters. The load tester
     * shares no account with others: it runs anybody's commands.
     */
    public String name(Service service, String cluster) {
        return switch (this) {
            case SERVICES ->
                    service == Service.ANALYSIS
                            ? "serinus-analysis"
                            : "serinus-" + cluster + "-" + service.title();
            case CLUSTERS ->
                    switch (service) {
                        case ANALYSIS -> "serinus-analysis";
                        case LOADTESTER -> SERVICES.name(service, cluster);
                        default -> "serinus-" + cluster;
                    };
            case ALL_IN_ONE -> service == Service.LOADTESTER ? "serinus-loadtester" : "serinus";
        };
    }
}
