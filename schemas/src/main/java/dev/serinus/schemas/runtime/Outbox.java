package dev.serinus.schemas.runtime;

import dev.serinus.schemas.topic.CanaryKey;
import dev.serinus.schemas.topic.Topic;

/** Where a service puts its facts. Safe for use by many threads. */
public interface Outbox {

    /**
     * Publishes one record and returns once the broker has it on all in-sync replicas; waits as
     * long as the broker is away, since nothing acknowledged may be lost and nothing unacknowledged
     * may be taken as done.
     */
    <V> void send(Topic<CanaryKey, V> topic, CanaryKey canary, V value) throws InterruptedException;
}
