package dev.serinus.demo.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.time.Instant;
import java.util.OptionalDouble;

class QueryTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant NOW = START.plusSeconds(10);
    private static final String CANARY =
            """
            {kubernetes_namespace="demo",
             kubernetes_pod_name=~"podinfo-[0-9a-zA-Z]+(-[0-9a-zA-Z]+)"%s}[5s]\
            """;
    private static final String SUCCESS_RATE =
            "sum(rate(http_request_duration_seconds_count"
                    + CANARY.formatted(", status!~\"5.*\"")
                    + ")) / sum(rate(http_request_duration_seconds_count"
                    + CANARY.formatted("")
                    + ")) * 100";
    private static final String P99 =
            "histogram_quantile(0.99, sum(rate(http_request_duration_seconds_bucket"
                    + CANARY.formatted("")
                    + ")) by (le))";

    private final Samples samples = new Samples();
    private final PodMeter canary = new PodMeter("demo", "podinfo-abc12-x1y2z");
    private final PodMeter primary = new PodMeter("demo", "podinfo-primary-abc12-x1y2z");

    @BeforeEach
    void scrapeAtZero() {
        samples.add(canary);
        samples.add(primary);
        samples.scrape(START.plusSeconds(6));
    }

    @Test
    void theSuccessRateIsThatOfTheCanaryAlone() {
        // Given
        answer(canary, 200, 90);
        answer(canary, 500, 10);
        answer(primary, 500, 1000);
        // When
        samples.scrape(NOW);
        // Then
        assertThat(Evaluation.number(SUCCESS_RATE, samples, NOW).getAsDouble())
                .isCloseTo(90, within(1e-9));
    }

    @Test
    void allFailedIsZeroPercentSinceTheSeriesOfGoodAnswersExists() {
        answer(canary, 500, 10);
        samples.scrape(NOW);
        assertThat(Evaluation.number(SUCCESS_RATE, samples, NOW)).hasValue(0);
    }

    @Test
    void withoutTrafficThereIsNoValue() {
        answer(primary, 200, 10);
        samples.scrape(NOW);
        assertThat(Evaluation.number(SUCCESS_RATE, samples, NOW)).isEmpty();
        assertThat(Evaluation.number(P99, samples, NOW)).isEmpty();
    }

    @Test
    void whatHappenedBeforeTheWindowDoesNotCount() {
        answer(canary, 500, 50);
        samples.scrape(START.plusSeconds(7));
        answer(canary, 200, 50);
        samples.scrape(START.plusSeconds(11));
        assertThat(Evaluation.number(SUCCESS_RATE, samples, START.plusSeconds(12))).hasValue(100);
    }

    @Test
    void theQuantileLiesWithinTheBucketThatHoldsIt() {
        // Given 98 answers up to 10 ms and 2 between 250 and 500 ms
        for (int i = 0; i < 98; i++) {
            canary.answered(200, Duration.ofMillis(8));
        }
        canary.answered(200, Duration.ofMillis(300));
        canary.answered(200, Duration.ofMillis(300));
        // When
        samples.scrape(NOW);
        // Then: the 99th of 100 is half way through the bucket from 0.25 to 0.5
        assertThat(Evaluation.number(P99, samples, NOW).getAsDouble())
                .isCloseTo(0.375, within(1e-9));
    }

    @Test
    void aVectorAndAnAlternativeAreAnsweredAsPrometheusDoes() {
        assertThat(Evaluation.number("vector(1)", samples, NOW)).hasValue(1);
        assertThat(Evaluation.number("sum(rate(nothing[5s])) or vector(0)", samples, NOW))
                .isEqualTo(OptionalDouble.of(0));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "vector(",
                "up",
                "sum(rate(x[5x]))",
                "sum(rate(x{a=~\"(\"}[5s]))",
                "avg(rate(x[5s]))",
                "1 + 1",
                "vector(1) vector(1)"
            })
    void whatItDoesNotKnowIsRefused(String query) {
        samples.scrape(NOW);
        assertThatThrownBy(() -> Evaluation.answer(query, samples, NOW))
                .isInstanceOf(QueryRefused.class);
    }

    private static void answer(PodMeter meter, int status, int times) {
        for (int i = 0; i < times; i++) {
            meter.answered(status, Duration.ofMillis(8));
        }
    }
}
