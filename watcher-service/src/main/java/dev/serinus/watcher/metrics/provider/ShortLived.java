package dev.serinus.watcher.metrics.provider;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Credentials that expire, kept until shortly before they do, so that not every question gets new
 * ones. They are got by a thread of their own, one for those who want the same at once: whoever
 * gives up, or is not patient any more, leaves it to the others. May be asked from several threads.
 */
final class ShortLived<V> {

    /** The owner of what the installation itself is, which all share; no namespace's name. */
    static final String INSTALLATION = "/";

    /** What is sent now must not have expired when it is read, by a clock that is a bit ahead. */
    private static final Duration MARGIN = Duration.ofMinutes(1);

    /** So many are kept; who needs one that was dropped gets a new one. */
    static final int MOST = 1000;

    /** So many of one owner, so that nobody drops those of others by having many. */
    static final int MOST_OF_OWNER = 50;

    /** How long anybody waits: longer than one request, and not as long as a question. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /**
     * What the installation did not get is not asked for again for so long, less than the shortest
     * interval of checks: it is one client there, however many canaries want it.
     */
    static final Duration REST = Duration.ofSeconds(5);

    /**
     * What the installation has got is kept for so long even if it is refused: what refuses it may
     * be what one template asks for, and others go on with it.
     */
    static final Duration LEAST = Duration.ofMinutes(1);

    private final Map<Name, Place<V>> places = new LinkedHashMap<>(); // guarded by this

    private record Name(String owner, String name) {
        private boolean isTheInstallations() {
            return owner.equals(INSTALLATION);
        }
    }

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
        private @Nullable Held<V> held;
        private @Nullable NoCredentials failed;
        private @Nullable CompletableFuture<Came<V>> coming;
        private Instant begun = Instant.MIN;

        private boolean beganWithin(Duration time, Instant now) {
            // What began later than now did so before a clock went back.
            return !begun.isAfter(now) && begun.plus(time).isAfter(now);
        }
    }

    /** What came of getting something. */
    private sealed interface Came<V> {
        record Got<V>(Held<V> held) implements Came<V> {}

        record None<V>(NoCredentials because) implements Came<V> {}

        record Broken<V>(Throwable cause) implements Came<V> {}
    }

    /**
     * What is kept under this name, or something new.
     *
     * @param owner the namespace whose it is, which shares it with no other, or {@link
     *     #INSTALLATION}
     * @param name of all that it depends on; no secret itself
     * @param source whose limits count; it goes on when whoever asks is interrupted
     */
    V get(String owner, String name, Instant now, Source<V> source)
            throws NoCredentials, InterruptedException {
        Name key = new Name(owner, name);
        CompletableFuture<Came<V>> coming;
        synchronized (this) {
            Place<V> place = place(key);
            Held<V> held = place.held;
            if (held != null && held.isFresh(now)) {
                return held.value();
            }
            NoCredentials failed = place.failed;
            if (failed != null && key.isTheInstallations() && place.beganWithin(REST, now)) {
                throw new NoCredentials(failed.because());
            }
            coming = place.coming == null ? begin(place, now, source) : place.coming;
        }
        return switch (awaited(coming)) {
            case Came.Got<V>(var held) -> held.value();
            // Whoever waited for it would fail likewise, one after the other.
            case Came.None<V>(var none) -> throw new NoCredentials(none.because());
            case Came.Broken<V>(var cause) ->
                    throw new IllegalStateException("getting credentials failed", cause);
        };
    }

    /** Called with the lock. */
    private CompletableFuture<Came<V>> begin(Place<V> place, Instant now, Source<V> source) {
        var coming = new CompletableFuture<Came<V>>();
        place.coming = coming;
        place.begun = now;
        Thread.ofVirtual()
                .name("credentials")
                .start(
                        () -> {
                            Came<V> came = got(source);
                            settle(place, came);
                            coming.complete(came);
                        });
        return coming;
    }

    private static <V> Came<V> got(Source<V> source) {
        try {
            return new Came.Got<>(source.get());
        } catch (NoCredentials none) {
            return new Came.None<>(none);
        } catch (InterruptedException | RuntimeException | Error broken) {
            return new Came.Broken<>(broken);
        }
    }

    private synchronized void settle(Place<V> place, Came<V> came) {
        place.coming = null;
        place.failed = came instanceof Came.None<V>(var none) ? none : null;
        if (came instanceof Came.Got<V>(var held)) {
            place.held = held;
        }
    }

    private static <V> Came<V> awaited(CompletableFuture<Came<V>> coming)
            throws NoCredentials, InterruptedException {
        try {
            return coming.get(PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException _) {
            throw new NoCredentials(
                    "no credentials came within %ds".formatted(PATIENCE.toSeconds()));
        } catch (ExecutionException impossible) {
            throw new IllegalStateException("what came is never an exception", impossible);
        }
    }

    /** The oldest makes room for a new one: whoever asks in it goes on, and only keeps it alone. */
    private Place<V> place(Name name) {
        Place<V> there = places.get(name);
        if (there != null) {
            return there;
        }
        var owned = places.keySet().stream().filter(it -> it.owner().equals(name.owner())).toList();
        if (owned.size() >= MOST_OF_OWNER) {
            places.remove(owned.getFirst());
        } else if (places.size() >= MOST) {
            oldestOfANamespace().ifPresent(places::remove);
        }
        Place<V> made = new Place<>();
        places.put(name, made);
        return made;
    }

    /** No namespace drops what is the installation's. */
    private Optional<Name> oldestOfANamespace() {
        return places.keySet().stream().filter(it -> !it.isTheInstallations()).findFirst();
    }

    /** Whoever gave it out does not take it any more, unless there is another one by now. */
    synchronized void forget(String owner, String name, V refused, Instant now) {
        Name key = new Name(owner, name);
        Place<V> place = places.get(key);
        Held<V> held = place == null ? null : place.held;
        if (place != null
                && held != null
                && held.value().equals(refused)
                && !(key.isTheInstallations() && place.beganWithin(LEAST, now))) {
            place.held = null;
        }
    }
}
