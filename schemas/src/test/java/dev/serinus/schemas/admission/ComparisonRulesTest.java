package dev.serinus.schemas.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.InstanceOfAssertFactories.type;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import dev.serinus.schemas.canary.CanaryReader;
import dev.serinus.schemas.canary.Installation;
import dev.serinus.schemas.canary.Manifests;
import dev.serinus.schemas.events.CompareDirection;
import dev.serinus.schemas.events.CompareJudge;
import dev.serinus.schemas.events.Problem;
import dev.serinus.schemas.events.RolloutSpec;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

class ComparisonRulesTest {

    private static final Installation ISTIO = Installation.named("eu-1");
    private static final String METRIC = "spec.analysis.metrics[0]";

    static Stream<Arguments> refused() {
        return Stream.of(
                row(
                        "an unknown side",
                        ".compare.with",
                        "{with: stable}",
                        "one of baseline, primary"),
                row(
                        "an unknown direction",
                        ".compare.direction",
                        "{direction: up}",
                        "one of decrease, either, increase"),
                row(
                        "an unknown judge",
                        ".compare.judge",
                        "{judge: t-test}",
                        "one of mann-whitney, proportion, ranks-and-means, ratio, sequential"),
                row("no number", ".compare.tolerance", "{tolerance: little}", "10% or 0.1"),
                row("a number below 0", ".compare.tolerance", "{tolerance: -5%}", "0 to 10000%"),
                row("all there is", ".compare.tolerance", "{tolerance: 1e300%}", "0 to 10000%"),
                row("no share", ".compare.tolerance", "{tolerance: [1]}", "10% or 0.1"),
                row(
                        "percents without their sign",
                        ".compare.tolerance",
                        "{tolerance: 10}",
                        "10% or 0.1"),
                row(
                        "a fall to nothing",
                        ".compare.tolerance",
                        "{tolerance: 100%, direction: decrease}",
                        "below 100%"),
                row(
                        "a window in which no harm can be shown",
                        ".compare.window",
                        "{minSamples: 3, window: 3m}",
                        "too few to show harm at level 0.0025"),
                row(
                        "a window in which no harm can be shown by rank",
                        ".compare.window",
                        "{judge: mann-whitney, minSamples: 3, window: 3m}",
                        "too few to show harm at level 0.005"),
                row("a floor below 0", ".compare.floor", "{floor: -1}", "0 or more"),
                row("always wrong", ".compare.alpha", "{alpha: 0.5}", "below 0.5"),
                row("one sample", ".compare.minSamples", "{minSamples: 1}", "2 to 1000"),
                row("a window of nothing", ".compare.window", "{window: 0s}", "above 0"),
                row(
                        "a window that ends before there are enough samples",
                        ".compare.window",
                        "{window: 5m}",
                        "too short for 10 samples, one for each interval: it takes 10m0s"),
                row(
                        "more requests than anybody has",
                        ".compare.minSamples",
                        "{minSamples: 2000000, requests: {templateRef: {name: r}}}",
                        "1000000 requests"),
                row(
                        "events without requests",
                        ".compare.requests",
                        "{judge: proportion}",
                        "is required"),
                row(
                        "requests of values",
                        ".compare.requests",
                        "{judge: ratio, requests: {query: 'x{a=\"{{ target }}\"}'}}",
                        "ratio compares values"),
                row("requests by nothing", ".compare.requests", "{requests: {}}", "needs one of"),
                row(
                        "the same requests of both sides",
                        ".compare.requests.query",
                        "{requests: {query: 'sum(requests)'}}",
                        "name {{ target }}"),
                row(
                        "requests of a template that lies elsewhere",
                        ".compare.requests.templateRef.name",
                        "{requests: {templateRef: {name: ../x}}}",
                        ""),
                row(
                        "a group without a score",
                        ".compare.group",
                        "{group: latency}",
                        "without spec.analysis.score"),
                row(
                        "critical without a score",
                        ".compare.critical",
                        "{critical: true}",
                        "without spec.analysis.score"));
    }

    private static void assertTold(List<Problem> problems, boolean refused, String path) {
        assertThat(problems)
                .extracting(Problem::getPath)
                .isEqualTo(refused ? List.of(path) : List.of());
    }

