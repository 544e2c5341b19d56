package dev.serinus.analysis.rollout.guard;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;

/**
 * How long the canary was not ready since the run last made progress. A moment of readiness neither
 * passes a check nor starts the deadline anew: time without it adds up until a check has passed.
 *
 * @param spent time without readiness that is over
 * @param lostAt since when it is missing; null while it holds
 * @param steady false once it was lost during the check that is under way
 */
public record Readiness(Duration spent, @Nullable Instant lostAt, boolean steady) {

    /** Before a run. */
    public static final Readiness HOLDS = new Readiness(Duration.ZERO, null, true);

    /** From now on it counts anew: a run begins, a check has passed, or a hold has ended. */
    public Readiness anew(boolean ready, Instant at) {
        return new Readiness(Duration.ZERO, ready ? null : at, ready);
    }

    /** A check begins. */
    public Readiness checking() {
        return new Readiness(spent, lostAt, lostAt == null);
    }

    /**
     * What was observed.
     *
     * @param counts false where more pods are wanted than before: starting those is no loss
     */
    public Readiness seen(boolean ready, boolean counts, Instant at) {
        if (ready) {
            return lostAt == null
                    ? this
                    : new Readiness(spent.plus(Duration.between(lostAt, at)), null, steady);
        }
        return new Readiness(spent, lostAt == null ? at : lostAt, steady && !counts);
    }

    /** When the deadline is over, if readiness stays away. */
    public Instant deadline(Duration progressDeadline, Instant now) {
        Instant from = lostAt == null ? now : lostAt;
        Instant over = from.plus(progressDeadline).minus(spent);
        return over.isBefore(now) ? now : over;
    }
}
