package dev.serinus.conformance.real;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.conformance.compare.Comparison;
import dev.serinus.conformance.compare.Declarations;
import dev.serinus.conformance.scenario.Library;
import dev.serinus.testbed.junit.OnTestBed;
import dev.serinus.testbed.junit.TestBed;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * A handful of scenarios that together touch all five services, on a real API server: the weights
 * of a mesh, a failed analysis, the Gateway API with all its fields, a deletion, every webhook.
 */
@OnTestBed
class RealIT {

    private static final int SPEED = 5;

    private static final List<String> SCENARIOS =
            List.of(
                    "machine-revert-on-deletion",
                    "machine-linear",
                    "machine-fail-rate",
                    "router-gatewayapi-v1-full-promoted",
                    "webhook-all-types");

    @Test
    void agreesWithWhatFlaggerDid(TestBed bed) throws Exception {
        // Given
        var library = Library.here();
        var declared = Declarations.of(library.declared());
        try (var stage = new RealStage(library, bed.controlPlane(), SCENARIOS.size(), SPEED);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            // When
            List<Future<Comparison>> played = new ArrayList<>();
            for (String name : SCENARIOS) {
                played.add(
                        threads.submit(
                                () -> {
                                    var actual = stage.play(name);
                                    assertThat(actual.error()).as(name).isNull();
                                    return Comparison.of(library.recording(name), actual, declared);
                                }));
            }
            Map<String, List<String>> complaints = new TreeMap<>();
            for (Future<Comparison> each : played) {
                Comparison comparison = each.get();
                if (!comparison.agrees()) {
                    complaints.put(comparison.scenario(), comparison.complaints());
                }
                assertThat(comparison.requests())
                        .as("requests of " + comparison.scenario())
                        .isPositive();
            }
            // Then
            assertThat(complaints).isEmpty();
        }
    }
}
