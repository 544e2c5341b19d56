package dev.serinus.conformance.sink;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.conformance.recording.Recorder;
import dev.serinus.conformance.scenario.Scenario;
import dev.serinus.conformance.scenario.SinkAddress;

import org.junit.jupiter.api.Test;

import java.util.List;

class SinksTest {

    private final Recorder one = new Recorder();
    private final Recorder other = new Recorder();
    private final Sinks sinks = new Sinks();

    SinksTest() {
        sinks.add("machine", sink("machine", one));
        sinks.add("machine-linear", sink("machine-linear", other));
    }

    @Test
    void eachScenarioHasItsFolder() {
        sinks.answer(request("/machine/feed", "", "{}"));

        assertThat(paths(one)).containsExactly("/feed");
        assertThat(paths(other)).isEmpty();
    }

    @Test
    void whatComesToNoFolderIsForTheLongestNameItContains() {
        sinks.answer(request("/global-events", "", "{\"namespace\": \"machine-linear\"}"));

        assertThat(paths(one)).isEmpty();
        assertThat(paths(other)).containsExactly("/global-events");
    }

    @Test
    void whatIsForNobodyIsAnsweredAndNotRecorded() {
        var answer = sinks.answer(request("/api/v1/query", "query=vector%281%29", ""));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).contains("\"success\"");
        assertThat(paths(one)).isEmpty();
        assertThat(paths(other)).isEmpty();
    }

    @Test
    void aScenarioThatEndedIsAskedNoMore() {
        sinks.remove("machine-linear");

        sinks.answer(request("/machine-linear/feed", "", "{}"));

        assertThat(paths(other)).isEmpty();
    }

    private static Request request(String path, String query, String body) {
        return new Request("POST", path, query, List.of(), body);
    }

    private static List<String> paths(Recorder recorder) {
        return recorder.recording("x", "y", null, 10).http().stream()
                .map(entry -> entry.path("post").asText())
                .toList();
    }

    private static Sink sink(String name, Recorder recorder) {
        var scenario =
                Scenario.read(
                        name,
                        "about: y\nbase: []\nobjects: z\nsteps: []\n",
                        new SinkAddress("h", "s"),
                        _ -> "");
        return new Sink(scenario, recorder, () -> 0);
    }
}
