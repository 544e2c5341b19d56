package dev.serinus.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micronaut.context.ApplicationContext;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

class AnalysisConfigTest {

    @Test
    void nothingNeedsToBeSet() {
        assertThat(read(Map.of())).isEqualTo(AnalysisConfig.in(Path.of("data/analysis")));
    }

    @Test
    void everythingCanBeSet() {
        assertThat(
                        read(
                                Map.of(
                                        "serinus.application-id", "hub",
                                        "serinus.state-dir", "/state",
                                        "serinus.stream-threads", 4,
                                        "serinus.standbys", 1,
                                        "serinus.commit-interval", "200ms",
                                        "serinus.session-timeout", "20s",
                                        "serinus.transaction-timeout", "30s",
                                        "serinus.cluster-label", true,
                                        "serinus.history", 7,
                                        "serinus.fleet-file", "/fleet.yaml")))
                .isEqualTo(
                        new AnalysisConfig(
                                "hub",
                                Path.of("/state"),
                                4,
                                1,
                                Duration.ofMillis(200),
                                Duration.ofSeconds(20),
                                Duration.ofSeconds(30),
                                true,
                                7,
                                Path.of("/fleet.yaml")));
    }

    @Test
    void anEmptyNameOfAFileIsNone() {
        assertThat(read(Map.of("serinus.fleet-file", "")))
                .isEqualTo(AnalysisConfig.in(Path.of("data/analysis")));
    }

    @ParameterizedTest
    @CsvSource({
        "serinus.stream-threads, 0, SERINUS_STREAM_THREADS",
        "serinus.standbys, -1, SERINUS_STANDBYS",
        "serinus.commit-interval, 0s, SERINUS_COMMIT_INTERVAL",
        "serinus.session-timeout, 1ms, SERINUS_SESSION_TIMEOUT",
        "serinus.transaction-timeout, 50ms, SERINUS_TRANSACTION_TIMEOUT",
        "serinus.history, 0, SERINUS_HISTORY"
    })
    void whatCannotWorkIsRefusedByItsName(String property, String value, String variable) {
        assertThatThrownBy(() -> read(Map.of(property, value)))
                .hasStackTraceContaining(variable + " must");
    }

    @Test
    void allThatCannotWorkIsToldAtOnceAlsoOfTheApiAndTheLogin() {
        assertThatThrownBy(
                        () ->
                                read(
                                        Map.of(
                                                "serinus.history",
                                                0,
                                                "serinus.standbys",
                                                "some",
                                                "serinus.api.actions-per-minute",
                                                0,
                                                "serinus.api.login.lasts",
                                                "5s")))
                .rootCause()
                .hasMessage(
                        "SERINUS_API_ACTIONS_PER_MINUTE must be above 0, was 0;"
                                + " SERINUS_API_LOGIN_LASTS must be 1m to 24h, was 5s;"
                                + " SERINUS_HISTORY must be above 0, was 0;"
                                + " SERINUS_STANDBYS has to be a whole number, was 'some'");
    }

    private static AnalysisConfig read(Map<String, Object> properties) {
        Map<String, Object> all = new HashMap<>(properties);
        all.put("micronaut.metrics.enabled", false);
        try (var context = ApplicationContext.run(all)) {
            return context.getBean(AnalysisConfig.class);
        }
    }
}
