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
        "serinus.stream-threads, 0",
        "serinus.standbys, -1",
        "serinus.commit-interval, 0s",
        "serinus.session-timeout, 1ms",
        "serinus.transaction-timeout, 50ms",
        "serinus.history, 0"
    })
    void whatCannotWorkIsRefusedByItsName(String property, String value) {
        assertThatThrownBy(() -> read(Map.of(property, value)))
                .hasStackTraceContaining(property + " must");
    }

    private static AnalysisConfig read(Map<String, Object> properties) {
        Map<String, Object> all = new HashMap<>(properties);
        all.put("micronaut.metrics.enabled", false);
        try (var context = ApplicationContext.run(all)) {
            return context.getBean(AnalysisConfig.class);
        }
    }
}
