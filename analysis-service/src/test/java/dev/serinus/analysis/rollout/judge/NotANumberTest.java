package dev.serinus.analysis.rollout.judge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.analysis.rollout.judge.Check.Range;
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
import java.util.Objects;
import java.util.stream.IntStream;

/** A provider says that a value is no number. */
class NotANumberTest {

    private static final Instant START = Instant.parse("2026-11-29T10:00:00Z");
    private static final Duration STEP = Duration.ofMinutes(1);
    private static final Judge.Subject SUBJECT =
            new Judge.Subject("cart.shop", "cart.shop", "istio");

    private static Check bounded(double min, OnUnknown onNoData, @Nullable NotANumber nan) {
        return new Check(
                "load", null, new Range(min, 50.0), onNoData, OnUnknown.FAIL, null, null, nan);
    }

    private static Check compared(@Nullable NotANumber nan, boolean counts) {
        var method = counts ? Method.PROPORTION : Method.MANN_WHITNEY;
        var rule =
                new ComparisonRule(
                        "primary",
                        new Comparison(Direction.EITHER, 0.1, 0, method, 0.01, counts ? 0 : 10),
                        STEP,
                        null,
                        false,
                        false,
                        "load",
                        counts);
        return new Check("load", null, null, OnUnknown.PASS, OnUnknown.FAIL, rule, null, nan);
    }

    /** The newest there is is no number; before there was this value, or none. */
    private static Measurement nan(@Nullable Double before) {
        return new Measurement(
                0,
                "load",
                Kind.TEMPLATE,
                before == null ? Outcome.NO_DATA : Outcome.VALUE,
                before,
                before == null ? "no values found" : "",
                null,
                true);
    }

    @ParameterizedTest
    @CsvSource({
        // Without a word for it it is no data, whatever that means; or the number before.
        "     ,     , FAIL, 0, FAIL, Halt advancement no values found for custom metric: load: no"
                + " values found",
        "     ,     , HOLD, 0, INCONCLUSIVE, Halt advancement no values found for custom metric:"
                + " load: no values found",
        "     ,     , PASS, 0, PASS, Halt advancement no values found for custom metric: load: no"
                + " values found",
        "     , 40  , FAIL, 0, PASS, ''",
        "     , 60  , PASS, 0, FAIL, Halt cart.shop advancement load 60.00 > 50",
        "ZERO ,     , FAIL, 0, PASS, ''",
        "ZERO ,     , PASS, 1, FAIL, Halt cart.shop advancement load 0.00 < 1",
        "ZERO , 60  , FAIL, 0, PASS, ''",
        "FAIL ,     , PASS, 0, FAIL, Halt cart.shop advancement load is NaN",
        "FAIL , 40  , HOLD, 0, FAIL, Halt cart.shop advancement load is NaN",
    })
    void aValueThatIsNoNumberMeansWhatTheCanarySays(
            @Nullable NotANumber meaning,
            @Nullable Double before,
            OnUnknown onNoData,
            double min,
            Verdict verdict,
            String because) {
        var judgement =
                Judge.judge(
                        SUBJECT, List.of(bounded(min, onNoData, meaning)), List.of(nan(before)));

        assertThat(judgement.verdict()).isEqualTo(verdict);
        assertThat(judgement.evidence().getFirst().because()).isEqualTo(because);
    }

    /** One sample a minute; NaN in place of the last so many, ended so many minutes ago. */
    private static List<Sample> minutes(double level, int notNumbers, int ago) {
        return IntStream.rangeClosed(1, 30)
                .mapToObj(
                        minute ->
                                new Sample(
                                        START.plus(STEP.multipliedBy(minute)),
                                        minute > 30 - ago - notNumbers && minute <= 30 - ago
                                                ? Double.NaN
                                                : level + minute % 7))
                .toList();
    }

    private static Judge.Judgement judged(Check check, Sides sides, @Nullable ScoreRule score) {
        var one = measured(sides);
        return Judge.judge(
                SUBJECT,
                new Judge.Rules(List.of(check), score, STEP, ""),
                List.of(one),
                Collected.from(START),
                START.plus(STEP.multipliedBy(30)));
    }

    private static Measurement measured(Sides sides) {
        return new Measurement(0, "load", Kind.INLINE, Outcome.VALUE, 1.0, "", sides);
    }

    private static Sides values(List<Sample> canary, List<Sample> primary) {
        return new Sides(canary, primary, List.of(), List.of(), true);
    }

    private static ComparisonEvidence comparison(Judge.Judgement judgement) {
        return Objects.requireNonNull(judgement.evidence().getFirst().comparison());
    }

