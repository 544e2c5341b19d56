package dev.serinus.router.objects;

import dev.serinus.schemas.canary.Canary;
import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.cluster.Ref;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * A cluster that asks only for what the watches do not know. An object that was read or written is
 * given again as long as the watch shows it at the very same version; where the watch keeps objects
 * whole, the newer of both is given; what a watch of all objects does not show is not there. After
 * a write that somebody else was faster than, and whenever that is asked for, the server is asked.
 * Nothing is given without a watch that stands. Every write names the version it is based on, so
 * that the server refuses one that is based on what has passed.
 */
public final class RememberedCluster implements Cluster {

    /** What the watches show of an object. */
    @FunctionalInterface
    public interface Watched {
        Sight sight(Ref ref);

        /**
         * Names the objects of a kind that seem to be made for a Canary; empty when no watch that
         * stands tells.
         */
        default Optional<List<Ref>> made(Canary canary, Kind kind) {
            return Optional.empty();
        }

        /** True while a watch of a kind stands. */
        default boolean isWatched(Kind kind) {
            return false;
        }
    }

    /**
     * Secrets are not kept; of the others no watch tells the version, so they would be in the way.
     */
    private static final Set<Kind> NEVER =
            Set.of(Kind.SECRET, Kind.CONFIG_MAP, Kind.CANARY, Kind.EVENT);

    /** Names only; beyond this it is looked which of them are gone. */
    private static final int MOST_DOUBTED = 2_000;

    private final Cluster cluster;
    private final HeldObjects held; // guarded by itself, as are the doubts
    private final int mostDoubted;

    /** Each with the number that the doubts had reached by it. */
    private final Map<Ref, Long> doubted = new HashMap<>();

    private long doubts;
    private volatile Watched watched = _ -> new Sight.Unwatched();

    /**
     * @param most how many bytes of objects are held, 1 or more
     */
    public RememberedCluster(Cluster cluster, long most) {
        this(cluster, most, MOST_DOUBTED);
    }

    RememberedCluster(Cluster cluster, long most, int mostDoubted) {
        this.cluster = cluster;
        this.held = new HeldObjects(most);
        this.mostDoubted = mostDoubted;
    }

    /** Names the watches; without them every read asks the API server. */
    public void watchedBy(Watched watches) {
        this.watched = watches;
    }

    @Override
    public @Nullable ClusterObject find(Ref ref) {
        @Nullable ClusterObject known;
        boolean sure;
        long before;
        synchronized (held) {
            known = held.find(ref);
            sure = !doubted.containsKey(ref);
            before = doubts;
        }
        if (sure) {
            switch (watched.sight(ref)) {
                case Sight.Unwatched _ -> {}
                case Sight.Absent _ -> {
                    // One that was made here may not have come by the watch yet.
                    if (known == null) {
                        return null;
                    }
                }
                case Sight.At(var version) -> {
                    if (known != null && version.equals(known.resourceVersion())) {
                        return known;
                    }
                }
                case Sight.Whole(var shown, var _) -> {
                    var newer = newer(known, shown);
                    if (newer != null) {
                        return newer;
                    }
                }
            }
        }
        return kept(ref, cluster.find(ref), before);
    }

    /**
     * The one that the server gave out last; null when that cannot be told. What the watch has
     * caught up with is held no longer.
     */
    private @Nullable ClusterObject newer(@Nullable ClusterObject known, ClusterObject shown) {
        if (known == null) {
            return shown;
        }
        var order = Versions.order(known.resourceVersion(), shown.resourceVersion());
        if (order.isEmpty()) {
            return null;
        }
        if (order.get() > 0) {
            return known;
        }
        synchronized (held) {
            held.remove(known.ref(), known.resourceVersion());
        }
        return shown;
    }

    @Override
    public void refresh(Ref ref, Duration age) {
        if (watched.sight(ref) instanceof Sight.Whole(var _, var seen) && seen.compareTo(age) < 0) {
            return;
        }
        doubt(ref);
    }

    private void doubt(Ref ref) {
        boolean many;
        synchronized (held) {
            held.remove(ref);
            doubted.put(ref, ++doubts);
            many = doubted.size() > mostDoubted;
        }
        if (many) {
            forgetGone(ref);
        }
    }

    /** Of objects that were deleted nobody asks again, so their doubts would stay for ever. */
    private void forgetGone(Ref newest) {
        List<Ref> all;
        synchronized (held) {
            all = List.copyOf(doubted.keySet());
        }
        var gone =
                all.stream()
                        .filter(ref -> !ref.equals(newest))
                        .filter(ref -> watched.sight(ref) instanceof Sight.Absent)
                        .toList();
        synchronized (held) {
            gone.forEach(doubted::remove);
        }
    }

