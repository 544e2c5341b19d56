package dev.serinus.watcher.metrics.provider;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Credentials that expire, kept until shortly before they do, so that not every question gets new
 * ones. Those who want the same at once wait for one of them to get it. May be asked from several
 * threads.
 */
final class ShortLived<V> {

    /** What is sent now must not have expired when it is read, by a clock that is a bit ahead. */
    private static final Duration MARGIN = Duration.ofMinutes(1);

    /** So many are kept; who needs one that was dropped gets a new one. */
    static final int MOST = 100;

    private final Map<String, Place<V>> places = new LinkedHashMap<>(); // guarded by this

    /** Something, and when it expires. */
    record Held<V>(V value, Instant until) {
        boolean isFresh(Instant now) {
            return now.isBefore(until.minus(MARGIN));
        }

        /** Leaves out the value. */
        @Override
        public String toString() {
            return "Held[until=" + until + "]";
        }
    }

    /** Gets something new. */
    interface Source<V> {
        Held<V> get() throws NoCredentials, InterruptedException;
    }

    private static final class Place<V> {
        private final ReentrantLock turn = new ReentrantLock();
        private volatile @Nullable Held<V> held;

        private @Nullable V fresh(Instant now) {
            Held<V> there = held;
            return there != null && there.isFresh(now) ? there.value() : null;
        }
    }

    /**
     * What is kept under this name, or something new.
     *
     * @param name of all that it depends on; no secret itself
     */
    V get(String name, Instant now, Source<V> source) throws NoCredentials, InterruptedException {
        Place<V> place = place(name);
        V there = place.fresh(now);
        if (there != null) {
            return there;
        }
        place.turn.lockInterruptibly();
        try {
            V meanwhile = place.fresh(now);
            if (meanwhile != null) {
                return meanwhile;
            }
            Held<V> got = source.get();
            place.held = got;
            return got.value();
        } finally {
            place.turn.unlock();
        }
    }

    /** The oldest makes room for a new one: whoever asks in it goes on, and only keeps it alone. */
    private synchronized Place<V> place(String name) {
        Place<V> there = places.get(name);
        if (there != null) {
            return there;
        }
        if (places.size() >= MOST) {
            places.remove(places.keySet().iterator().next());
        }
        Place<V> made = new Place<>();
        places.put(name, made);
        return made;
    }

    /** Whoever gave it out does not take it any more. */
    synchronized void forget(String name) {
        places.remove(name);
    }
}
