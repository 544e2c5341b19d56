package dev.serinus.analysis.rollout.judge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.analysis.rollout.judge.Measurement.Kind;
import dev.serinus.analysis.rollout.judge.Measurement.Outcome;
import dev.serinus.analysis.rollout.judge.compare.Comparison;
import dev.serinus.analysis.rollout.judge.compare.Direction;
import dev.serinus.analysis.rollout.judge.compare.Method;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** A side that was heard and is silent now. */
class SilentSideTest {

    private static final Instant START = Instant.parse("2026-11-22T10:00:00Z");
    private static final Duration STEP = Duration.ofMinutes(1);
    private static final Judge.Subject SUBJECT =
            new Judge.Subject("cart.shop", "cart.shop", "istio");

    private static Check check(OnUnknown onNoData, boolean counts) {
        var method = counts ? Method.PROPORTION : Method.MANN_WHITNEY;
        return new Check(
                "load",
                null,
                null,
                onNoData,
                OnUnknown.FAIL,
                new ComparisonRule(
                        "primary",
                        new Comparison(Direction.INCREASE, 0.1, 0, method, 0.01, counts ? 0 : 10),
                        STEP,
                        null,
                        false,
                        false,
                        "load",
                        counts));
    }

    private static List<Sample> minutes(int last, double level) {
        return IntStream.rangeClosed(1, last)
                .mapToObj(
                        minute ->
                                new Sample(
                                        START.plus(STEP.multipliedBy(minute)), level + minute % 7))
                .toList();
    }

    private static Judge.Judgement judged(
            Check check, @Nullable Double value, Sides sides, @Nullable ScoreRule score) {
        var one =
                new Measurement(
                        0,
                        "load",
                        Kind.INLINE,
                        value == null ? Outcome.NO_DATA : Outcome.VALUE,
                        value,
                        "no values found",
                        sides);
        return Judge.judge(
                SUBJECT,
                new Judge.Rules(List.of(check), score, STEP, ""),
                List.of(one),
                Collected.from(START),
                START.plus(STEP.multipliedBy(60)));
    }

    private static Sides values(int canary, int other) {
        return new Sides(minutes(canary, 100), minutes(other, 100), List.of(), List.of(), true);
    }

    @ParameterizedTest
    @CsvSource({
        "10, 60, FAIL, FAIL",
        "60, 10, FAIL, FAIL",
        "10, 60, HOLD, INCONCLUSIVE",
        "10, 60, PASS, PASS",
        "58, 60, FAIL, PASS"
    })
    void whatItSaidBeforeIsNoPass(int canary, int other, OnUnknown onNoData, Verdict verdict) {
        var judgement = judged(check(onNoData, false), 1.0, values(canary, other), null);

        assertThat(judgement.verdict()).isEqualTo(verdict);
        assertThat(judgement.words().contains("no values of both sides since"))
                .isEqualTo(verdict != Verdict.PASS);
    }

    /** A service that collects by itself passes on in minutes. */
    @ParameterizedTest
    @CsvSource({"54, PASS", "50, FAIL"})
    void whatIsToldLateIsNoSilence(int canary, Verdict verdict) {
        var late =
                new Sides(
                        minutes(canary, 100),
                        minutes(60, 100),
                        List.of(),
                        List.of(),
                        true,
                        Duration.ofMinutes(5));

        assertThat(judged(check(OnUnknown.FAIL, false), 1.0, late, null).verdict())
                .isEqualTo(verdict);
    }

