package dev.serinus.trials.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.serinus.schemas.events.Measurement;
import dev.serinus.schemas.events.MeasurementOutcome;
import dev.serinus.schemas.mesh.Meshes;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The built-in queries mean on a real Prometheus what they are taken for. */
@Tag("long")
class PrometheusIT {

    private static final String RATE = "request-success-rate";
    private static final String DURATION = "request-duration";

    private static SampleApplication application;
    private static RealPrometheus prometheus;
    private static Watched watched;

    @BeforeAll
    static void start(@TempDir Path data) throws Exception {
        var program = RealPrometheus.program();
        assumeThat(program)
                .as("a Prometheus on the PATH (Debian: apt-get install prometheus)")
                .isPresent();
        application = new SampleApplication();
        prometheus = RealPrometheus.start(program.get(), data, application.address());
        watched = new Watched(prometheus.url(), data);
        prometheus.awaitSamples(4);
    }

    @AfterAll
    static void stop() {
        if (watched != null) {
            watched.close();
        }
        if (prometheus != null) {
            prometheus.close();
        }
        if (application != null) {
            application.close();
        }
    }

    static List<String> providers() {
        return Meshes.servedProviders();
    }

    @ParameterizedTest
    @MethodSource("providers")
    void theCanarysRequestsAloneAreMeasured(String provider) {
        assertMeasured(
                watched.measure(provider, "podinfo"), SampleApplication.MEANS.contains(provider));
    }

    @Test
    void theRequestsOfADaemonSetsPodsAreMeasured() {
        assertMeasured(watched.measureDaemonSet("agent"), false);
    }

    private static void assertMeasured(Map<String, Measurement> found, boolean asMean) {
        assertThat(of(RATE, found).getValue()).isCloseTo(97, within(0.001));
        // The last two of a hundred lie between 250 and 500 ms, and the 99th is in their middle;
        // what is left of a millisecond is cut off.
        assertThat(of(DURATION, found).getValue())
                .isBetween(asMean ? 119.0 : 374.0, asMean ? 120.0 : 375.0);
    }

    @ParameterizedTest
    @MethodSource("providers")
    void withoutTrafficThereIsNoData(String provider) {
        assertNoData(watched.measure(provider, "idle"));
        assertNoData(watched.measure(provider, "unheard-of"));
    }

    private static Measurement of(String metric, Map<String, Measurement> found) {
        return Objects.requireNonNull(found.get(metric));
    }

    private static void assertNoData(Map<String, Measurement> found) {
        assertThat(found.values())
                .hasSize(2)
                .extracting(Measurement::getOutcome)
                .containsOnly(MeasurementOutcome.NO_DATA);
    }

    @ParameterizedTest
    @MethodSource("providers")
    void whatNeverSucceededHasNoRateAsInFlagger(String provider) {
        // When
        var found = watched.measure(provider, "broken");
        // Then
        assertThat(of(RATE, found).getOutcome()).isEqualTo(MeasurementOutcome.NO_DATA);
        assertThat(of(DURATION, found).getValue()).isGreaterThan(500);
    }

    @ParameterizedTest
    @MethodSource("providers")
    void whatNeverSucceededHasARateOfZeroWhereMissingDataWouldPass(String provider) {
        // When
        var found = watched.measure(provider, "broken", "pass");
        // Then
        assertThat(of(RATE, found).getValue()).isZero();
    }
}
