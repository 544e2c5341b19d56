package dev.serinus.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.conformance.Main.Outcome;
import dev.serinus.conformance.compare.Comparison;
import dev.serinus.conformance.compare.Declarations;
import dev.serinus.conformance.scenario.Library;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.stream.Stream;

class MeshSummaryTest {

    private final Library library = Library.here();

    private Outcome outcome(String name, String declared) {
        var recording = library.recording(name);
        return new Outcome(
                name,
                recording,
                Comparison.of(recording, recording, Declarations.of(declared)),
                2 * recording.requestCount(),
                1);
    }

    @Test
    void eachScenarioCountsForTheMeshOfItsCanary() {
        // When
        var table =
                MeshSummary.of(
                        library,
                        Stream.of(
                                        "router-kuma-promoted",
                                        "machine-linear",
                                        "router-istio-mirror-promoted")
                                .map(it -> outcome(it, ""))
                                .toList());
        // Then
        assertThat(table.lines().skip(2))
                .containsExactly(
                        "| Istio | 2 | 2 | 0 | 0 | 0.50 |", "| Kuma | 1 | 1 | 0 | 0 | 0.50 |");
    }

    @Test
    void whatIsDeclaredAndNotSoDiffers() {
        // When
        var table =
                MeshSummary.of(
                        library,
                        List.of(
                                outcome(
                                        "router-kuma-promoted",
                                        "`router-kuma-promoted` events for no reason")));
        // Then
        assertThat(table).endsWith("| Kuma | 1 | 0 | 0 | 1 | 0.50 |");
    }
}