    @Test
    void samplesThatAreNoNumbersAreLeftOutAndTheSentenceSaysHowMany() {
        var judgement =
                judged(
                        compared(null, false),
                        values(minutes(100, 12, 3), minutes(100, 0, 0)),
                        null);

        assertThat(judgement.verdict()).isEqualTo(Verdict.PASS);
        assertThat(comparison(judgement).canarySize()).isEqualTo(18);
        assertThat(comparison(judgement).because())
                .endsWith("12 that are no finite numbers were left out");
        assertThat(comparison(judgement).sides().canary())
                .hasSize(18)
                .noneMatch(sample -> Double.isNaN(sample.value()));
    }

    @Test
    void aSideThatSaysNothingButNaNAnyMoreIsSilent() {
        var silent =
                judged(
                        compared(null, false),
                        values(minutes(100, 12, 0), minutes(100, 0, 0)),
                        new ScoreRule(95, 75, Map.of()));

        assertThat(comparison(silent).because()).contains("no values of both sides since");
    }

    @Test
    void asZeroTheyAreComparedLikeAnyOther() {
        var judgement =
                judged(
                        compared(NotANumber.ZERO, false),
                        values(minutes(100, 22, 0), minutes(100, 0, 0)),
                        null);

        assertThat(judgement.verdict()).isEqualTo(Verdict.FAIL);
        assertThat(comparison(judgement).canarySize()).isEqualTo(30);
        assertThat(comparison(judgement).canaryMean()).isLessThan(50);
    }

    @ParameterizedTest
    @CsvSource({"0, FAIL", "1, PASS"})
    void whereTheyAreToFailACheckFailsInWhoseTimeTheCanaryHadOne(int ago, Verdict verdict) {
        var check = compared(NotANumber.FAIL, false);
        var ofCanary = values(minutes(100, 1, ago), minutes(100, 0, 0));
        var ofPrimary = values(minutes(100, 0, 0), minutes(100, 1, ago));

        assertThat(judged(check, ofCanary, null).verdict()).isEqualTo(verdict);
        assertThat(judged(check, ofCanary, new ScoreRule(95, 75, Map.of())).verdict())
                .isEqualTo(verdict);
        assertThat(judged(check, ofPrimary, null).verdict()).isEqualTo(Verdict.PASS);
    }

    /** A check may be late, or its answer have been on its way when a value came. */
    @ParameterizedTest
    @CsvSource({"25, FAIL", "27, PASS"})
    void oneThatCameBetweenTheAnswersOfTwoChecksFailsTheNext(int told, Verdict verdict) {
        var check = compared(NotANumber.FAIL, false);
        var before =
                measured(
                        values(
                                minutes(100, 0, 0).subList(0, told),
                                minutes(100, 0, 0).subList(0, told)));
        // The NaN is of minute 26.
        var now = measured(values(minutes(100, 1, 4), minutes(100, 0, 0)));

        var judgement =
                Judge.judge(
                        SUBJECT,
                        new Judge.Rules(List.of(check), null, STEP, ""),
                        List.of(now),
                        Collected.from(START).judged(List.of(check), List.of(before)),
                        START.plus(STEP.multipliedBy(30)));

        assertThat(judgement.verdict()).isEqualTo(verdict);
    }

    @Test
    void whatWasToldIsKeptOnlyWhereItIsToFail() {
        var one = measured(values(minutes(100, 1, 0), minutes(100, 0, 0)));

        assertThat(
                        Collected.from(START)
                                .judged(List.of(compared(NotANumber.FAIL, false)), List.of(one))
                                .told(one))
                .contains(START.plus(STEP.multipliedBy(30)));
        assertThat(
                        Collected.from(START)
                                .judged(List.of(compared(null, false)), List.of(one))
                                .told())
                .isEmpty();
    }

    @Test
    void eventsThatAreNoNumberFailTheirMetricToo() {
        var sides =
                new Sides(
                        minutes(0, 1, 0),
                        minutes(0, 0, 0),
                        minutes(1000, 0, 0),
                        minutes(1000, 0, 0),
                        true);

        assertThat(judged(compared(null, true), sides, null).verdict()).isEqualTo(Verdict.PASS);
        assertThat(judged(compared(NotANumber.FAIL, true), sides, null).verdict())
                .isEqualTo(Verdict.FAIL);
    }

    @Test
    void ofAProviderThatIsAskedAtChecksZeroIsKeptAndNaNIsNot() {
        var at = START.plus(STEP.multipliedBy(2));
        var now =
                new Sides(
                        List.of(new Sample(at, Double.NaN)),
                        List.of(new Sample(at, 7)),
                        List.of(),
                        List.of(),
                        false);
        var one = new Measurement(0, "load", Kind.TEMPLATE, Outcome.NO_DATA, null, "", now, true);

        assertThat(kept(compared(NotANumber.ZERO, false), one, at))
                .containsExactly(new Sample(at, 0));
        assertThat(kept(compared(null, false), one, at)).isEmpty();
    }

    private static List<Sample> kept(Check check, Measurement one, Instant at) {
        return Collected.from(START).with(List.of(check), List.of(one), at).series().stream()
                .flatMap(series -> series.sides().canary().stream())
                .toList();
    }
}
