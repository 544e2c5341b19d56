package dev.serinus.router.command;

import dev.serinus.schemas.canary.Canary;
import dev.serinus.schemas.outgoing.Sleeper;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * When the route of each Canary was written last. Whoever serves by it, such as a load balancer,
 * may learn of that seconds later, and sends requests where it led until then: for so long the pods
 * there have to stay. Kept in memory; where nothing is known, as after a restart, the route may
 * have been written a moment ago.
 */
public final class RecentWrites {

    private final Duration patience;
    private final InstantSource clock;
    private final Sleeper sleeper;
    private final Map<String, Instant> last = new ConcurrentHashMap<>();

    /**
     * @param patience how long data planes may need to see a route as it was written
     * @param sleeper spends the rest of it
     */
    public RecentWrites(Duration patience, InstantSource clock, Sleeper sleeper) {
        this.patience = patience;
        this.clock = clock;
        this.sleeper = sleeper;
    }

    /** The route of this Canary is written, or may have been. */
    void wrote(Canary canary) {
        last.put(canary.getMetadata().getUid(), clock.instant());
    }

    /** What was written last moved no requests, and all that did was waited for before. */
    void seen(Canary canary) {
        last.put(canary.getMetadata().getUid(), clock.instant().minus(patience));
    }

    /**
     * Waits until data planes had time to see the route as it was written last.
     *
     * @return false when they had it already, so that what is known is as new as before
     */
    boolean await(Canary canary) throws InterruptedException {
        var now = clock.instant();
        var since = last.computeIfAbsent(canary.getMetadata().getUid(), _ -> now);
        var left = Duration.between(now, since.plus(patience));
        if (!left.isPositive()) {
            return false;
        }
        // A clock that was set back makes nobody wait longer.
        sleeper.sleep(left.compareTo(patience) < 0 ? left : patience);
        return true;
    }

    /** Keeps nothing of a Canary that is gone. */
    public void forget(String uid) {
        last.remove(uid);
    }
}
