package dev.serinus.cli;

import dev.serinus.cli.access.KafkaCommands;
import dev.serinus.cli.access.PlannedTopics;
import dev.serinus.cli.access.StrimziResources;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;

/** Prints topics and rights for those who make them in their own way. */
@Command(
        name = "acls",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Print the topics of a hub and of these clusters, and who may do what there:",
            "as a script that calls Kafka's own commands, or as resources of Strimzi. Asks no"
                    + " broker."
        })
final class TopicsAclsCommand implements Callable<Integer> {

    private static final Set<String> AUTHENTICATIONS =
            Set.of("scram-sha-512", "tls", "tls-external");

    @Mixin private AccessOptions access = new AccessOptions();

    @Mixin private TopicOptions topics = new TopicOptions();

    @Option(
            names = "--format",
            paramLabel = "kafka|strimzi",
            description = "Commands of Kafka (the default), or KafkaTopics and KafkaUsers.")
    private String format = "kafka";

    @Option(
            names = "--strimzi-kafka",
            paramLabel = "NAME",
            description = "Strimzi's Kafka resource (default: ${DEFAULT-VALUE}).")
    private String kafka = "kafka";

    @Option(
            names = "--strimzi-authentication",
            paramLabel = "scram-sha-512|tls|tls-external",
            description = "How KafkaUsers log in (default: ${DEFAULT-VALUE}).")
    private String authentication = "scram-sha-512";

    @Spec private CommandSpec spec;

    @Override
    public Integer call() {
        List<String> wrong = new ArrayList<>();
        access.check(wrong);
        topics.check(wrong);
        if (!format.equals("kafka") && !format.equals("strimzi")) {
            wrong.add("--format must be kafka or strimzi, was '" + format + "'");
        }
        if (format.equals("strimzi")) {
            access.checkNamesOfKubernetes(wrong);
        }
        if (!kafka.matches("[a-z0-9]([-a-z0-9.]*[a-z0-9])?")) {
            wrong.add("--strimzi-kafka must be a name of Kubernetes, was '" + kafka + "'");
        }
        if (!AUTHENTICATIONS.contains(authentication)) {
            wrong.add(
                    "--strimzi-authentication must be scram-sha-512, tls or tls-external, was '"
                            + authentication
                            + "'");
        }
        if (!wrong.isEmpty()) {
            throw new Refused(wrong);
        }
        var planned = new PlannedTopics(access.clusters(), topics.partitions(), topics.copies());
        var out = spec.commandLine().getOut();
        out.print(
                format.equals("kafka")
                        ? KafkaCommands.of(planned, access.table())
                        : StrimziResources.of(planned, access.table(), kafka, authentication));
        out.flush();
        return 0;
    }
}
