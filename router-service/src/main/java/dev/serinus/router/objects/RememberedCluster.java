package dev.serinus.router.objects;

import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.cluster.Ref;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * A cluster whose objects are read once: an object that was read or written is given again as long
 * as the watch shows it at the very same version. Nothing is given that the watch has seen change,
 * and nothing without a watch. The objects used last are held, up to a number.
 */
public final class RememberedCluster implements Cluster {

    /** The version at which a watch shows an object now; empty when none shows it. */
    @FunctionalInterface
    public interface Watched {
        Optional<String> version(Ref ref);
    }

    /**
     * Secrets are not kept; of the others no watch tells the version, so they would be in the way.
     */
    private static final Set<Kind> NEVER =
            Set.of(
                    Kind.SECRET,
                    Kind.CONFIG_MAP,
                    Kind.DEPLOYMENT,
                    Kind.DAEMON_SET,
                    Kind.CANARY,
                    Kind.EVENT);

    private final Cluster cluster;
    private final Map<Ref, ClusterObject> held;
    private volatile Watched watched = _ -> Optional.empty();

    /**
     * @param most how many objects are held, 1 or more
     */
    public RememberedCluster(Cluster cluster, int most) {
        if (most < 1) {
            throw new IllegalArgumentException("at least one object must be held, was " + most);
        }
        this.cluster = cluster;
        this.held =
                new LinkedHashMap<>(16, 0.75f, true) {
                    private static final long serialVersionUID = 1L;

                    @Override
                    protected boolean removeEldestEntry(Map.Entry<Ref, ClusterObject> eldest) {
                        return size() > most;
                    }
                };
    }

    /** Names the watches; without them every read asks the API server. */
    public void watchedBy(Watched watches) {
        this.watched = watches;
    }

    @Override
    public @Nullable ClusterObject find(Ref ref) {
        ClusterObject known;
        synchronized (held) {
            known = held.get(ref);
        }
        if (known != null && watched.version(ref).equals(Optional.of(known.resourceVersion()))) {
            return known;
        }
        return kept(ref, cluster.find(ref));
    }

    @Override
    public List<ClusterObject> list(Kind kind, String namespace, Map<String, String> labels) {
        return cluster.list(kind, namespace, labels);
    }

    @Override
    public ClusterObject create(ClusterObject object) {
        return keep(cluster.create(object));
    }

    @Override
    public ClusterObject replace(ClusterObject object) {
        return keep(cluster.replace(object));
    }

    @Override
    public void release(ClusterObject object) {
        cluster.release(object);
    }

    @Override
    public void delete(Ref ref) {
        cluster.delete(ref);
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
        return kept(ref, cluster.await(ref, so, patience));
    }

    private ClusterObject keep(ClusterObject object) {
        if (!NEVER.contains(object.ref().kind())) {
            synchronized (held) {
                held.put(object.ref(), object);
            }
        }
        return object;
    }

    private @Nullable ClusterObject kept(Ref ref, @Nullable ClusterObject found) {
        if (found == null) {
            synchronized (held) {
                held.remove(ref);
            }
            return null;
        }
        return keep(found);
    }
}
