package dev.serinus.analysis.rollout.judge;

import dev.serinus.analysis.rollout.judge.compare.Classification;
import dev.serinus.analysis.rollout.judge.compare.Compared;
import dev.serinus.analysis.rollout.judge.compare.Comparisons;
import dev.serinus.analysis.rollout.judge.compare.Counts;
import dev.serinus.analysis.rollout.judge.compare.Graded;
import dev.serinus.analysis.rollout.judge.compare.Samples;
import dev.serinus.analysis.rollout.judge.compare.Side;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;

/**
 * One metric that was compared, and what follows from it.
 *
 * @param rule how it was to be compared
 * @param decidedBy when there should be samples enough
 */
record ComparedMetric(
        Check check,
        ComparisonRule rule,
        Compared compared,
        Instant from,
        Instant to,
        Instant decidedBy,
        Sides sides) {

    /** Steps without a value after which a side counts as silent: what begins may be slow to. */
    private static final int SILENT_STEPS = 3;

    /** Samples that evidence shows; of more the digest speaks. */
    private static final int MOST_SHOWN = 1_000;

    /** Compares what was measured in the window that ends now. */
    static ComparedMetric of(
            Check check,
            ComparisonRule rule,
            Measurement one,
            @Nullable Collected collected,
            Instant at) {
        // Without a window it begins only now, and nothing is in it.
        Instant from = collected == null ? at : rule.from(collected.since(), at);
        Sides sides = collected == null ? Sides.NONE : collected.sides(one).from(from);
        var compared =
                Comparisons.compare(
                        one.name(),
                        rule.how(),
                        side(rule, sides.canary(), sides.canaryRequests()),
                        side(rule, sides.other(), sides.otherRequests()));
        boolean early = at.isBefore(from.plus(rule.step().multipliedBy(SILENT_STEPS)));
        return new ComparedMetric(
                check,
                rule,
                early ? begun(one.name(), compared) : compared,
                from,
                at,
                from.plus(rule.step().multipliedBy(Math.max(2, rule.how().minimumSamples() + 1L))),
                sides);
    }

    private static Side side(ComparisonRule rule, List<Sample> samples, List<Sample> requests) {
        return rule.counts()
                ? new Counts(sum(samples), sum(requests))
                : new Samples(samples.stream().map(Sample::value).toList());
    }

    /** Without a series of events there were none, which the requests beside them show. */
    private static double sum(List<Sample> samples) {
        return samples.stream().mapToDouble(Sample::value).filter(Double::isFinite).sum();
    }

    /** A side that has not said anything yet may still do so. */
    private static Compared begun(String metric, Compared compared) {
        return compared.classification() != Classification.NODATA
                ? compared
                : new Compared(
                        Classification.UNDECIDED,
                        compared.method(),
                        compared.canarySamples(),
                        compared.otherSamples(),
                        compared.canaryMean(),
                        compared.otherMean(),
                        compared.scale(),
                        compared.effect(),
                        compared.lower(),
                        compared.upper(),
                        compared.p(),
                        metric + " has no samples of both sides yet");
    }

    /** What it means where each comparison has to hold. */
    Verdict verdict() {
        return switch (compared.classification()) {
            case PASS -> Verdict.PASS;
            case HIGH, LOW -> Verdict.FAIL;
            case UNDECIDED -> Verdict.INCONCLUSIVE;
            case NODATA ->
                    mustHaveData()
                            ? Verdict.FAIL
                            : check.onNoData() == OnUnknown.HOLD
                                    ? Verdict.INCONCLUSIVE
                                    : Verdict.PASS;
        };
    }

    private boolean mustHaveData() {
        return rule.mustHaveData() || check.onNoData() == OnUnknown.FAIL;
    }

    boolean isUndecided() {
        return compared.classification() == Classification.UNDECIDED;
    }

    /**
     * Its part in a score.
     *
     * @param weight of it alone
     */
    Graded graded(double weight) {
        return new Graded(
                check.name(), rule.group(), weight, rule.critical(), mustHaveData(), compared);
    }

    ComparisonEvidence evidence() {
        return new ComparisonEvidence(
                rule.with(),
                compared.method().word(),
                compared.classification(),
                from,
                to,
                compared.canarySamples(),
                compared.otherSamples(),
                number(compared.canaryMean()),
                number(compared.otherMean()),
                number(compared.effect()),
                number(compared.lower()),
                number(compared.upper()),
                number(compared.p()),
                compared.because(),
                sides.digest(),
                sides.size() <= MOST_SHOWN ? sides : Sides.NONE);
    }

    private static @Nullable Double number(double value) {
        return Double.isFinite(value) ? value : null;
    }
}
