package dev.serinus.analysis.journal;

import dev.serinus.analysis.rollout.Rollout;
import dev.serinus.schemas.topic.CanaryKey;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * What is kept of a canary between decisions.
 *
 * @param number of inputs taken so far
 * @param at the time of the last decision
 */
public record StoredRollout(long number, Instant at, Rollout rollout) {

    /** Of a canary nobody has heard of. */
    public static StoredRollout nothing(CanaryKey canary) {
        return new StoredRollout(0, Instant.EPOCH, Rollout.of(canary));
    }

    /**
     * The time of the next decision: now, but never before the last one, whatever the clock of the
     * machine that decides now says. In whole milliseconds, as the journal keeps it.
     */
    Instant stamp(Instant now) {
        Instant millis = now.truncatedTo(ChronoUnit.MILLIS);
        return millis.isBefore(at) ? at : millis;
    }

    /** False while nothing is known of the canary: there is nothing to keep. */
    public boolean isKnown() {
        return !rollout.uid().isEmpty();
    }
}
