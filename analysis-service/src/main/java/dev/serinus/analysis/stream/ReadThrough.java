package dev.serinus.analysis.stream;

import dev.serinus.analysis.journal.StoredRollout;
import dev.serinus.schemas.topic.CanaryKey;

import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The store of a task's canaries, and beside it those that were decided upon last as they are in
 * memory: a rollout has some forty decisions, and reading a state took as long as deciding. It
 * lives no longer than the task, whose store nobody else writes.
 */
final class ReadThrough {

    /** A state takes some ten kilobytes, and a process may have twelve tasks. */
    private static final int MOST = 64;

    private final KeyValueStore<CanaryKey, StoredRollout> store;
    private final Map<CanaryKey, StoredRollout> latest =
            new LinkedHashMap<>(16, 0.75f, true) {
                @Override
                protected boolean removeEldestEntry(Map.Entry<CanaryKey, StoredRollout> eldest) {
                    return size() > MOST;
                }
            };

    ReadThrough(KeyValueStore<CanaryKey, StoredRollout> store) {
        this.store = store;
    }

    @Nullable StoredRollout get(CanaryKey canary) {
        var known = latest.get(canary);
        return known == null ? store.get(canary) : known;
    }

    void put(CanaryKey canary, StoredRollout kept) {
        store.put(canary, kept);
        latest.put(canary, kept);
    }

    void delete(CanaryKey canary) {
        latest.remove(canary);
        store.delete(canary);
    }
}
