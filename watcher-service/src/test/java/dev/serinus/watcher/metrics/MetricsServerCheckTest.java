package dev.serinus.watcher.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.schemas.canary.Installation;
import dev.serinus.schemas.canary.NamespacedRef;
import dev.serinus.watcher.metrics.provider.Answer;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

class MetricsServerCheckTest {

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private Answer answer = new Answer.Unavailable("status 503");
    private final MetricsServerCheck check =
            new MetricsServerCheck("http://prometheus:9090", () -> answer, meters);

    @Test
    void oneThatDoesNotAnswerIsKnownBeforeAnythingIsReleasedAndUntilItDoes() throws Exception {
        assertThat(up()).isNaN();

        check.look();
        assertThat(check.trouble()).isEqualTo("http://prometheus:9090 does not answer: status 503");
        assertThat(up()).isZero();

        answer = Answer.of(Instant.EPOCH, 1);
        check.look();
        assertThat(check.trouble()).isNull();
        assertThat(up()).isOne();

        answer = new Answer.Misconfigured("there is no such template");
        check.look();
        assertThat(check.trouble()).endsWith("there is no such template");
        assertThat(up()).isZero();
    }

    @Test
    void itLooksByItselfAndWhoAsksWaitsForThat() {
        try (check) {
            check.start();

            assertThat(check.trouble())
                    .isEqualTo("http://prometheus:9090 does not answer: status 503");
        }
    }

    @Test
    void itsNameHoldsNothingThatMayBeSecret() {
        var named = Installation.named("west");

        assertThat(MetricsServerCheck.name(named)).isEqualTo("http://prometheus:9090");
        assertThat(
                        MetricsServerCheck.name(
                                named.measuredBy(new NamespacedRef("metrics", "serinus"))))
                .isEqualTo("of MetricTemplate metrics.serinus");
        assertThat(MetricsServerCheck.name(at("https://ada:s3cr3t@mimir.example/prometheus?k=s")))
                .isEqualTo("https://mimir.example/prometheus");
    }

    private static Installation at(String server) {
        return new Installation(
                "west",
                null,
                "istio",
                server,
                Duration.ofSeconds(10),
                List.of("app"),
                true,
                List.of(),
                false);
    }

    private double up() {
        return meters.get("serinus.metrics.server.up").gauge().value();
    }
}
