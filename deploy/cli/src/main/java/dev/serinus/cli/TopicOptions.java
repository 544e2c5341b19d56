package dev.serinus.cli;

import dev.serinus.schemas.runtime.Topics;

import picocli.CommandLine.Option;

import java.util.List;

/** How topics are made. */
final class TopicOptions {

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

    int partitions() {
        return partitions;
    }

    short copies() {
        return copies;
    }

    void check(List<String> wrong) {
        if (partitions < 1) {
            wrong.add("--partitions must be 1 or more, was " + partitions);
        }
        if (copies < 1 && copies != Kafka.BROKER_DECIDES) {
            wrong.add("--replication-factor must be 1 or more, or -1, was " + copies);
        }
    }
}
