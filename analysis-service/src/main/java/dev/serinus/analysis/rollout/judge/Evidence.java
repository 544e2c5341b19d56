package dev.serinus.analysis.rollout.judge;

import org.jspecify.annotations.Nullable;

/**
 * One check and its verdict.
 *
 * @param because why it is no pass, or why it was not compared; else empty
 * @param comparison null where it was not compared
 */
public record Evidence(
        String check,
        @Nullable Double value,
        @Nullable Double min,
        @Nullable Double max,
        Verdict verdict,
        String because,
        @Nullable ComparisonEvidence comparison) {

    /** Of a check that was not compared. */
    public Evidence(
            String check,
            @Nullable Double value,
            @Nullable Double min,
            @Nullable Double max,
            Verdict verdict,
            String because) {
        this(check, value, min, max, verdict, because, null);
    }

    Evidence withoutSamples() {
        return comparison == null
                ? this
                : new Evidence(
                        check, value, min, max, verdict, because, comparison.withoutSamples());
    }
}
