package dev.serinus.analysis.rollout;

import java.util.Comparator;

/**
 * One step of one rollout: names the question an effect asks and the answer an event brings.
 * Ordered in time.
 */
public record StepId(String uid, long run, long step, int attempt) implements Comparable<StepId> {

    @Override
    public int compareTo(StepId other) {
        return Comparator.comparingLong(StepId::run)
                .thenComparingLong(StepId::step)
                .thenComparingInt(StepId::attempt)
                .compare(this, other);
    }

    /** As logs show it. */
    @Override
    public String toString() {
        return run + "." + step + "." + attempt;
    }
}
