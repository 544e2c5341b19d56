package dev.serinus.conformance.fast;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

import dev.serinus.conformance.recording.Recording;
import dev.serinus.conformance.scenario.Library;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** All services at a release that is compared with a baseline, and what the cluster showed. */
class BaselineRunTest {

    private static final String ROUTE = "httproutes/podinfo";
    private static final String BASELINE = "deployments/podinfo-baseline";

    private static Recording play(String name) throws InterruptedException {
        try (var stage = new FastStage(Library.in(Path.of("src/test/resources/baseline")))) {
            var played = Recording.of(stage.play(name).tree());
            assertThat(played.error()).isNull();
            return played;
        }
    }

    /** What the route gave primary, canary and baseline, one after the other. */
    private static List<String> shares(Recording played) {
        List<String> shares = new ArrayList<>();
        for (JsonNode entry : played.timeline()) {
            if (entry.path("object").asText().equals(ROUTE)) {
                String now =
                        String.join(
                                "/",
                                entry.at("/is/spec/rules/0/backendRefs")
                                        .valueStream()
                                        .map(it -> it.path("weight").asText())
                                        .toList());
                if (!now.isEmpty() && (shares.isEmpty() || !shares.getLast().equals(now))) {
                    shares.add(now);
                }
            }
        }
        return shares;
    }

    /** What became of the baseline's Deployment, one after the other. */
    private static List<String> lives(Recording played) {
        List<String> lives = new ArrayList<>();
        for (JsonNode entry : played.timeline()) {
            if (entry.path("object").asText().equals(BASELINE)) {
                String now =
                        entry.path("deleted").asBoolean()
                                ? "deleted"
                                : entry.at("/is/images/0").asText()
                                        + " x"
                                        + entry.at("/is/replicas").asInt();
                if (lives.isEmpty() || !lives.getLast().equals(now)) {
                    lives.add(now);
                }
            }
        }
        return lives;
    }

    @Test
    void itComesAndGoesWithEachRun() throws InterruptedException {
        var played = play("released");

        assertThat(shares(played))
                .containsExactly(
                        // Promoted: its share goes before the primary changes.
                        "100/0/0",
                        "80/10/10",
                        "30/40/30",
                        "60/40/0",
                        // Taken back: both shares go at once.
                        "100/0/0",
                        "80/10/10",
                        "30/40/30",
                        "100/0/0");
        assertThat(lives(played))
                .containsExactly("podinfo:1 x2", "deleted", "podinfo:2 x2", "deleted");
    }

    @Test
    void itIsThereAgainForWhoeverDeletesItAndForANewerRevision() throws InterruptedException {
        var played = play("disturbed");

        assertThat(lives(played))
                .containsExactly("podinfo:1 x2", "deleted", "podinfo:1 x2", "deleted");
        assertThat(shares(played)).endsWith("30/40/30", "60/40/0", "100/0/0");
    }

    @Test
    void itGoesWithTheCanary() throws InterruptedException {
        assertThat(lives(play("deleted"))).containsExactly("podinfo:1 x2", "deleted");
    }

    @ParameterizedTest
    @ValueSource(strings = {"released", "deleted"})
    void itHasAShareOnlyWhileItsPodsAreThere(String name) throws InterruptedException {
        boolean there = false;
        for (JsonNode entry : play(name).timeline()) {
            String object = entry.path("object").asText();
            if (object.equals(BASELINE)) {
                there = !entry.path("deleted").asBoolean();
            }
            boolean share = entry.at("/is/spec/rules/0/backendRefs/2/weight").asInt() > 0;
            assertThat(share && !there).as("%s", entry).isFalse();
        }
    }
}
