package dev.serinus.schemas.runtime;

import dev.serinus.schemas.topic.CanaryKey;
import dev.serinus.schemas.topic.Topic;

/**
 * Where a service puts facts that are about all canaries of a partition. As patient as {@link
 * Outbox}.
 */
public interface PartitionedOutbox {

    /** How many partitions a topic has. */
    int partitions(Topic<CanaryKey, ?> topic) throws InterruptedException;

    /** Publishes one record to one partition, whatever its key. */
    <V> void send(Topic<CanaryKey, V> topic, int partition, CanaryKey key, V value)
            throws InterruptedException;
}