    @Override
    public boolean mayExist(Ref ref) {
        synchronized (held) {
            return held.contains(ref) || doubted.containsKey(ref);
        }
    }

    @Override
    public List<ClusterObject> list(Kind kind, String namespace, Map<String, String> labels) {
        return cluster.list(kind, namespace, labels);
    }

    /** What was written here may not have come by the watch yet. */
    @Override
    public List<Ref> madeFor(Canary canary, Kind kind) {
        var made = watched.made(canary, kind);
        if (made.isEmpty()) {
            return cluster.madeFor(canary, kind);
        }
        Set<Ref> all = new LinkedHashSet<>(made.get());
        synchronized (held) {
            all.addAll(held.madeFor(canary, kind));
        }
        return List.copyOf(all);
    }

    @Override
    public boolean isWatched(Kind kind) {
        return watched.isWatched(kind);
    }

    @Override
    public ClusterObject create(ClusterObject object) {
        long before = doubts();
        return keep(unlessRaced(object.ref(), () -> cluster.create(object)), before);
    }

    @Override
    public ClusterObject replace(ClusterObject object) {
        long before = doubts();
        return keep(unlessRaced(object.ref(), () -> cluster.replace(object)), before);
    }

    @Override
    public ClusterObject replace(ClusterObject desired, ClusterObject live) {
        long before = doubts();
        return keep(unlessRaced(desired.ref(), () -> cluster.replace(desired, live)), before);
    }

    /** What somebody else has changed meanwhile may not have come by the watch yet. */
    private ClusterObject unlessRaced(Ref ref, Supplier<ClusterObject> write) {
        try {
            return write.get();
        } catch (Conflict raced) {
            doubt(ref);
            throw raced;
        }
    }

    @Override
    public void put(ClusterObject part) {
        try {
            cluster.put(part);
        } finally {
            if (!NEVER.contains(part.ref().kind())) {
                // Only the server knows the whole of it.
                doubt(part.ref());
            }
        }
    }

    @Override
    public Optional<ClusterObject> tried(ClusterObject object) {
        return cluster.tried(object);
    }

    @Override
    public Optional<Refusal> refusing(ClusterObject object) {
        return cluster.refusing(object);
    }

    @Override
    public void release(ClusterObject object) {
        cluster.release(object);
    }

    @Override
    public void delete(Ref ref) {
        cluster.delete(ref);
        synchronized (held) {
            held.remove(ref);
        }
        if (!(watched.sight(ref) instanceof Sight.Unwatched)) {
            doubt(ref);
        }
    }

    @Override
    public boolean isTerminating(String namespace) {
        return cluster.isTerminating(namespace);
    }

    @Override
    public Optional<Instant> lastWrite(Ref ref, String program) {
        return cluster.lastWrite(ref, program);
    }

    @Override
    public @Nullable ClusterObject await(Ref ref, Predicate<ClusterObject> so, Duration patience)
            throws InterruptedException {
        long before = doubts();
        return kept(ref, cluster.await(ref, so, patience), before);
    }

    private long doubts() {
        synchronized (held) {
            return doubts;
        }
    }

    /**
     * What the server said ends a doubt, unless that came up while the answer was on its way.
     *
     * @param before how many doubts there were when the server was asked
     */
    private void settle(Ref ref, long before) {
        if (doubted.getOrDefault(ref, Long.MAX_VALUE) <= before) {
            doubted.remove(ref);
        }
    }

    private ClusterObject keep(ClusterObject object, long before) {
        if (!NEVER.contains(object.ref().kind())) {
            synchronized (held) {
                settle(object.ref(), before);
                var known = held.version(object.ref());
                if (known.isEmpty()
                        || Versions.order(known.get(), object.resourceVersion()).orElse(0) <= 0) {
                    held.put(object);
                }
            }
        }
        return object;
    }

    private @Nullable ClusterObject kept(Ref ref, @Nullable ClusterObject found, long before) {
        if (found == null) {
            // A watch that still shows it is behind: what it shows must not come back.
            boolean behind =
                    switch (watched.sight(ref)) {
                        case Sight.At _, Sight.Whole _ -> true;
                        case Sight.Absent _, Sight.Unwatched _ -> false;
                    };
            synchronized (held) {
                held.remove(ref);
                if (behind) {
                    doubted.put(ref, ++doubts);
                } else {
                    settle(ref, before);
                }
            }
            return null;
        }
        return keep(found, before);
    }
}
