package dev.serinus.analysis.rollout.gate;

import java.time.Duration;

/**
 * One budget that covers a canary.
 *
 * @param budget its name
 * @param scope what it counts together: the name alone, or with the cluster and the namespace that
 *     have a count of their own
 * @param most rollouts that may run at a time
 */
public record Claim(String budget, String scope, int most) {

    /** How often each that has a place, or waits for one, says so. */
    public static final Duration SAID_AGAIN_AFTER = Duration.ofMinutes(10);

    /** Of whom nothing is heard for so long is taken for gone. */
    public static final Duration UNHEARD_AFTER = Duration.ofHours(1);
}
