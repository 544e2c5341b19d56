package dev.serinus.router.service;

import dev.serinus.router.objects.ClusterObject;
import dev.serinus.schemas.cluster.Ref;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Services of which {@code spec.trafficDistribution} was not kept when it was written: by an API
 * server that does not know it, or by a policy of their namespace. It says nothing of others, and
 * is asked for again after a while. Safe for use by several threads.
 */
final class UnkeptDistributions {

    static final String FIELD = "trafficDistribution";

    /** As often it may be written in vain. */
    private static final Duration ASKED_AGAIN_AFTER = Duration.ofHours(1);

    /** Of more it is forgotten who was met first, and written once more. */
    private static final int MOST = 10_000;

    private static final String PATH = "/spec/" + FIELD;

    private final InstantSource clock;

    /** When it was last written in vain. */
    private final Map<Ref, Instant> written =
            new LinkedHashMap<>() {
                @Override
                protected boolean removeEldestEntry(Map.Entry<Ref, Instant> eldest) {
                    return size() > MOST;
                }
            };

    UnkeptDistributions(InstantSource clock) {
        this.clock = clock;
    }

    /** Learns from a write of a Service. */
    synchronized void wrote(ClusterObject desired, ClusterObject answer) {
        if (!desired.at(PATH).isTextual()) {
            return;
        }
        if (answer.at(PATH).isMissingNode()) {
            written.put(desired.ref(), clock.instant());
        } else {
            written.remove(desired.ref());
        }
    }

    /** True while it is not asked for of this Service, since it would not be kept. */
    synchronized boolean isLeft(Ref service) {
        var since = written.get(service);
        return since != null && clock.instant().isBefore(since.plus(ASKED_AGAIN_AFTER));
    }

    /** True when it was not kept of this Service when it was written last. */
    synchronized boolean isUnkept(Ref service) {
        return written.containsKey(service);
    }
}
