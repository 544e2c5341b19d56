package dev.serinus.schemas.runtime;

import dev.serinus.schemas.topic.CanaryKey;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What a service remembers of each canary: one record, the latest counts. Safe for use by many
 * threads; the records of one canary are for one of them at a time.
 */
public interface KeptRecords<V> {

    /** What is known of it now, whoever kept it. */
    Optional<V> get(CanaryKey canary) throws InterruptedException;

    /** Returns once it is safe. */
    void put(CanaryKey canary, V value) throws InterruptedException;

    /** All that was known when one was asked for last. */
    Map<CanaryKey, V> known();

    /** For as long as this process lives. */
    static <V> KeptRecords<V> inMemory() {
        Map<CanaryKey, V> kept = new ConcurrentHashMap<>();
        return new KeptRecords<>() {
            @Override
            public Optional<V> get(CanaryKey canary) {
                return Optional.ofNullable(kept.get(canary));
            }

            @Override
            public void put(CanaryKey canary, V value) {
                kept.put(canary, value);
            }

            @Override
            public Map<CanaryKey, V> known() {
                return Map.copyOf(kept);
            }
        };
    }
}
