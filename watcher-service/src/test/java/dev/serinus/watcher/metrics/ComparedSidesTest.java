package dev.serinus.watcher.metrics;

import static dev.serinus.watcher.Objects.applyCustom;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.schemas.canary.CanaryMetric;
import dev.serinus.schemas.canary.Installation;
import dev.serinus.schemas.canary.MetricComparison;
import dev.serinus.schemas.cluster.ResourceWatch;
import dev.serinus.schemas.events.Measurement;
import dev.serinus.schemas.events.MeasurementOutcome;
import dev.serinus.schemas.events.MetricSample;
import dev.serinus.schemas.topic.CanaryKey;
import dev.serinus.watcher.metrics.provider.Answer;
import dev.serinus.watcher.metrics.provider.Answer.Sample;
import dev.serinus.watcher.metrics.provider.MetricsProvider;
import dev.serinus.watcher.metrics.provider.ProviderSetup;
import dev.serinus.watcher.metrics.provider.ProviderType;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Both sides are asked the same, over the same time. */
@EnableKubernetesMockClient(crud = true, https = false)
class ComparedSidesTest {

    private static final CanaryKey SHOP = new CanaryKey("west", "test", "shop");
    private static final Instant START = Instant.parse("2025-06-01T12:00:00Z");
    private static final String LATENCY = "latency{w=\"{{ target }}\"}[{{ interval }}]";

    @SuppressWarnings("NullAway.Init") // the extension sets it
    static KubernetesClient client;

    /** Of each value asked for in a range, how far the canary is above the primary. */
    private static final class Server implements MetricsProvider {
        private final boolean ranges;
        private final List<String> asked = new ArrayList<>();
        private Answer ofPrimary = new Answer.NoData("no values found");
        private Answer now = new Answer.NoData("");
        private boolean promQl = true;

        Server(boolean ranges) {
            this.ranges = ranges;
        }

        @Override
        public Answer ask(String query) {
            asked.add(query);
            return !(now instanceof Answer.NoData(var because, _)) || !because.isEmpty()
                    ? now
                    : Answer.of(START.plusSeconds(100), query.contains("-primary") ? 100 : 120.75);
        }

        @Override
        public Optional<Answer> range(String query, Instant from, Instant to, Duration step) {
            if (!ranges) {
                return Optional.empty();
            }
            asked.add("%s from %s to %s by %s".formatted(query, from, to, step));
            if (query.contains("-primary") && !(ofPrimary instanceof Answer.NoData)) {
                return Optional.of(ofPrimary);
            }
            return Optional.of(
                    new Answer.Samples(
                            Stream.iterate(from, at -> !at.isAfter(to), at -> at.plus(step))
                                    .map(
                                            at ->
                                                    new Sample(
                                                            at,
                                                            query.contains("-primary")
                                                                    ? 100
                                                                    : 120.75))
                                    .toList()));
        }

        @Override
        public boolean speaksPromQl() {
            return promQl;
        }

        @Override
        public Duration late() {
            return Duration.ofMinutes(5);
        }

        @Override
        public Answer available() {
            return Answer.of(START, 1);
        }
    }

    private static Measurement measured(Server server, CanaryMetric metric, Duration later)
            throws InterruptedException {
        return measured(server, metric, START, START.plus(later));
    }

    private static Measurement measured(
            Server server, CanaryMetric metric, @Nullable Instant start, Instant now)
            throws InterruptedException {
        return measured(server, metric, start, now, false);
    }

    private static Measurement measured(
            Server server,
            CanaryMetric metric,
            @Nullable Instant start,
            Instant now,
            boolean baseline)
            throws InterruptedException {
        var type = new ProviderType("prometheus", _ -> new ProviderSetup.Ready(server));
        try (var cluster =
                new AskedCluster(client, Installation.named("west"), List.of(type), () -> now)) {
            var evaluator = cluster.evaluator();
            var summary = AskedCluster.summary("shop", "istio", metric, baseline);
            var questions = Questions.analysis(summary);
            var question = questions.getFirst();
            var value = evaluator.value(SHOP, summary, question);
            server.asked.clear();
            var sides = new ComparedSides(evaluator, questions, start, now);
            var asked = sides.of(SHOP, summary, question);
            List<Answer> answers = new ArrayList<>();
            for (var side : asked) {
                answers.add(side.ask());
            }
            var found = sides.found(question, asked, answers);
            return found == null
                    ? MetricQueries.measurement(question, value)
                    : found.with(question, value);
        }
    }

