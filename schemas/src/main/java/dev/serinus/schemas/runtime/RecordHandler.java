package dev.serinus.schemas.runtime;

import dev.serinus.schemas.topic.CanaryKey;

import java.time.Duration;
import java.util.Optional;

/**
 * What a service does with one record. Runs on a virtual thread and may block; records of one
 * canary come one after the other, in order, records of others at the same time. It may be called
 * again with a record it has already handled. Expected trouble is for the handler to answer; what
 * it throws sets the record aside as a dead letter.
 */
@FunctionalInterface
public interface RecordHandler<V> {
    void handle(CanaryKey canary, V value) throws InterruptedException;

    /**
     * How long a record may be in work before what waits behind it is set aside, should their
     * partition be full: so a canary whose calls hang does not keep other canaries' from being
     * made. Empty, as it is unless a handler says otherwise, where nothing may be given up.
     */
    default Optional<Duration> patienceWhenFull() {
        return Optional.empty();
    }
}