    @ParameterizedTest
    @MethodSource("refused")
    void refusesAComparisonWithThePathOfTheMistake(String path, String compare, String message) {
        var problems = problems("analysis: {metrics: [{name: load, compare: " + compare + "}]}");

        assertThat(problems).extracting(Problem::getPath).containsExactly(METRIC + path);
        assertThat(problems.getFirst().getMessage()).contains(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {score: {}}                                            | spec.analysis.score               | nothing would be scored
                    {score: {pass: 101}, metrics: [M]}                     | spec.analysis.score.pass          | at most 100
                    {score: {pass: 50, marginal: 60}, metrics: [M]}        | spec.analysis.score.marginal      | above pass, which is 50
                    {score: {marginal: -1}, metrics: [M]}                  | spec.analysis.score.marginal      | 0 to 100
                    {score: {groups: {load: -1, b: 1}}, metrics: [M, B]}   | spec.analysis.score.groups.load   | a weight
                    {score: {groups: {load: 0}}, metrics: [M]}             | spec.analysis.score.groups        | above 0
                    {score: {groups: {load: 1, c: 1}}, metrics: [M]}       | spec.analysis.score.groups.c      | no metric
                    {score: {groups: {load: 1}}, metrics: [M, B]}          | spec.analysis.metrics[1].compare.group | has load
                    """)
    void refusesAScoreThatMeansNothing(String analysis, String path, String message) {
        var problems =
                problems(
                        "analysis: "
                                + analysis.replace("M", "{name: load, compare: {}}")
                                        .replace("B", "{name: x, compare: {group: b}}"));

        assertThat(problems).extracting(Problem::getPath).contains(path);
        assertThat(problems).anySatisfy(it -> assertThat(it.getMessage()).contains(message));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sum(rate(errors[1m]))",
                "errors{pod=~\"{{ service }}.*\"}",
                "errors{a=\"{{ variables.target }}\"}",
                "errors{a=\"{{ .variables.target }}\"}",
                "errors{target=\"a\"}"
            })
    void oneQuestionForBothSidesIsRefusedWhereTheQueryIsKnown(String query) {
        var problems =
                problems("analysis: {metrics: [{name: a, query: '" + query + "', compare: {}}]}");

        assertThat(problems).extracting(Problem::getPath).containsExactly(METRIC + ".query");
        assertThat(problems.getFirst().getMessage()).contains("{{ target }}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "e{a=\"{{ target }}\"}",
                "e{a=\"{{target}}-x\"}",
                "e{a=\"{{- target -}}\"}",
                "e{a=\"{{ printf \"%s-x\" target }}\"}"
            })
    void aQueryThatNamesTheTargetIsAdmitted(String query) {
        assertThat(ComparisonRules.namesTarget(query)).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    Deployment | e{pod=~"{{ target }}-.*"}                                       | true
                    Deployment | e{workload=~"{{ target }}.*"}                                   | true
                    Deployment | sum(rate(e{pod=~"({{target}}-.+)"}[1m]))                      | true
                    Deployment | e{pod=~"{{ target }}-.*"}/r{pod=~"{{ target }}-.*",pod!~"{{ target }}-primary-.*"} | true
                    Deployment | e{pod=~"{{ target }}-.*",pod!~"{{ target }}-primary-.*"}        | false
                    Deployment | e{pod=~"{{ target }}-[0-9a-z]+-[0-9a-z]+"}                      | false
                    Deployment | e{workload="{{ target }}",code=~"[^5].*",path=~"[^/]*"}         | false
                    Deployment | e{pod=~"{{ target }}-.*",pod!~".*-primary-.*"}                  | true
                    Deployment | e{pod=~"{{ target }}-[0-9a-zA-Z]+(-[0-9a-zA-Z]+)"}              | false
                    Deployment | e{deployment="{{ target }}"}                                    | false
                    Deployment | e{pod=~"{{ target }}-(a+)+(a+)+(a+)+b"}                         | false
                    Deployment | e{pod=~"{{ target }}-[", x="{{ target }}"}                      | false
                    DaemonSet  | e{pod=~"{{ target }}-[0-9a-z]+"}                                | false
                    DaemonSet  | e{pod=~"{{ target }}-[0-9a-z]+-[0-9a-z]+"}                      | true
                    """)
    void aQueryThatMeasuresThePrimaryAsTheCanaryIsRefused(
            String kind, String query, boolean refused) {
        var problems =
                problems(
                        "{targetRef: {apiVersion: apps/v1, kind: %s}, analysis: {metrics: [{name: a, query: '%s', compare: {}}]}}"
                                .formatted(kind, query));

        assertTold(problems, refused, METRIC + ".query");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    1m | [5m]             | true
                    1m | [1m30s:10s]      | true
                    5m | [5m]             | false
                    1m | [{{ interval }}] | false
                    """)
    void aQueryThatLooksBackFurtherThanItsSamplesAreApartIsRefused(
            String interval, String range, boolean refused) {
        var problems =
                problems(
                        "analysis: {metrics: [{name: a, interval: %s, query: 'rate(e{a=\"{{ target }}\"}%s)', compare: {}}]}"
                                .formatted(interval, range));

        assertTold(problems, refused, METRIC + ".query");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    stepWeight: 100                     | true
                    stepWeight: 50                      | false
                    {stepWeight: 0, stepWeights: [100]}     | true
                    {stepWeight: 0, stepWeights: [10, 100]} | false
                    {stepWeight: 100, mirror: true}     | false
                    """)
    void aFirstStepToAllTrafficLeavesNobodyToCompareWith(String plan, boolean refused) {
        var steps = plan.replace("{", "").replace("}", "");
        var problems =
                problems(
                        "analysis: {maxWeight: 100, %s, metrics: [{name: load, compare: {}}]}"
                                .formatted(steps));

        assertThat(problems)
                .extracting(Problem::getPath)
                .isEqualTo(refused ? List.of(METRIC + ".compare") : List.of());
    }

    @Test
    void moreSamplesThanAreKeptBesideAllOthersAreRefused() {
        var many =
                "{name: load, templateRef: {name: t}, compare: {judge: sequential}}, ".repeat(34);

        assertThat(problems("analysis: {metrics: [" + many + "]}"))
                .hasSize(34)
                .allSatisfy(it -> assertThat(it.getMessage()).contains("29 of each are kept"));
        assertThat(problems("analysis: {metrics: [" + many.substring(0, many.length() / 2) + "]}"))
                .isEmpty();
    }

    @Test
    void aWindowIsToHoldTheSamplesOfChecksWhereAProviderMayKnowOnlyThePresent() {
        var problems =
                problems(
                        "analysis: {interval: 5m, metrics: [{name: load, templateRef: {name: t},"
                                + " compare: {window: 30m}}]}");

        assertThat(problems)
                .extracting(Problem::getPath)
                .containsExactly(METRIC + ".compare.window");
        assertThat(problems.getFirst().getMessage()).contains("it takes 50m0s");
    }

    @Test
    void aBuiltInQueryThatDoesNotNameTheWorkloadIsRefusedWithItsProvider() {
        var problems =
                problems(
                        "{provider: nginx, ingressRef: {apiVersion: networking.k8s.io/v1, kind:"
                                + " Ingress, name: shop}, analysis: {metrics: [{name:"
                                + " request-duration, compare: {}}]}}");

        assertThat(problems).extracting(Problem::getPath).containsExactly(METRIC + ".compare");
        assertThat(problems.getFirst().getMessage()).contains("provider nginx");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {targetRef: {apiVersion: v1, kind: Service}, | of a Service
                    {provider: knative, targetRef: {apiVersion: serving.knative.dev/v1, kind: Service}, | revisions
                    """)
    void aTargetWithoutAPrimaryWorkloadIsRefusedWithTheReason(String changes, String reason) {
        var problems = problems(changes + " analysis: {metrics: [{name: load, compare: {}}]}}");

        assertThat(problems).extracting(Problem::getPath).containsExactly(METRIC + ".compare");
        assertThat(problems.getFirst().getMessage()).contains(reason);
    }

    @Test
    void everyMistakeIsToldAtOnce() {
        var problems =
                problems(
                        """
                        analysis:
                          score: {pass: 200}
                          metrics:
                          - {name: load, interval: often, compare: {judge: x, direction: y, tolerance: z}}
                        """);

        assertThat(problems)
                .extracting(Problem::getPath)
                .containsExactlyInAnyOrder(
                        METRIC + ".compare.judge",
                        METRIC + ".compare.direction",
                        METRIC + ".compare.tolerance",
                        METRIC + ".interval",
                        "spec.analysis.score.pass");
    }

    @Test
    void defaultsAreFilledIn() {
        var spec =
                admit(
                        """
                        analysis:
                          mirror: true
                          score: {}
                          metrics:
                          - {name: request-duration, compare: {}}
                          - {name: request-success-rate, interval: 30s, compare: {}}
                          - {name: load, compare: {tolerance: 0.25, window: 30m, alpha: 0.02}}
                          - {name: errors, compare: {tolerance: 50 %, requests: {templateRef: {name: requests}}}}
                          - {name: other}
                        """);

        var duration = spec.getMetrics().getFirst().getCompare();
        assertThat(duration.getWith()).isEqualTo("primary");
        assertThat(duration.getDirection()).isEqualTo(CompareDirection.INCREASE);
        assertThat(duration.getJudge()).isEqualTo(CompareJudge.RANKS_AND_MEANS);
        assertThat(duration.getTolerance()).isEqualTo(0.1);
        assertThat(duration.getAlpha()).isCloseTo(0.0025, within(1e-12));
        assertThat(duration.getStepMillis()).isEqualTo(60_000);
        assertThat(duration.getMinimumSamples()).isEqualTo(10);
        assertThat(duration.getGroup()).isEqualTo("request-duration");
        var rate = spec.getMetrics().get(1).getCompare();
        assertThat(rate.getDirection()).isEqualTo(CompareDirection.DECREASE);
        assertThat(rate.getTolerance()).isEqualTo(0.01);
        assertThat(rate.getStepMillis()).isEqualTo(30_000);
        var load = spec.getMetrics().get(2).getCompare();
        assertThat(load.getDirection()).isEqualTo(CompareDirection.EITHER);
        assertThat(load.getTolerance()).isEqualTo(0.25);
        assertThat(load.getWindowMillis()).isEqualTo(1_800_000);
        assertThat(load.getAlpha()).isEqualTo(0.02);
        var errors = spec.getMetrics().get(3).getCompare();
        assertThat(errors.getJudge()).isEqualTo(CompareJudge.PROPORTION);
        assertThat(errors.getDirection()).isEqualTo(CompareDirection.INCREASE);
        assertThat(errors.getTolerance()).isEqualTo(0.5);
        assertThat(errors.getCounts()).isTrue();
        assertThat(spec.getMetrics().get(4).getCompare()).isNull();
        assertThat(spec.getScore().getPass()).isEqualTo(95);
        assertThat(spec.getScore().getMarginal()).isEqualTo(75);
    }

    @Test
    void aManifestWithoutComparisonsHasNone() {
        var spec = admit("analysis: {metrics: [{name: request-duration}]}");

        assertThat(spec.getMetrics().getFirst().getCompare()).isNull();
        assertThat(spec.getScore()).isNull();
    }

    @Test
    void everyRuleIsInTheDocumentation() throws IOException {
        var documentation = Files.readString(Path.of("CANARY.md"));

        assertThat(refused().map(row -> "spec.analysis.metrics[]" + row.get()[0]))
                .allSatisfy(path -> assertThat(documentation).contains("`" + path + "`"));
    }

    private static Arguments row(String name, String path, String compare, String message) {
        return argumentSet(name, path, compare, message);
    }

    private static List<Problem> problems(String changes) {
        return Admissions.admit(CanaryReader.read(Manifests.canary(changes)).resource(), ISTIO)
                        instanceof Admission.Refused(var problems)
                ? problems
                : List.of();
    }

    private static RolloutSpec admit(String changes) {
        var admission =
                Admissions.admit(CanaryReader.read(Manifests.canary(changes)).resource(), ISTIO);
        assertThat(admission).asInstanceOf(type(Admission.Admitted.class)).isNotNull();
        return ((Admission.Admitted) admission).spec();
    }

    /** As long as a query may be, where braces or the word begin anew again and again. */
    @ParameterizedTest
    @ValueSource(strings = {"{{", "{{ target ", "target "})
    void aLongQueryIsReadInTimeThatGrowsWithItsLength(String part) {
        String query = "{{" + part.repeat(65_536 / part.length());

        assertTimeoutPreemptively(
                Duration.ofSeconds(3),
                () -> assertThat(ComparisonRules.namesTarget(query)).isFalse());
    }
}
