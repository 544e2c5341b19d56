package dev.serinus.conformance.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

import dev.serinus.conformance.json.Json;
import dev.serinus.conformance.recording.Recorder;
import dev.serinus.conformance.recording.Recording;
import dev.serinus.conformance.recording.Watched;
import dev.serinus.conformance.scenario.Library;
import dev.serinus.conformance.scenario.Scenario;
import dev.serinus.conformance.scenario.SinkAddress;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

class PlayerTest {

    private static final SinkAddress SINK = new SinkAddress("http://sink", "https://sink");
    private static final Library LIBRARY = Library.here();

    static List<String> completed() {
        return LIBRARY.names().stream()
                .filter(name -> LIBRARY.recording(name).error() == null)
                .toList();
    }

    @ParameterizedTest
    @MethodSource("completed")
    void snapshotsAreCalledAsInTheRecordings(String name) throws InterruptedException {
        var recorder = new Recorder();
        var world = new Dummy(recorder, true);

        Recording played = new Player(LIBRARY.scenario(name, SINK), world, recorder).play("nobody");

        assertThat(played.error()).isNull();
        assertThat(labels(played)).isEqualTo(labels(LIBRARY.recording(name)));
    }

    @Test
    void aStatusCountsHoweverShortAndEachWaitGoesOnFromTheLast() throws InterruptedException {
        var recorder = new Recorder();
        var world = new Dummy(recorder, false);
        world.status("{\"phase\": \"Initialized\"}");
        world.status("{\"phase\": \"Progressing\", \"canaryWeight\": 10}");
        world.status("{\"phase\": \"Succeeded\", \"canaryWeight\": 0}");

        Recording played =
                new Player(
                                scenario(
                                        """
                                        steps:
                                        - wait: Progressing
                                        - wait-status: {canaryWeight: 10}
                                        - wait: Initialized
                                        """),
                                world,
                                recorder)
                        .play("nobody");

        assertThat(labels(played)).containsExactly("Progressing", "status: {\"canaryWeight\": 10}");
        assertThat(played.error()).endsWith(", not {\"phase\":\"Initialized\"}");
        assertThat(world.waited).endsWith(Duration.ofMinutes(4));
    }

    @Test
    void aRefusalEndsTheScenarioAndIsWrittenDown() throws InterruptedException {
        var recorder = new Recorder();
        var world = new Dummy(recorder, true);
        world.refusal = "spec is invalid";

        Recording played =
                new Player(scenario("steps: [{wait: Initialized}]"), world, recorder).play("me");

        assertThat(played.error()).isEqualTo("spec is invalid");
        assertThat(played.timeline()).isEmpty();
    }

    @Test
    void scriptsRunAndWhatTheySayIsKeptUnderTheirLabel() throws InterruptedException {
        var world = new Dummy(new Recorder(), true);

        Recording played =
                new Player(
                                scenario(
                                        """
                                        steps:
                                        - {sh: look, label: before, seconds: 7}
                                        - bg: write
                                        - sh: |
                                            look again
                                            and again
                                        - bgstop: 1
                                        - bg: write more
                                        """),
                                world,
                                world.recorder)
                        .play("nobody");

        assertThat(played.error()).isNull();
        assertThat(world.shells)
                .containsExactly(
                        "look 7 s",
                        "begin write",
                        "look again\nand again\n 300 s",
                        "end write",
                        "begin write more",
                        "end write more");
        assertThat(played.said())
                .extracting(
                        entry -> entry.path("label").asText() + ": " + entry.path("out").asText())
                .containsExactly("before: said", "look again: said");
        assertThat(Recording.of(played.tree()).said()).isEqualTo(played.said());
    }

    @Test
    void anAttemptMayFailAndTheScenarioGoesOn() throws InterruptedException {
        var world = new Dummy(new Recorder(), false);

        Recording played =
                new Player(
                                scenario(
                                        """
                                        steps:
                                        - try: {wait: Initialized, seconds: 3}
                                        - sleep: 2
                                        """),
                                world,
                                world.recorder)
                        .play("nobody");

        assertThat(played.error()).isNull();
        assertThat(world.waited).containsExactly(Duration.ofSeconds(3));
        assertThat(labels(played)).containsExactly("2 s");
        assertThat(played.said().getFirst().path("label").asText()).isEqualTo(Player.FAILED);
    }

    @Test
    void aWaitMayBeForOneOfSeveralCanaries() throws InterruptedException {
        var world = new Dummy(new Recorder(), false);
        world.status("{\"phase\": \"Initialized\"}");
        String waits = "steps: [{wait: Initialized, canary: %s}]";

        var own = new Player(scenario(waits.formatted("podinfo")), world, world.recorder);
        var other = new Player(scenario(waits.formatted("web")), world, world.recorder);

        assertThat(own.play("nobody").error()).isNull();
        assertThat(other.play("nobody").error()).isNotNull();
    }

    private static Scenario scenario(String steps) {
        return Scenario.read("x", "about: y\nbase: []\nobjects: z\n" + steps, SINK, _ -> "");
    }

    private static List<String> labels(Recording recording) {
        return recording.snapshots().stream().map(each -> each.path("after").asText()).toList();
    }

    /** A world without a cluster, in which everything that is waited for comes or nothing does. */
    private static final class Dummy implements World {

        private final Recorder recorder;
        private final boolean comes;
        private final List<Duration> waited = new ArrayList<>();
        private final List<String> shells = new ArrayList<>();
        private String refusal = "";

        Dummy(Recorder recorder, boolean comes) {
            this.recorder = recorder;
            this.comes = comes;
        }

        void status(String status) {
            var canary = Json.object();
            canary.putObject("metadata").put("name", "podinfo").put("resourceVersion", "1");
            canary.set("status", Json.read(status));
            recorder.saw(Watched.ALL.getFirst(), canary, false, 0);
        }

        @Override
        public void open() {}

        @Override
        public void apply(String manifests) {
            if (!refusal.isEmpty()) {
                throw new Refused(refusal);
            }
        }

        @Override
        public void patch(String object, JsonNode patch, boolean status) {}

        @Override
        public void setImage(String workload, String container, String image) {}

        @Override
        public void annotate(List<String> words) {}

        @Override
        public void delete(List<String> words) {}

        @Override
        public String shell(String script, Duration limit) {
            shells.add(script + " " + limit.toSeconds() + " s");
            return "said";
        }

        @Override
        public Work background(String script) {
            shells.add("begin " + script);
            return () -> shells.add("end " + script);
        }

        @Override
        public Map<String, JsonNode> objects() {
            return Map.of();
        }

        @Override
        public void sleep(Duration time) {}

        @Override
        public boolean await(BooleanSupplier condition, Duration limit) {
            waited.add(limit);
            return condition.getAsBoolean() || comes;
        }

        @Override
        public double now() {
            return 0;
        }
    }
}
