package dev.serinus.analysis.rollout.gate;

import java.time.Duration;
import java.time.Instant;

/**
 * How long a gate may stay closed, and what follows then. Without one it is waited for as long as
 * it takes, as in Flagger.
 */
public record GateLimit(Duration timeout, OnTimeout onTimeout) {

    /** What follows. */
    public enum OnTimeout {
        /** It counts as open, this once. */
        PROCEED,
        /** The analysis has failed. */
        FAIL,
        /** It is not asked any more: people decide. */
        HOLD
    }

    /** The end of one that is closed since then. */
    public Instant end(Instant since) {
        return since.plus(timeout);
    }
}
