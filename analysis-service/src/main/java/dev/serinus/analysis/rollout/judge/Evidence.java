package dev.serinus.analysis.rollout.judge;

import dev.serinus.schemas.hook.TestReport;

import org.jspecify.annotations.Nullable;

/**
 * One check and its verdict.
 *
 * @param because why it is no pass, why it was not compared, or what is to be known of the value;
 *     else empty
 * @param comparison null where it was not compared
 * @param counts what was counted of the metric in the run, with this check; null where it has no
 *     limits
 * @param report what a webhook said of the test that it ran; null where it said nothing
 */
public record Evidence(
        String check,
        @Nullable Double value,
        @Nullable Double min,
        @Nullable Double max,
        Verdict verdict,
        String because,
        @Nullable ComparisonEvidence comparison,
        @Nullable MetricCounts counts,
        @Nullable TestReport report) {

    /** Of a check of which nothing was counted. */
    public Evidence(
            String check,
            @Nullable Double value,
            @Nullable Double min,
            @Nullable Double max,
            Verdict verdict,
            String because,
            @Nullable ComparisonEvidence comparison) {
        this(check, value, min, max, verdict, because, comparison, null, null);
    }

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

    /** Of a webhook, with what it said of its test. It has no value: what it found has units. */
    public static Evidence of(
            String webhook, Verdict verdict, String because, @Nullable TestReport report) {
        return new Evidence(webhook, null, null, null, verdict, because, null, null, report);
    }

    Evidence withoutSamples() {
        return comparison == null
                ? this
                : new Evidence(
                        check,
                        value,
                        min,
                        max,
                        verdict,
                        because,
                        comparison.withoutSamples(),
                        counts,
                        report);
    }

    /** The same with what was counted, where anything was. */
    public Evidence counted(@Nullable Counted counted) {
        var ofThis = counted == null ? null : counted.of(check).orElse(null);
        return new Evidence(check, value, min, max, verdict, because, comparison, ofThis, report);
    }
}
