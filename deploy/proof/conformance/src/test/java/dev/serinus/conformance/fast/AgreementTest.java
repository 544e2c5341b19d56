package dev.serinus.conformance.fast;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.conformance.compare.Comparison;
import dev.serinus.conformance.compare.Declarations;
import dev.serinus.conformance.compare.Facet;
import dev.serinus.conformance.recording.Recording;
import dev.serinus.conformance.scenario.Library;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;

/** What Flagger's users can rely on: Serinus does what was recorded, but for what is declared. */
class AgreementTest {

    private static final Library LIBRARY = Library.here();
    private static final Declarations DECLARED = Declarations.of(LIBRARY.declared());

    static List<String> agreeing() {
        return LIBRARY.agreeing();
    }

    @ParameterizedTest
    @MethodSource("agreeing")
    void serinusDoesWhatWasRecorded(String name) throws InterruptedException {
        Recording played = play(name);

        var comparison = Comparison.of(LIBRARY.recording(name), played, DECLARED);

        assertThat(comparison.complaints()).as(name).isEmpty();
        if (!comparison.declared().containsKey(Facet.STATUS)) {
            assertThat(played.error() == null)
                    .as("the scenario gets to its end as it did when it was recorded")
                    .isEqualTo(LIBRARY.recording(name).error() == null);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"machine-linear", "machine-new-revision", "router-kubernetes-rolledback"})
    void theSameScenarioTakesTheSameCourse(String name) throws InterruptedException {
        assertThat(play(name).tree()).isEqualTo(play(name).tree());
    }

    @Test
    void onlyScenariosThatExistAreListedOrDeclared() {
        assertThat(LIBRARY.names()).containsAll(LIBRARY.agreeing());
        assertThat(DECLARED.unknown(LIBRARY.names())).isEmpty();
        assertThat(LIBRARY.agreeing()).doesNotHaveDuplicates();
    }

    private static Recording play(String name) throws InterruptedException {
        try (var stage = new FastStage(LIBRARY)) {
            return Recording.of(stage.play(name).tree());
        }
    }
}
