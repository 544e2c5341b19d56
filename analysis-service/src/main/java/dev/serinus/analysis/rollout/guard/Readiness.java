package dev.serinus.analysis.rollout.guard;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;

/**
 * How long the canary was not ready since the run last made progress. A moment of readiness neither
 * passes a check nor starts the deadline anew: time without it adds up until a check has passed, or
 * more of its pods have begun or serve than ever since.
 *
 * @param spent time without readiness that is over
 * @param lostAt since when it is missing, or has made no progress; null while it holds
 * @param steady false once it was lost during the check that is under way
 * @param furthest how far its pods have come since it counts; null before they were seen
 */
public record Readiness(
        Duration spent, @Nullable Instant lostAt, boolean steady, @Nullable Integer furthest) {

    /** Before a run. */
    public static final Readiness HOLDS = new Readiness(Duration.ZERO, null, true, null);

    /** From now on it counts anew: a run begins, a check has passed, or a hold has ended. */
    public Readiness anew(boolean ready, Instant at) {
        return new Readiness(Duration.ZERO, ready ? null : at, ready, null);
    }

    /** A check begins. */
    public Readiness checking() {
        return new Readiness(spent, lostAt, lostAt == null, furthest);
    }

    /** The same, of whose pods nothing was seen. */
    public Readiness unseen() {
        return new Readiness(spent, lostAt, steady, null);
    }

    /**
     * What was observed.
     *
     * @param counts false where more pods are wanted than before: starting those is no loss
     * @param pods how far they are; pods that come and go never come further, so that time without
     *     readiness has an end
     */
    public Readiness seen(boolean ready, boolean counts, int pods, Instant at) {
        boolean further = pods > (furthest == null ? 0 : furthest);
        Integer most = further || furthest == null ? Integer.valueOf(pods) : furthest;
        if (ready) {
            var over = lostAt == null ? spent : spent.plus(Duration.between(lostAt, at));
            return new Readiness(over, null, steady, most);
        }
        return further
                ? new Readiness(Duration.ZERO, at, steady && !counts, most)
                : new Readiness(spent, lostAt == null ? at : lostAt, steady && !counts, most);
    }

    /** When the deadline is over, if readiness stays away. */
    public Instant deadline(Duration progressDeadline, Instant now) {
        Instant from = lostAt == null ? now : lostAt;
        Instant over = from.plus(progressDeadline).minus(spent);
        return over.isBefore(now) ? now : over;
    }
}