    private static CanaryMetric metric(
            String name, @Nullable String query, MetricComparison compare) {
        return new CanaryMetric(
                name, "30s", null, null, query, null, null, null, null, compare, null, null, null,
                null);
    }

    private static MetricComparison compare(@Nullable String window, @Nullable String requests) {
        return new MetricComparison(
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                window,
                null,
                null,
                null,
                requests == null ? null : new MetricComparison.Requests(requests, null));
    }

    private static List<Double> values(@Nullable List<MetricSample> samples) {
        return Objects.requireNonNull(samples).stream().map(MetricSample::getValue).toList();
    }

    @Test
    void whereARunHasABaselineThatIsTheOtherSide() throws InterruptedException {
        var server = new Server(true);

        measured(
                server,
                metric("latency", LATENCY, compare(null, null)),
                START,
                START.plusSeconds(60),
                true);

        assertThat(server.asked)
                .extracting(asked -> asked.substring(0, asked.indexOf(']') + 1))
                .containsExactly("latency{w=\"shop\"}[30s]", "latency{w=\"shop-baseline\"}[30s]");
    }

    @Test
    void aRunThatBeganWithoutABaselineIsComparedWithThePrimary() {
        var metric = metric("latency", LATENCY, compare(null, null));
        var summary = AskedCluster.summary("shop", "istio", metric, true);

        assertThat(QueryScope.other(MetricQueries.ofRun(summary, "primary"))).isEqualTo("primary");
        assertThat(QueryScope.other(MetricQueries.ofRun(summary, null))).isEqualTo("baseline");
    }

    @Test
    void bothSidesAreAskedForTheSameRangeFromOneIntervalAfterTrafficBegan() throws Exception {
        var server = new Server(true);

        var found =
                measured(
                        server,
                        metric("latency", LATENCY, compare(null, null)),
                        Duration.ofSeconds(100));

        String range = " from 2025-06-01T12:00:30Z to 2025-06-01T12:01:40Z by PT30S";
        assertThat(server.asked)
                .containsExactly(
                        "latency{w=\"shop\"}[30s]" + range,
                        "latency{w=\"shop-primary\"}[30s]" + range);
        assertThat(found.getOutcome()).isEqualTo(MeasurementOutcome.VALUE);
        assertThat(found.getValue()).isEqualTo(120.75);
        assertThat(values(found.getCanarySamples())).containsExactly(120.75, 120.75, 120.75);
        assertThat(values(found.getPrimarySamples())).containsExactly(100.0, 100.0, 100.0);
        assertThat(found.getWholeWindow()).isTrue();
        assertThat(found.getToldLateMillis()).isEqualTo(300_000);
        assertThat(found.getCanaryRequests()).isNull();
    }

