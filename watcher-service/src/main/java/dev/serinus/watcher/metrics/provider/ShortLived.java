package dev.serinus.watcher.metrics.provider;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Credentials that expire, kept until shortly before they do, so that not every question gets new
 * ones. Those who want the same at once wait for one of them to get it, and fail with it. May be
 * asked from several threads.
 */
final class ShortLived<V> {

    /** What is sent now must not have expired when it is read, by a clock that is a bit ahead. */
    private static final Duration MARGIN = Duration.ofMinutes(1);

    /** So many are kept; who needs one that was dropped gets a new one. */
    static final int MOST = 1000;

    /** So many of one owner, so that nobody drops those of others by having many. */
    static final int MOST_OF_OWNER = 50;

    private final Map<Name, Place<V>> places = new LinkedHashMap<>(); // guarded by this

    private record Name(String owner, String name) {}

    /**
     * Something, and when it expires.
     *
     * @param margin how long before that it is not sent any more
     */
    record Held<V>(V value, Instant until, Duration margin) {

        /** What expires then. */
        Held(V value, Instant until) {
            this(value, until, MARGIN);
        }

        /** What expires after this time: of a short life the margin is a third. */
        static <V> Held<V> lasting(V value, Instant now, Duration life) {
            Duration third = life.dividedBy(3);
            return new Held<>(value, now.plus(life), third.compareTo(MARGIN) < 0 ? third : MARGIN);
        }

        boolean isFresh(Instant now) {
            return now.isBefore(until.minus(margin));
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
        private final AtomicLong failures = new AtomicLong();
        private @Nullable NoCredentials failed; // guarded by turn

        private @Nullable V fresh(Instant now) {
            Held<V> there = held;
            return there != null && there.isFresh(now) ? there.value() : null;
        }
    }

    /**
     * What is kept under this name, or something new.
     *
     * @param owner the namespace whose it is, which shares it with no other
     * @param name of all that it depends on; no secret itself
     */
    V get(String owner, String name, Instant now, Source<V> source)
            throws NoCredentials, InterruptedException {
        Place<V> place = place(new Name(owner, name));
        V there = place.fresh(now);
        if (there != null) {
            return there;
        }
        long failures = place.failures.get();
        place.turn.lockInterruptibly();
        try {
            V meanwhile = place.fresh(now);
            if (meanwhile != null) {
                return meanwhile;
            }
            NoCredentials failed = place.failed;
            if (failed != null && place.failures.get() != failures) {
                // Whoever waited for it would fail likewise, one after the other.
                throw new NoCredentials(failed.because());
            }
            Held<V> got = source.get();
            place.held = got;
            return got.value();
        } catch (NoCredentials none) {
            place.failed = none;
            place.failures.incrementAndGet();
            throw none;
        } finally {
            place.turn.unlock();
        }
    }

    /** The oldest makes room for a new one: whoever asks in it goes on, and only keeps it alone. */
    private synchronized Place<V> place(Name name) {
        Place<V> there = places.get(name);
        if (there != null) {
            return there;
        }
        var owned = places.keySet().stream().filter(it -> it.owner().equals(name.owner())).toList();
        if (owned.size() >= MOST_OF_OWNER) {
            places.remove(owned.getFirst());
        } else if (places.size() >= MOST) {
            places.remove(places.keySet().iterator().next());
        }
        Place<V> made = new Place<>();
        places.put(name, made);
        return made;
    }

    /** Whoever gave it out does not take it any more, unless there is another one by now. */
    synchronized void forget(String owner, String name, V refused) {
        Place<V> place = places.get(new Name(owner, name));
        Held<V> held = place == null ? null : place.held;
        if (held != null && held.value().equals(refused)) {
            places.remove(new Name(owner, name));
        }
    }
}
