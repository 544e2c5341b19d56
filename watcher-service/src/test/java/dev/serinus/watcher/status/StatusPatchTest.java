package dev.serinus.watcher.status;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;

import dev.serinus.schemas.events.StatusUpdate;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.List;

class StatusPatchTest {

    private static final Instant NOW = Instant.parse("2026-11-25T12:00:00Z");

    private static StatusUpdate.Builder update() {
        return StatusUpdate.newBuilder()
                .setPhase("Progressing")
                .setCanaryWeight(30)
                .setFailedChecks(0)
                .setIterations(0)
                .setPromoted("Unknown")
                .setMessage("New revision detected, progressing canary analysis.")
                .setProblems(List.of())
                .setRun(1)
                .setStep(2)
                .setRevision("b")
                .setWaitingFor("")
                .setObservedGeneration(1);
    }

    @Test
    void aCookieIsWrittenTakenAwayOrLeftAsItIs() {
        // Given
        var before = JsonNodeFactory.instance.objectNode();
        before.put("sessionAffinityCookie", "stick=a")
                .put("primarySessionAffinityCookie", "stay=b");
        var update =
                update().setSessionAffinityCookie("")
                        .setPreviousSessionAffinityCookie("stick=a")
                        .build();
        // When
        var patch = StatusPatch.of(before, update, 1, NOW);
        // Then
        assertThat(patch.path("sessionAffinityCookie").isNull()).isTrue();
        assertThat(patch.path("previousSessionAffinityCookie").asText()).isEqualTo("stick=a");
        assertThat(patch.has("primarySessionAffinityCookie")).isFalse();
    }
}
