package dev.serinus.analysis.stream;

import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A store of a task, and beside it those states that were decided upon last as they are in memory:
 * a rollout has some forty decisions, and reading a state took as long as deciding. It lives no
 * longer than the task, whose store nobody else writes.
 *
 * @param <K> what is decided upon, a canary or a scope
 * @param <V> its state
 */
final class ReadThrough<K, V> {

    /** A state takes some ten kilobytes, and a process may have twelve tasks. */
    private static final int MOST = 64;

    private final KeyValueStore<K, V> store;
    private final Map<K, V> latest =
            new LinkedHashMap<>(16, 0.75f, true) {
                @Override
                protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                    return size() > MOST;
                }
            };

    ReadThrough(KeyValueStore<K, V> store) {
        this.store = store;
    }

    @Nullable V get(K key) {
        var known = latest.get(key);
        return known == null ? store.get(key) : known;
    }

    void put(K key, V kept) {
        store.put(key, kept);
        latest.put(key, kept);
    }

    void delete(K key) {
        latest.remove(key);
        store.delete(key);
    }
}
