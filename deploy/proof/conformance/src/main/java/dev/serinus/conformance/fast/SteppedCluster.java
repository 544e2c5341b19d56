package dev.serinus.conformance.fast;

import dev.serinus.conformance.time.Timeline;
import dev.serinus.router.objects.Cluster;
import dev.serinus.router.objects.ClusterObject;
import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.cluster.Ref;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The router's cluster, waiting on the timeline instead of on a watch.
 *
 * @param real the router's own
 * @param unseen the same, whose requests nobody counts
 */
record SteppedCluster(Cluster real, Cluster unseen, Timeline timeline, Duration patience)
        implements Cluster {

    private static final Duration STEP = Duration.ofMillis(50);

    @Override
    public @Nullable ClusterObject find(Ref ref) {
        return real.find(ref);
    }

    @Override
    public List<ClusterObject> list(Kind kind, String namespace, Map<String, String> labels) {
        return real.list(kind, namespace, labels);
    }

    @Override
    public ClusterObject create(ClusterObject object) {
        return real.create(object);
    }

    @Override
    public ClusterObject replace(ClusterObject object) {
        return real.replace(object);
    }

    @Override
    public ClusterObject replace(ClusterObject desired, ClusterObject live) {
        return real.replace(desired, live);
    }

    @Override
    public void put(ClusterObject part) {
        real.put(part);
    }

    @Override
    public void release(ClusterObject object) {
        real.release(object);
    }

    @Override
    public void delete(Ref ref) {
        real.delete(ref);
    }

    @Override
    public boolean isTerminating(String namespace) {
        return real.isTerminating(namespace);
    }

    @Override
    public @Nullable ClusterObject await(Ref ref, Predicate<ClusterObject> so, Duration unused)
            throws InterruptedException {
        Instant end = timeline.instant().plus(patience);
        while (timeline.instant().isBefore(end)) {
            ClusterObject found = unseen.find(ref);
            if (found != null && so.test(found)) {
                break;
            }
            timeline.sleep(STEP);
        }
        return find(ref);
    }
}
