package dev.serinus.analysis.rollout.judge;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;

/**
 * What one check of a run came to, metric by metric, as people look it up.
 *
 * @param verdict over all of them
 */
public record JudgementSummary(Instant at, Verdict verdict, List<Metric> metrics) {

    /** The status of a Canary is no place for pages. */
    private static final int LONGEST = 200;

    /**
     * What one of them came to.
     *
     * @param value null where there was none
     * @param min null for no lower bound
     * @param max null for no upper bound
     * @param because why it is no pass; else empty
     */
    public record Metric(
            String name,
            @Nullable Double value,
            @Nullable Double min,
            @Nullable Double max,
            Verdict verdict,
            String because) {

        private Metric withoutValue() {
            return new Metric(name, null, min, max, verdict, because);
        }
    }

    public JudgementSummary {
        metrics = List.copyOf(metrics);
    }

    public static JudgementSummary of(Judge.Judgement judgement, Instant at) {
        return new JudgementSummary(
                at,
                judgement.verdict(),
                judgement.evidence().stream()
                        .map(
                                one ->
                                        new Metric(
                                                one.check(),
                                                one.value(),
                                                one.min(),
                                                one.max(),
                                                one.verdict(),
                                                brief(one.because())))
                        .toList());
    }

    /**
     * True where both came to the same, and the same metrics are no pass for the same reasons. One
     * that passed altogether finds nothing, as none does.
     */
    public static boolean findTheSame(
            @Nullable JudgementSummary one, @Nullable JudgementSummary other) {
        return verdict(one) == verdict(other) && shortcomings(one).equals(shortcomings(other));
    }

    private static Verdict verdict(@Nullable JudgementSummary summary) {
        return summary == null ? Verdict.PASS : summary.verdict();
    }

    private static List<Metric> shortcomings(@Nullable JudgementSummary summary) {
        return summary == null
                ? List.of()
                : summary.metrics().stream()
                        .filter(one -> one.verdict() != Verdict.PASS)
                        .map(Metric::withoutValue)
                        .toList();
    }

    private static String brief(String words) {
        return words.length() <= LONGEST ? words : words.substring(0, LONGEST - 1) + "…";
    }
}
