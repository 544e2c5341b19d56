package dev.serinus.schemas.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.serinus.schemas.canary.CanaryReader;
import dev.serinus.schemas.canary.Installation;
import dev.serinus.schemas.canary.Manifests;
import dev.serinus.schemas.events.MetricLimits;
import dev.serinus.schemas.events.MetricSpec;
import dev.serinus.schemas.events.NotANumber;
import dev.serinus.schemas.events.Problem;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Arrays;
import java.util.List;

/** Limits of a metric beside the threshold, and what NaN means to it. */
class LimitRulesTest {

    private static final String METRIC = "spec.analysis.metrics[0]";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    3 | failureLimit: -1                                  | .failureLimit        | leave it out for no limit
                    3 | failureLimit: 3                                   | .failureLimit        | at 3 failed checks, before 4 failures
                    0 | failureLimit: 1                                   | .failureLimit        | at 1 failed checks, before 2 failures
                    3 | consecutiveFailures: 0                            | .consecutiveFailures | 1 or more
                    3 | consecutiveFailures: 4                            | .consecutiveFailures | at 3 failed checks, before 4 failures
                    3 | inconclusiveLimit: -1, onNoData: hold             | .inconclusiveLimit   | 0 or more
                    3 | inconclusiveLimit: 2                              | .inconclusiveLimit   | always passes or fails
                    3 | inconclusiveLimit: 2, onNoData: pass              | .inconclusiveLimit   | always passes or fails
                    """)
    void refusesALimitThatMeansNothing(int threshold, String limit, String path, String message) {
        var problems = problems(threshold, "{name: load, query: q, %s}".formatted(limit));

        assertThat(problems).extracting(Problem::getPath).containsExactly(METRIC + path);
        assertThat(problems.getFirst().getMessage()).contains(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    3 | failureLimit: 2
                    1 | failureLimit: 0
                    3 | consecutiveFailures: 3
                    3 | inconclusiveLimit: 0, onNoData: hold
                    3 | inconclusiveLimit: 7, onProviderError: hold
                    3 | inconclusiveLimit: 7, compare: {}
                    """)
    void admitsALimitThatMayBeReached(int threshold, String limit) {
        assertThat(problems(threshold, "{name: load, templateRef: {name: t}, %s}".formatted(limit)))
                .isEmpty();
    }

    @Test
    void whatTheAnalysisSaysOfUnknownsCountsWhereTheMetricSaysNothing() {
        var limited = "{name: load, query: q, inconclusiveLimit: 1%s}";

        assertThat(problems("onNoData: hold, threshold: 3", limited.formatted(""))).isEmpty();
        assertThat(problems("onNoData: hold, threshold: 3", limited.formatted(", onNoData: fail")))
                .extracting(Problem::getPath)
                .containsExactly(METRIC + ".inconclusiveLimit");
    }

    @Test
    void whereAScoreDecidesAComparisonIsNeverInconclusiveByItself() {
        assertThat(
                        problems(
                                "threshold: 3, score: {}",
                                "{name: load, templateRef: {name: t}, compare: {},"
                                        + " inconclusiveLimit: 1}"))
                .extracting(Problem::getPath)
                .containsExactly(METRIC + ".inconclusiveLimit");
    }

    @Test
    void aNameThatTwoMetricsHaveIsRefusedSinceLimitsCountByName() {
        var problems =
                problems(3, "{name: load, query: q, failureLimit: 1}, {name: load, query: p}");

        assertThat(problems).extracting(Problem::getPath).containsExactly(METRIC + ".name");
        assertThat(problems.getFirst().getMessage()).contains("2 metrics");
    }

    @ParameterizedTest
    @CsvSource({"ignore,", "'',", "zero, ZERO", "fail, FAIL"})
    void whatNaNMeansReachesTheAnalysisUnlessItIsNoData(String word, @Nullable NotANumber meaning) {
        var admission =
                admission("threshold: 1", "{name: load, query: q, nan: '%s'}".formatted(word));

        assertThat(admission)
                .asInstanceOf(type(Admission.Admitted.class))
                .extracting(it -> it.spec().getMetrics().getFirst().getNan())
                .isEqualTo(meaning);
    }

    @Test
    void anotherWordForNaNIsRefused() {
        var problems = problems(1, "{name: load, query: q, nan: remove}");

        assertThat(problems).extracting(Problem::getPath).containsExactly(METRIC + ".nan");
        assertThat(problems.getFirst().getMessage()).contains("fail, ignore, zero");
    }

    @Test
    void admittedLimitsReachTheAnalysisAndWithoutAnyThereAreNone() {
        var admission =
                admission(
                        "threshold: 5, onNoData: hold",
                        "{name: load, query: q, failureLimit: 2, consecutiveFailures: 3,"
                                + " inconclusiveLimit: 4}, {name: rest, query: q}");

        assertThat(admission)
                .asInstanceOf(type(Admission.Admitted.class))
                .extracting(
                        it -> it.spec().getMetrics().stream().map(MetricSpec::getLimits).toList())
                .isEqualTo(Arrays.asList(new MetricLimits(2, 3, 4), null));
    }

    private static List<Problem> problems(int threshold, String metrics) {
        return problems("threshold: " + threshold, metrics);
    }

    private static List<Problem> problems(String analysis, String metrics) {
        return admission(analysis, metrics) instanceof Admission.Refused(var problems)
                ? problems
                : List.of();
    }

    private static Admission admission(String analysis, String metrics) {
        var changes = "analysis: {%s, metrics: [%s]}".formatted(analysis, metrics);
        return Admissions.admit(
                CanaryReader.read(Manifests.canary(changes)).resource(),
                Installation.named("eu-1"));
    }
}