    /** Ten samples and what lies before the first are not there before they can be told. */
    @ParameterizedTest
    @CsvSource({"false, 11", "true, 16"})
    void samplesThatAreToldLateAreWaitedForSoMuchLonger(boolean late, long minutes) {
        var told =
                new Sides(
                        minutes(5, 100),
                        minutes(5, 100),
                        List.of(),
                        List.of(),
                        true,
                        late ? Duration.ofMinutes(5) : Duration.ZERO);
        var one = new Measurement(0, "load", Kind.INLINE, Outcome.VALUE, 1.0, "", told);
        var judgement =
                Judge.judge(
                        SUBJECT,
                        new Judge.Rules(List.of(check(OnUnknown.FAIL, false)), null, STEP, ""),
                        List.of(one),
                        Collected.from(START),
                        START.plus(STEP.multipliedBy(6)));

        assertThat(judgement.verdict()).isEqualTo(Verdict.INCONCLUSIVE);
        assertThat(judgement.decidedBy()).isEqualTo(START.plus(STEP.multipliedBy(minutes)));
    }

    /** No harm in the events of five intervals is no pass, be it ten minutes since the begin. */
    @ParameterizedTest
    @CsvSource({"10, false, PASS", "10, true, INCONCLUSIVE", "15, true, PASS"})
    void eventsThatAreToldLateAreCountedOverAsManyIntervals(
            int minute, boolean late, Verdict verdict) {
        int known = late ? minute - 5 : minute;
        var told =
                new Sides(
                        List.of(),
                        List.of(),
                        minutes(known, 1000),
                        minutes(known, 1000),
                        true,
                        late ? Duration.ofMinutes(5) : Duration.ZERO);
        var one = new Measurement(0, "load", Kind.INLINE, Outcome.VALUE, 0.0, "", told);
        var judgement =
                Judge.judge(
                        SUBJECT,
                        new Judge.Rules(List.of(check(OnUnknown.FAIL, true)), null, STEP, ""),
                        List.of(one),
                        Collected.from(START),
                        START.plus(STEP.multipliedBy(minute)));

        assertThat(judgement.verdict()).isEqualTo(verdict);
    }

    @Test
    void noValueAtPresentIsNoPassThoughThereWereSamplesEnough() {
        assertThat(judged(check(OnUnknown.FAIL, false), null, values(60, 60), null).verdict())
                .isEqualTo(Verdict.FAIL);
    }

    @Test
    void eventsThatDoNotHappenAreNoSilenceWhileThereAreRequests() {
        var none = new Sides(List.of(), List.of(), minutes(60, 100), minutes(60, 100), true);
        var gone = new Sides(List.of(), List.of(), minutes(10, 100), minutes(60, 100), true);

        assertThat(judged(check(OnUnknown.FAIL, true), null, none, null).verdict())
                .isEqualTo(Verdict.PASS);
        assertThat(judged(check(OnUnknown.FAIL, true), null, gone, null).verdict())
                .isEqualTo(Verdict.FAIL);
    }

    @Test
    void toHoldForASilentSideHoldsTheScoreAsWell() {
        var judgement =
                judged(
                        check(OnUnknown.HOLD, false),
                        1.0,
                        values(10, 60),
                        new ScoreRule(95, 0, Map.of()));

        assertThat(judgement.verdict()).isEqualTo(Verdict.INCONCLUSIVE);
    }

    @Test
    void samplesOfAProviderAskedAtChecksAreWaitedForByTheirDistance() {
        var of =
                new Sides(
                        List.of(new Sample(START.plus(STEP.multipliedBy(60)), 1)),
                        List.of(new Sample(START.plus(STEP.multipliedBy(60)), 1)),
                        List.of(),
                        List.of(),
                        false);
        var one = new Measurement(0, "load", Kind.TEMPLATE, Outcome.VALUE, 1.0, "", of);
        var at = START.plus(STEP.multipliedBy(60));
        var checks = List.of(check(OnUnknown.FAIL, false));
        var judgement =
                Judge.judge(
                        SUBJECT,
                        new Judge.Rules(checks, null, Duration.ofMinutes(5), ""),
                        List.of(one),
                        Collected.from(START).with(checks, List.of(one), at),
                        at);

        assertThat(judgement.verdict()).isEqualTo(Verdict.INCONCLUSIVE);
        assertThat(judgement.decidedBy()).isEqualTo(START.plus(Duration.ofMinutes(55)));
    }
}
