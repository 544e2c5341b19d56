package dev.serinus.conformance.real;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.conformance.json.Json;
import dev.serinus.conformance.scenario.Library;
import dev.serinus.conformance.scenario.SinkAddress;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;

class SpeedUpTest {

    private static final SinkAddress SINK = new SinkAddress("http://sink", "https://sink");

    private static SpeedUp of(String scenario) {
        return SpeedUp.of(Library.here().scenario(scenario, SINK), 5);
    }

    private static ObjectNode canary(String interval) {
        return (ObjectNode)
                Json.read(
                        "{\"kind\": \"Canary\", \"spec\": {\"analysis\": {\"interval\": \"%s\"}}}"
                                .formatted(interval));
    }

    @ParameterizedTest(name = "{0}: {2}")
    @CsvSource({
        "machine-linear, 5, nothing in it takes its time",
        "router-gatewayapi-v1-full-promoted, 5, its deadline is not reached",
        "machine-slow-ready, 1, pods that get ready late",
        "machine-never-ready, 1, pods that never get ready",
        "webhook-timeout, 1, a server that answers late",
        "machine-hook-all, 1, a webhook with a timeout of its own",
        "machine-target-scaled-midrun, 1, a target without pods",
        "machine-primary-broken, 1, a quota",
        "machine-target-missing, 1, a target that comes later",
        "machine-session-affinity, 1, a cookie lasts an interval",
        "metric-template-no-interval, 1, the query shows the Canary's interval"
    })
    void keepsThePaceOfWhatTakesItsTimeAnyway(String scenario, int speed, String because) {
        assertThat(of(scenario).speed()).as(because).isEqualTo(speed);
    }

    @Test
    void playsAShorterIntervalAndRecordsTheOneThatWasWritten() {
        // Given
        var pace = of("machine-linear");
        // When
        var played = pace.played(canary("10s"));
        // Then
        assertThat(played).isEqualTo(canary("2s"));
        assertThat(pace.recorded(played)).isEqualTo(canary("10s"));
    }

    @Test
    void shortensPatchesOfACanaryOnly() {
        // Given
        var pace = of("machine-linear");
        // Then
        assertThat(pace.played("canary/podinfo", canary("10s"))).isEqualTo(canary("2s"));
        assertThat(pace.played("deployment/podinfo", canary("10s"))).isEqualTo(canary("10s"));
    }

    @Test
    void sleepsLessButNeverTooShortForARealCluster() {
        // Given
        var pace = of("machine-linear");
        // Then
        assertThat(pace.sleep(Duration.ofSeconds(60))).isEqualTo(Duration.ofSeconds(17));
        assertThat(pace.sleep(Duration.ofSeconds(25))).isEqualTo(Duration.ofSeconds(5));
        assertThat(pace.sleep(Duration.ofSeconds(10))).isEqualTo(Duration.ofSeconds(3));
        assertThat(pace.sleep(Duration.ofMillis(1500))).isEqualTo(Duration.ofMillis(1500));
    }

    @Test
    void leavesTheGarbageCollectorItsTime() {
        // Then
        assertThat(of("machine-revert-on-deletion").sleep(Duration.ofSeconds(30)))
                .isEqualTo(Duration.ofSeconds(30));
    }
}
