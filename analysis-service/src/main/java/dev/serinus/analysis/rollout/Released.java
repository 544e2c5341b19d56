package dev.serinus.analysis.rollout;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/**
 * What was promoted last, in the words of all regions.
 *
 * @param release as {@link Workload#release} has it
 * @param at when
 */
public record Released(String release, Instant at) {

    /**
     * What a target shows of which this revision is promoted now; null where nobody said what it is
     * of, and where it shows another one by now.
     */
    static @Nullable Released of(@Nullable Workload target, String revision, Instant at) {
        return target == null || target.released().isEmpty() || !target.revision().equals(revision)
                ? null
                : new Released(target.released(), at);
    }
}