    @Test
    void aProviderWithoutRangesIsAskedForThePresent() throws Exception {
        var server = new Server(false);

        var found =
                measured(
                        server,
                        metric("latency", LATENCY, compare(null, null)),
                        Duration.ofSeconds(100));

        assertThat(server.asked)
                .containsExactly("latency{w=\"shop\"}[30s]", "latency{w=\"shop-primary\"}[30s]");
        assertThat(values(found.getCanarySamples())).containsExactly(120.75);
        assertThat(values(found.getPrimarySamples())).containsExactly(100.0);
        assertThat(found.getWholeWindow()).isFalse();
        assertThat(found.getToldLateMillis()).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    e{pod=~"{{ target }}-.*"}                                 | matches NAME-primary too
                    rate(e{pod=~"{{ target }}-[0-9a-z]+-[0-9a-z]+"}[5m])      | looks back 5m
                    rate(e{pod=~"{{ target }}-[0-9a-z]+-[0-9a-z]+"}[{{ interval }}]) | ``
                    """)
    void aTemplateThatDoesNotTellTheSidesApartIsToldOfAndNotCompared(String query, String because)
            throws Exception {
        var _ =
                applyCustom(
                        client,
                        ResourceWatch.METRIC_TEMPLATES,
                        """
                        apiVersion: flagger.app/v1beta1
                        kind: MetricTemplate
                        metadata: {name: errors, namespace: test}
                        spec:
                          provider: {type: prometheus}
                          query: '%s'
                        """
                                .formatted(query));
        var metric = metric("errors", null, compare(null, null));
        var other = new Server(true);
        other.promQl = false;

        var found = measured(new Server(true), metric, Duration.ofSeconds(100));

        assertThat(found.getBecause()).contains(because);
        assertThat(found.getOutcome())
                .isEqualTo(
                        because.isEmpty()
                                ? MeasurementOutcome.VALUE
                                : MeasurementOutcome.MISCONFIGURED);
        assertThat(measured(other, metric, Duration.ofSeconds(100)).getOutcome())
                .isEqualTo(MeasurementOutcome.VALUE);
    }

    private static void template(String name, String provider, String query) {
        var _ =
                applyCustom(
                        client,
                        ResourceWatch.METRIC_TEMPLATES,
                        """
                        apiVersion: flagger.app/v1beta1
                        kind: MetricTemplate
                        metadata: {name: %s, namespace: test}
                        spec:
                          provider: {type: prometheus%s}
                          query: '%s'
                        """
                                .formatted(name, provider, query));
    }

    /** One that writes milliseconds where seconds are read would be newer than all that comes. */
    @ParameterizedTest
    @CsvSource({"100, 100", "130, 100", "161, ", "3600000, "})
    void aValueOfATimeThatIsYetToComeIsOfNowOrNone(int second, @Nullable Integer counted)
            throws Exception {
        var server = new Server(false);
        server.now = Answer.of(START.plusSeconds(second), 7);

        var found =
                measured(
                        server,
                        metric("latency", LATENCY, compare(null, null)),
                        Duration.ofSeconds(100));

        assertThat(found.getCanarySamples())
                .isEqualTo(
                        counted == null
                                ? List.of()
                                : List.of(new MetricSample(START.plusSeconds(counted), 7.0)));
    }

    /** What was asked, as it is told with the samples. */
    private static String asked(CanaryMetric metric, int seconds) throws Exception {
        return measured(new Server(false), metric, Duration.ofSeconds(seconds)).getAsked();
    }

    @Test
    void anEditedTemplateIsAnotherQuestionAndALaterTimeIsNone() throws Exception {
        var metric = metric("edited", null, compare(null, null));
        template("edited", "", LATENCY);
        String before = asked(metric, 100);
        String later = asked(metric, 130);
        template("edited", "", LATENCY + " * 2");
        String otherQuery = asked(metric, 100);
        template("edited", ", address: \"http://elsewhere\"", LATENCY + " * 2");
        String otherServer = asked(metric, 100);

        assertThat(before).hasSize(64).isEqualTo(later);
        assertThat(Set.of(before, otherQuery, otherServer)).hasSize(3);
    }

    @Test
    void anotherCountOfRequestsIsAnotherQuestion() throws Exception {
        String one = asked(metric("errors", LATENCY, compare(null, LATENCY)), 100);
        String other = asked(metric("errors", LATENCY, compare(null, LATENCY + " * 2")), 100);

        assertThat(one).isNotEqualTo(other);
    }

    @Test
    void whatIsNotComparedTellsNoQuestion() throws Exception {
        assertThat(
                        measured(
                                        new Server(false),
                                        metric("latency", LATENCY, compare(null, null)),
                                        null,
                                        START)
                                .getAsked())
                .isEmpty();
    }

    @Test
    void whatIsNoNumberIsToldAndIsASampleOfItsTime() throws Exception {
        var number = new Sample(START.plusSeconds(40), 7);
        var times = List.of(START.plusSeconds(70));
        var present = new Server(false);
        present.now = new Answer.NoData("no values found", times);
        var series = new Server(false);
        series.now = new Answer.Samples(List.of(number), times);
        var range = new Server(true);
        range.ofPrimary = new Answer.Samples(List.of(number), times);
        var metric = metric("latency", LATENCY, compare(null, null));

        var none = measured(present, metric, Duration.ofSeconds(100));
        var before = measured(series, metric, Duration.ofSeconds(100));
        var whole = measured(range, metric, Duration.ofSeconds(100));

        assertThat(none.getOutcome()).isEqualTo(MeasurementOutcome.NO_DATA);
        assertThat(none.getNotANumber()).isTrue();
        assertThat(values(none.getCanarySamples())).containsExactly(Double.NaN);
        assertThat(before.getValue()).isEqualTo(7);
        assertThat(before.getNotANumber()).isTrue();
        assertThat(values(before.getCanarySamples())).containsExactly(7.0, Double.NaN);
        assertThat(whole.getNotANumber()).isFalse();
        assertThat(values(whole.getPrimarySamples())).containsExactly(7.0, Double.NaN);
    }

    @Test
    void aValueOfBeforeTheWindowIsNoSampleOfIt() throws Exception {
        var found =
                measured(
                        new Server(false),
                        metric("latency", LATENCY, compare(null, null)),
                        START.plusSeconds(101),
                        START.plusSeconds(200));

        assertThat(found.getCanarySamples()).isEmpty();
        assertThat(found.getPrimarySamples()).isEmpty();
    }

    @Test
    void whatWouldLookBackToBeforeTheTrafficIsNotAsked() throws Exception {
        var server = new Server(true);

        var found =
                measured(
                        server,
                        metric("latency", LATENCY, compare(null, null)),
                        Duration.ofSeconds(29));

        assertThat(server.asked).isEmpty();
        assertThat(found.getCanarySamples()).isEmpty();
    }

    @Test
    void theWindowIsNoLongerThanTheMetricSays() throws Exception {
        var server = new Server(true);

        var _ =
                measured(
                        server,
                        metric("latency", LATENCY, compare("1m", null)),
                        Duration.ofMinutes(10));

        assertThat(server.asked.getFirst())
                .endsWith(" from 2025-06-01T12:09:30Z to 2025-06-01T12:10:00Z by PT30S");
    }

    @Test
    void aLongWindowHasAThousandSamplesAndNoMore() throws Exception {
        var server = new Server(true);

        var found =
                measured(
                        server,
                        metric("latency", LATENCY, compare(null, null)),
                        Duration.ofHours(24));

        assertThat(found.getCanarySamples()).hasSizeBetween(900, 1000);
        assertThat(server.asked.getFirst()).endsWith(" by PT1M27S");
    }

    @Test
    void eventsAreAskedForBesideTheirRequests() throws Exception {
        var server = new Server(true);

        var found =
                measured(
                        server,
                        metric(
                                "errors",
                                "errors{w=\"{{ target }}\"}",
                                compare(null, "requests{w=\"{{ target }}\"}")),
                        Duration.ofSeconds(60));

        assertThat(server.asked)
                .extracting(query -> query.substring(0, query.indexOf(" from")))
                .containsExactly(
                        "errors{w=\"shop\"}",
                        "errors{w=\"shop-primary\"}",
                        "requests{w=\"shop\"}",
                        "requests{w=\"shop-primary\"}");
        assertThat(found.getCanaryRequests()).hasSize(2);
        assertThat(found.getPrimaryRequests()).hasSize(2);
    }

    @Test
    void durationsAreComparedByWhatWasMeasuredAndNotInWholeMilliseconds() throws Exception {
        var found =
                measured(
                        new Server(true),
                        metric("request-duration", null, compare(null, null)),
                        Duration.ofSeconds(60));

        assertThat(found.getValue()).isEqualTo(120.0);
        assertThat(values(found.getCanarySamples())).containsOnly(120.75);
    }

    @Test
    void oneQuestionForBothSidesIsAMistakeOfTheManifest() throws Exception {
        var found =
                measured(
                        new Server(true),
                        metric("latency", "latency{w=\"{{ service }}\"}", compare(null, null)),
                        Duration.ofSeconds(60));

        assertThat(found.getOutcome()).isEqualTo(MeasurementOutcome.MISCONFIGURED);
        assertThat(found.getBecause()).contains("shop-primary", "{{ target }}");
        assertThat(found.getCanarySamples()).isNull();
    }

    @Test
    void aSideThatCannotBeAskedIsToldWithItsName() throws Exception {
        var server = new Server(true);
        server.ofPrimary = new Answer.Unavailable("query returned multiple values: 2 series");

        var found =
                measured(
                        server,
                        metric("latency", LATENCY, compare(null, null)),
                        Duration.ofSeconds(60));

        assertThat(found.getOutcome()).isEqualTo(MeasurementOutcome.UNAVAILABLE);
        assertThat(found.getBecause()).contains("asked about shop-primary", "2 series");
    }

    @Test
    void oneOfSeveralSeriesIsNoSampleOfThePresent() throws Exception {
        var server = new Server(false);
        server.now = Answer.ofSeries(3, Answer.of(START.plusSeconds(100), 1));

        var found =
                measured(
                        server,
                        metric("latency", LATENCY, compare(null, null)),
                        Duration.ofSeconds(100));

        assertThat(found.getOutcome()).isEqualTo(MeasurementOutcome.UNAVAILABLE);
        assertThat(found.getBecause()).contains("asked about shop:", "3 series");
    }

    @Test
    void withoutAWindowNoSideIsAsked() throws Exception {
        var server = new Server(true);

        var found =
                measured(
                        server,
                        metric("latency", LATENCY, compare(null, null)),
                        null,
                        START.plusSeconds(100));

        assertThat(server.asked).isEmpty();
        assertThat(found.getCanarySamples()).isNull();
    }
}
