package dev.serinus.schemas.topic;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.apache.kafka.common.utils.Utils;

/** Where Kafka's default partitioner, and with it every producer of ours, puts a canary. */
public final class Partitions {

    private Partitions() {}

    /** The partition of a canary's records in a topic of so many. */
    public static int of(CanaryKey canary, int partitions) {
        return Utils.toPositive(Utils.murmur2(canary.toString().getBytes(UTF_8))) % partitions;
    }
}
