package dev.serinus.cli;

import dev.serinus.cli.access.AccessTable;
import dev.serinus.cli.access.Accounts;
import dev.serinus.schemas.topic.Service;

import picocli.CommandLine.Option;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Which clusters there are, and what their accounts at Kafka are called. */
final class AccessOptions {

    private static final Pattern ACCOUNT = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9._@-]*)");

    /** Within single quotes of a shell, and on one line. */
    private static final Pattern PRINCIPAL = Pattern.compile("[A-Za-z]+:[^'\\p{Cntrl}]*");

    @Option(
            names = "--cluster-name",
            paramLabel = "NAME",
            split = ",",
            required = true,
            description = "The clusters, with commas between.")
    private List<String> clusters = List.of();

    @Option(
            names = "--accounts",
            paramLabel = "services|clusters|all-in-one",
            description = {
                "How many there are (default: services):",
                "  services    serinus-CLUSTER-watcher, -router, -webhook, -notifier for each"
                        + " cluster, and serinus-analysis",
                "  clusters    serinus-CLUSTER for each cluster, and serinus-analysis",
                "  all-in-one  serinus"
            })
    private String accounts = "services";

    @Option(
            names = "--principal",
            paramLabel = "TYPE:NAME",
            description =
                    "How Kafka spells an account, with {} for its name (default: ${DEFAULT-VALUE});"
                            + " of certificates such as 'User:CN={},O=example'.")
    private String principal = "User:" + AccessTable.NAME;

    @Option(
            names = "--application-id",
            paramLabel = "NAME",
            description =
                    "What the analysis is called (default: ${DEFAULT-VALUE});"
                            + " SERINUS_APPLICATION_ID of the service.")
    private String application = Service.ANALYSIS_APPLICATION;

    @Option(
            names = "--subscriber",
            paramLabel = "NAME",
            split = ",",
            description =
                    "Accounts of others that read the public topics, in the group NAME and those"
                            + " that begin with NAME and a dot.")
    private List<String> subscribers = List.of();

    @Option(
            names = "--provisioner",
            paramLabel = "NAME",
            split = ",",
            description = "Accounts that make topics, and cannot read or write them.")
    private List<String> provisioners = List.of();

    List<String> clusters() {
        return clusters;
    }

    /** The table, once nothing is wrong. */
    AccessTable table() {
        return new AccessTable(
                clusters,
                Accounts.valueOf(word(accounts)),
                application,
                subscribers,
                provisioners,
                principal);
    }

    void check(List<String> wrong) {
        clusters.forEach(cluster -> RunOptions.checkCluster(cluster, wrong));
        if (Stream.of(Accounts.values()).noneMatch(each -> each.name().equals(word(accounts)))) {
            wrong.add(
                    "--accounts must be services, clusters or all-in-one, was '" + accounts + "'");
        }
        if (word(accounts).equals(Accounts.CLUSTERS.name()) && clusters.contains("analysis")) {
            wrong.add(
                    "--accounts clusters would give the cluster analysis the account"
                            + " serinus-analysis, which has the rights of all clusters: use"
                            + " --accounts services, or another name for the cluster");
        }
        if (!PRINCIPAL.matcher(principal).matches() || !principal.contains(AccessTable.NAME)) {
            wrong.add(
                    "--principal must be a type, a colon and a name with {} in it, such as"
                            + " 'User:CN={}', was '"
                            + principal
                            + "'");
        }
        if (!application.matches("[A-Za-z0-9._-]+") || application.startsWith("serinus.")) {
            wrong.add(
                    "--application-id must be letters, digits, -, _ and ., and not begin with"
                            + " serinus. as the topics do; was '"
                            + application
                            + "'");
        }
        checkAccounts("--subscriber", subscribers, wrong);
        checkAccounts("--provisioner", provisioners, wrong);
    }

    /** A KafkaUser is called as its account is. */
    void checkNamesOfKubernetes(List<String> wrong) {
        Stream.concat(subscribers.stream(), provisioners.stream())
                .filter(name -> !name.matches("[a-z0-9]([-a-z0-9.]*[a-z0-9])?"))
                .forEach(
                        name ->
                                wrong.add(
                                        "with --format strimzi an account must be a name of"
                                                + " Kubernetes: small letters, digits, . and -,"
                                                + " was '"
                                                + name
                                                + "'"));
    }

    private static void checkAccounts(String flag, List<String> names, List<String> wrong) {
        for (String name : names) {
            if (!ACCOUNT.matcher(name).matches()) {
                wrong.add(flag + " must be letters, digits, ., _, @ and -, was '" + name + "'");
            } else if (name.startsWith("serinus")) {
                // Its groups would be among those of the services.
                wrong.add(
                        flag
                                + " must not begin with serinus, as accounts and groups of the"
                                + " services do; was '"
                                + name
                                + "'");
            }
        }
    }

    private static String word(String accounts) {
        return accounts.toUpperCase(Locale.ROOT).replace('-', '_');
    }
}
