package dev.serinus.router.objects;

import dev.serinus.schemas.cluster.Kind;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/**
 * The objects of a kind in a namespace that were made for no Canary, as they were a few seconds ago
 * at most: good enough for a warning. A thousand Canaries that are made at once then read each
 * other's objects a few times, and not a thousand.
 *
 * <p>Safe for use by many threads; who comes while a namespace is being read waits for that.
 */
public final class UsersObjects {

    private static final Duration KEPT = Duration.ofSeconds(10);

    /** Namespaces that are remembered; beyond this all are forgotten. */
    private static final int MOST_LISTS = 32;

    /** Of a namespace with more of them nothing is remembered. */
    private static final int MOST_OBJECTS = 200;

    private final BiFunction<Kind, String, List<ClusterObject>> all;
    private final InstantSource clock;
    private final Map<Place, Recent> recent = new HashMap<>(); // guarded by itself

    private record Place(Kind kind, String namespace) {}

    /** Guarded by itself. */
    private static final class Recent {
        private Instant read = Instant.MIN;
        private List<ClusterObject> objects = List.of();
    }

    /**
     * @param all reads those of a kind in a namespace, or where that is empty in the whole cluster
     */
    public UsersObjects(BiFunction<Kind, String, List<ClusterObject>> all, InstantSource clock) {
        this.all = all;
        this.clock = clock;
    }

    /**
     * All of them.
     *
     * @param namespace empty for the whole cluster
     * @throws Refusal when they cannot be read
     */
    public List<ClusterObject> of(Kind kind, String namespace) {
        Recent last;
        synchronized (recent) {
            if (recent.size() >= MOST_LISTS) {
                recent.clear();
            }
            last = recent.computeIfAbsent(new Place(kind, namespace), _ -> new Recent());
        }
        synchronized (last) {
            Instant now = clock.instant();
            // A clock that was set back makes nothing last longer.
            if (now.isBefore(last.read) || !now.isBefore(after(last.read))) {
                var read = among(all.apply(kind, namespace));
                if (read.size() > MOST_OBJECTS) {
                    return read;
                }
                last.objects = read;
                last.read = now;
            }
            return last.objects;
        }
    }

    /** Those of these objects that were made for no Canary. */
    public static List<ClusterObject> among(List<ClusterObject> all) {
        return all.stream().filter(it -> MadeFor.of(it).equals(MadeFor.NOBODY)).toList();
    }

    private static Instant after(Instant read) {
        return read.equals(Instant.MIN) ? read : read.plus(KEPT);
    }
}
