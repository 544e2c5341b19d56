package dev.serinus.analysis.rollout.judge;

import org.jspecify.annotations.Nullable;

/**
 * One check and its verdict.
 *
 * @param because why it is no pass; empty when it is
 */
public record Evidence(
        String check,
        @Nullable Double value,
        @Nullable Double min,
        @Nullable Double max,
        Verdict verdict,
        String because) {}
