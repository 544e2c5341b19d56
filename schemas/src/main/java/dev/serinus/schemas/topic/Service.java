package dev.serinus.schemas.topic;

import java.util.Locale;
import java.util.Optional;

/**
 * The services as clients of Kafka. Each may have a principal of its own, and reads in consumer
 * groups that nobody else is in: whoever may join a group can take its partitions from the others.
 */
public enum Service {
    WATCHER,
    ANALYSIS,
    ROUTER,
    WEBHOOK,
    NOTIFIER,
    /** Runs anybody's commands: an account of its own, which may do next to nothing. */
    LOADTESTER;

    /**
     * What the analysis is called at Kafka unless its configuration says otherwise: its group, and
     * the beginning of its transactions and of the topics in which it keeps its state.
     */
    public static final String ANALYSIS_APPLICATION = "serinus-analysis";

    /** Its name, as in {@code watcher}. */
    public String title() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The group in which this service of one cluster reads this topic. It bears the cluster's name,
     * so that a broker's rights keep those of other clusters out of it.
     */
    public String group(String cluster, TopicKind topic) {
        return switch (this) {
            case ANALYSIS -> ANALYSIS_APPLICATION;
            case ROUTER, WEBHOOK, NOTIFIER, LOADTESTER -> of(cluster);
            // One that asks providers for long must not hold up what is announced.
            case WATCHER -> of(cluster) + "." + topic.suffix();
        };
    }

    /**
     * The group in which it tells events, beside the rest of this topic, for which somebody waits;
     * empty where it tells none.
     */
    public Optional<String> eventsGroup(String cluster, TopicKind topic) {
        boolean tells =
                (this == WEBHOOK && topic == TopicKind.WEBHOOK_CALLS)
                        || (this == NOTIFIER && topic == TopicKind.ALERTS);
        return tells ? Optional.of(of(cluster) + ".events") : Optional.empty();
    }

    /**
     * The group in which it read before 0.1.0 was released, where that was another: all clusters
     * were in the same.
     */
    public Optional<String> formerGroup() {
        return switch (this) {
            case WEBHOOK, NOTIFIER -> Optional.of("serinus-" + title());
            case WATCHER, ANALYSIS, ROUTER, LOADTESTER -> Optional.empty();
        };
    }

    /** This service of one cluster, as in {@code serinus.eu.watcher}. */
    public String of(String cluster) {
        return "serinus." + cluster + "." + title();
    }
}
