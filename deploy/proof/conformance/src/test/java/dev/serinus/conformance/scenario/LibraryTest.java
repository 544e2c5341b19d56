package dev.serinus.conformance.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serinus.conformance.json.Json;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.List;

class LibraryTest {

    private static final SinkAddress SINK = new SinkAddress("http://sink", "https://sink");
    private static final Library LIBRARY = Library.here();

    static List<String> names() {
        return LIBRARY.names();
    }

    @ParameterizedTest
    @MethodSource("names")
    void everyScenarioIsUnderstoodAndHasARecording(String name) {
        Scenario scenario = LIBRARY.scenario(name, SINK);

        assertThat(scenario.steps()).allSatisfy(step -> assertThat(Step.of(step)).isNotNull());
        assertThat(scenario.about()).isNotEmpty();
        assertThat(Json.yaml(scenario.objects()))
                .isNotEmpty()
                .allSatisfy(object -> assertThat(object.path("kind").asText()).isNotEmpty());
        assertThat(LIBRARY.recording(name).scenario()).isEqualTo(name);
    }

    @Test
    void thePlaceholdersAreFilledIn() {
        String objects = LIBRARY.scenario("webhook-all-types", SINK).objects();

        assertThat(objects).contains("url: http://sink/webhook-all-types/feed");
        assertThat(LIBRARY.scenario("webhook-tls-off", SINK).objects())
                .contains("https://sink/webhook-tls-off/");
    }

    @Test
    void aGroupIsHowNamesBegin() {
        assertThat(LIBRARY.names(List.of("router-knative", "machine-linear")))
                .containsExactly(
                        "machine-linear",
                        "router-knative-deleted-panic",
                        "router-knative-promoted");
        assertThat(LIBRARY.names(List.of())).hasSize(176);
        assertThatThrownBy(() -> LIBRARY.names(List.of("machine-lin")))
                .hasMessage("no such scenario or group: machine-lin");
    }

    @Test
    void fourScenariosWantAClusterOfTheirOwn() {
        assertThat(LIBRARY.names().stream().filter(LIBRARY::alone)).hasSize(4);
    }
}
