package dev.serinus.cli;

import dev.serinus.schemas.runtime.KafkaSettings;
import dev.serinus.schemas.runtime.Topics;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Callable;

/**
 * Creates the topics that are missing, so that services that may not do so themselves can start.
 */
@Command(
        name = "apply",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Create the topics of a hub and of these clusters that are missing.",
            "What is there stays as it is, so that it may be done again at any time."
        })
final class TopicsApplyCommand implements Callable<Integer> {

    @Option(
            names = "--cluster-name",
            paramLabel = "NAME",
            split = ",",
            required = true,
            description = "The clusters, with commas between.")
    private List<String> clusters = List.of();

    @Option(
            names = "--bootstrap-servers",
            paramLabel = "HOST:PORT",
            description =
                    "Kafka (default: KAFKA_BOOTSTRAP_SERVERS); its other settings by KAFKA_*"
                            + " variables.")
    private @Nullable String bootstrapServers;

    @Option(
            names = "--partitions",
            paramLabel = "N",
            description =
                    "Of each topic of a new hub (default: ${DEFAULT-VALUE}). A hub that exists"
                            + " keeps its number.")
    private int partitions = Topics.PARTITIONS;

    @Option(
            names = "--replication-factor",
            paramLabel = "N",
            description = "Copies of each topic (default: -1, what the brokers have as default).")
    private short copies = Kafka.BROKER_DECIDES;

    @Mixin private LogOptions logging = new LogOptions();

    @Spec private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        logging.settings(System.getenv()).forEach(System::setProperty);
        List<String> wrong = new ArrayList<>();
        logging.check(wrong);
        clusters.forEach(cluster -> RunOptions.checkCluster(cluster, wrong));
        if (partitions < 1) {
            wrong.add("--partitions must be 1 or more, was " + partitions);
        }
        if (copies < 1 && copies != Kafka.BROKER_DECIDES) {
            wrong.add("--replication-factor must be 1 or more, or -1, was " + copies);
        }
        Map<String, String> settings = new HashMap<>(System.getenv());
        if (bootstrapServers != null) {
            settings.put("KAFKA_BOOTSTRAP_SERVERS", bootstrapServers);
        } else if (settings.getOrDefault("KAFKA_BOOTSTRAP_SERVERS", "").isBlank()) {
            wrong.add("--bootstrap-servers is missing, and there is no KAFKA_BOOTSTRAP_SERVERS");
        }
        if (!wrong.isEmpty()) {
            throw new Refused(wrong);
        }
        return Termination.guard(() -> apply(KafkaSettings.from(settings, new Properties())));
    }

    private int apply(KafkaSettings kafka) {
        Kafka.provision(kafka, clusters, partitions, copies);
        spec.commandLine()
                .getOut()
                .printf("The topics of %s are there%n", String.join(", ", clusters));
        spec.commandLine().getOut().flush();
        return 0;
    }
}
