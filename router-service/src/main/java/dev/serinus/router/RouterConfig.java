package dev.serinus.router;

import java.time.Duration;

/**
 * How patient the router is.
 *
 * @param patience how long an answer is held back for what the cluster is about to show: a
 *     generation of a Canary, a route the mesh takes, a target that becomes ready
 */
public record RouterConfig(Duration patience) {

    private static final Duration LONGEST = Duration.ofMinutes(1);

    public RouterConfig {
        if (!patience.isPositive() || patience.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    "serinus.router.patience must be above zero and at most 1m, was " + patience);
        }
    }

    /** Five seconds of patience. */
    public static RouterConfig defaults() {
        return new RouterConfig(Duration.ofSeconds(5));
    }
}
