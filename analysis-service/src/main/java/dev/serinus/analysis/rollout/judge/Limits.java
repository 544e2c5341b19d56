package dev.serinus.analysis.rollout.judge;

import org.jspecify.annotations.Nullable;

/**
 * How often one metric may fail or say nothing in a run, beside the threshold of all checks; null
 * for no bound.
 *
 * @param failures failed measurements that are tolerated: one more ends the run
 * @param consecutiveFailures failed measurements in a row that end the run
 * @param inconclusive measurements without a verdict that are tolerated: with one more the run
 *     holds for people
 */
public record Limits(
        @Nullable Integer failures,
        @Nullable Integer consecutiveFailures,
        @Nullable Integer inconclusive) {}
