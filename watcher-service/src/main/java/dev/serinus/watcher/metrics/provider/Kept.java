package dev.serinus.watcher.metrics.provider;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What takes long to make of a Secret, kept until it was not used for two minutes: no longer, since
 * there may be a private key in it. May be used by several threads; two that want the same for the
 * first time may both make it.
 */
public final class Kept<K, V> {

    /** More than the longest usual interval of checks. */
    static final Duration UNUSED = Duration.ofMinutes(2);

    private final int most;
    private final Map<K, Entry<V>> entries = new LinkedHashMap<>(16, 0.75f, true); // by last use

    private record Entry<V>(V value, Instant used) {
        private boolean isUnused(Instant now) {
            // What is used later than now was so before a clock went back.
            return used.plus(UNUSED).isBefore(now) || used.isAfter(now);
        }
    }

    /**
     * Keeps so many; who needs one that was dropped makes it again.
     *
     * @param most above 0
     */
    public Kept(int most) {
        this.most = most;
    }

    /** Null where it has to be made. */
    public synchronized @Nullable V get(K key, Instant now) {
        entries.values().removeIf(each -> each.isUnused(now));
        Entry<V> there = entries.get(key);
        if (there == null) {
            return null;
        }
        entries.put(key, new Entry<>(there.value(), now));
        return there.value();
    }

    /** Keeps what was made; what was not used for longest makes room for it. */
    public synchronized void put(K key, V value, Instant now) {
        entries.put(key, new Entry<>(value, now));
        if (entries.size() > most) {
            entries.remove(entries.keySet().iterator().next());
        }
    }
}
