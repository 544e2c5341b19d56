package dev.serinus.watcher.metrics.provider;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** With the key of a service account that a Secret holds. */
class GooglePrometheusTest extends GoogleContract implements PromQlAnswers {

    private final ProviderType type = GooglePrometheus.type();

    @Override
    protected ProviderType type() {
        return type;
    }

    @Test
    void asksTheProjectInPromQl() throws Exception {
        provider(settings(null, credentials())).ask("sum(\n  up)");

        assertThat(server.requests().getFirst().line())
                .isEqualTo(
                        "GET /v1/projects/lab-project/location/global/prometheus/api/v1/query?query=sum%28+up%29");
    }

    @Test
    void severalSeriesAreAnError() throws Exception {
        server.answer(200, PrometheusBodies.vector(1, 2));

        assertThat(assertUnavailable(ask()))
                .isEqualTo(
                        "query returned multiple values: 2 series; make one of them, as by sum() or"
                                + " max()");
    }

    @Test
    void aRangeIsAskedOfTheProject() throws Exception {
        server.answer(200, PrometheusBodies.matrix("[1,\"5\"],[61.5,\"7\"]"));

        var answer =
                provider(settings(null, credentials()))
                        .range(
                                "up",
                                Instant.ofEpochMilli(1_000),
                                Instant.ofEpochMilli(121_500),
                                Duration.ofSeconds(60));

        assertThat(answer.orElseThrow())
                .isEqualTo(
                        new Answer.Samples(
                                List.of(
                                        new Answer.Sample(Instant.ofEpochSecond(1), 5),
                                        new Answer.Sample(Instant.ofEpochMilli(61_500), 7))));
        assertThat(server.requests().getFirst().line())
                .isEqualTo(
                        "GET /v1/projects/lab-project/location/global/prometheus/api/v1/query_range?query=up&start=1.000&end=121.500&step=60.000");
    }
}
