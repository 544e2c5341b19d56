package dev.serinus.analysis.rollout.judge;

import dev.serinus.analysis.rollout.judge.compare.Classification;
import dev.serinus.analysis.rollout.judge.compare.Compared;
import dev.serinus.analysis.rollout.judge.compare.Comparisons;
import dev.serinus.analysis.rollout.judge.compare.Counts;
import dev.serinus.analysis.rollout.judge.compare.Graded;
import dev.serinus.analysis.rollout.judge.compare.Method;
import dev.serinus.analysis.rollout.judge.compare.Samples;
import dev.serinus.analysis.rollout.judge.compare.Side;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One metric that was compared, and what follows from it.
 *
 * @param rule how it was to be compared
 * @param fails whatever no data means, since values of the canary are no numbers
 * @param decidedBy when there should be samples enough
 */
record ComparedMetric(
        Check check,
        ComparisonRule rule,
        Compared compared,
        boolean fails,
        Instant from,
        Instant to,
        Instant decidedBy,
        Sides sides) {

    /** Steps without a value after which a side counts as silent: what begins may be slow to. */
    private static final int SILENT_STEPS = 3;

    /** As many intervals as values have: that no harm shows in a moment's requests is no pass. */
    private static final int COUNTED_STEPS = 10;

    /** How late providers that are asked for the present tell of it. */
    private static final Duration LAG = Duration.ofMinutes(5);

    /** Times on their way to a provider and back are rounded. */
    private static final Duration ROUNDING = Duration.ofSeconds(1);

    /** Samples that evidence shows; of more the digest speaks. */
    private static final int MOST_SHOWN = 1_000;

    /**
     * Compares what was measured in the window that ends now.
     *
     * @param interval of the checks
     */
    static ComparedMetric of(
            Check check,
            ComparisonRule rule,
            Measurement one,
            @Nullable Collected collected,
            Duration interval,
            Instant at) {
        // Without a window it begins only now, and nothing is in it.
        Instant since = collected == null ? at : collected.since();
        var former = Optional.ofNullable(collected).flatMap(known -> known.former(one));
        Instant asked = former.map(Collected.Former::until).orElse(since);
        Instant from = rule.from(since, at);
        Instant first = since.plus(rule.step()).minus(ROUNDING);
        Sides all =
                collected == null
                        ? Sides.NONE
                        : collected.sides(one).from(first.isAfter(from) ? first : from);
        // Those that are no numbers are left out, and the sentence says how many.
        var compared =
                Comparisons.compare(
                        one.name(),
                        rule.how(),
                        side(rule, all.canary(), all.canaryRequests()),
                        rule.with(),
                        side(rule, all.other(), all.otherRequests()));
        Sides sides = all.numbers();
        long notNumbers =
                check.nan() == NotANumber.FAIL
                        ? all.notNumbers(
                                unheard(one, collected, at.minus(longer(rule.step(), interval)))
                                        .minus(all.late()))
                        : 0;
        boolean whole = one.sides() != null && one.sides().whole();
        Duration apart = whole ? longer(rule.step(), sides.apart()) : rule.apart(interval);
        Duration told = whole && one.sides() != null ? one.sides().late() : Duration.ZERO;
        Duration silence = apart.multipliedBy(SILENT_STEPS).plus(whole ? told : LAG);
        boolean early = at.isBefore(asked.plus(silence));
        var spoken = spoken(rule, one, compared, sides.heard().orElse(at), at.minus(silence));
        long samples = rule.counts() ? COUNTED_STEPS : rule.how().minimumSamples();
        boolean soon =
                rule.counts()
                        && rule.how().method() != Method.SEQUENTIAL
                        && at.isBefore(asked.plus(apart.multipliedBy(COUNTED_STEPS)).plus(told));
        var found =
                notNumbers > 0
                        ? as(
                                Classification.NODATA,
                                compared,
                                "%s has %d values of the canary that are NaN"
                                        .formatted(one.name(), notNumbers))
                        : begun(one.name(), spoken, early, soon);
        return new ComparedMetric(
                check,
                rule,
                former.map(it -> without(found, it)).orElse(found),
                notNumbers > 0,
                asked.isAfter(from) ? asked : from,
                at,
                asked.plus(apart.multipliedBy(Math.max(2, samples + 1))).plus(told),
                sides);
    }

    private static Compared without(Compared found, Collected.Former former) {
        return as(
                found.classification(),
                found,
                "%s; %d samples of a former query left out"
                        .formatted(found.because(), former.samples()));
    }

    /** Since when nothing was told yet: in the last interval, or longer where checks are late. */
    private static Instant unheard(
            Measurement one, @Nullable Collected collected, Instant lastInterval) {
        return Optional.ofNullable(collected)
                .flatMap(known -> known.told(one))
                .filter(until -> until.isBefore(lastInterval))
                .orElse(lastInterval);
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? other : one;
    }

    /** Harm that was shown stays; but no harm in what was said before is none in silence. */
    private static Compared spoken(
            ComparisonRule rule,
            Measurement one,
            Compared compared,
            Instant heard,
            Instant earliest) {
        if (compared.classification().harm()) {
            return compared;
        }
        if (heard.isBefore(earliest)) {
            return as(
                    Classification.NODATA,
                    compared,
                    "%s has no values of both sides since %s".formatted(one.name(), heard));
        }
        boolean quiet = one.outcome() == Measurement.Outcome.NO_DATA && !rule.counts();
        return quiet && compared.classification() == Classification.PASS
                ? as(
                        Classification.NODATA,
                        compared,
                        one.name() + " has no value of the canary at present")
                : compared;
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

    /**
     * A side that has not said anything yet may still do so, and harm may still show.
     *
     * @param early before a side counts as silent
     * @param soon before no harm among counted events is a pass
     */
    private static Compared begun(String metric, Compared compared, boolean early, boolean soon) {
        return switch (compared.classification()) {
            case NODATA ->
                    early
                            ? as(
                                    Classification.UNDECIDED,
                                    compared,
                                    metric + " has no samples of both sides yet")
                            : compared;
            case PASS ->
                    soon
                            ? as(
                                    Classification.UNDECIDED,
                                    compared,
                                    "%s is counted over %d intervals before no harm is a pass"
                                            .formatted(metric, COUNTED_STEPS))
                            : compared;
            case HIGH, LOW, UNDECIDED -> compared;
        };
    }

    private static Compared as(Classification what, Compared compared, String because) {
        return new Compared(
                what,
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
                because);
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
        return fails || rule.mustHaveData() || check.onNoData() == OnUnknown.FAIL;
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
        boolean holds =
                compared.classification() == Classification.NODATA
                        && !rule.critical()
                        && verdict() == Verdict.INCONCLUSIVE;
        return new Graded(
                check.name(),
                rule.group(),
                weight,
                rule.critical(),
                mustHaveData(),
                holds ? as(Classification.UNDECIDED, compared, compared.because()) : compared);
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
