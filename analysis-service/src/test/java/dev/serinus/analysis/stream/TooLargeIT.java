package dev.serinus.analysis.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serinus.broker.EmbeddedBroker;
import dev.serinus.schemas.events.Action;
import dev.serinus.schemas.events.ActionKind;
import dev.serinus.schemas.events.DeadLetter;
import dev.serinus.schemas.topic.CanaryKey;
import dev.serinus.schemas.topic.TopicKind;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Records near and over the limits of a real broker, which may be lower than our own. */
class TooLargeIT {

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final CanaryKey CANARY = new CanaryKey("west", "test", "podinfo");

    @Test
    void nothingThatIsTooLargeStopsTheStreamAndTheRolloutGoesOn(@TempDir Path data)
            throws Exception {
        var canary = new PretendCluster(CANARY, 500);
        try (var broker = EmbeddedBroker.start(data.resolve("broker"), 0);
                var edges = new Edges(broker.bootstrapServers())) {
            // Given
            edges.provision(List.of(TopicKind.values()), "west");
            edges.limit(TopicKind.JOURNAL, "west", 100_000);
            try (var analysis =
                    AnalysisProcess.start(broker.bootstrapServers(), data.resolve("analysis"))) {
                await().atMost(PATIENCE).until(analysis::ready);
                edges.join(canary);
                await().atMost(PATIENCE).until(() -> edges.phase(CANARY).equals("Initialized"));

                // When: as large as the broker takes, and one whose journal entry is too large
                edges.send(TopicKind.ACTIONS, CANARY, action(1_040_000));
                edges.send(TopicKind.ACTIONS, CANARY, action(200_000));
                edges.tell(canary.released("b"));

                // Then
                await().atMost(PATIENCE).until(() -> edges.phase(CANARY).equals("Succeeded"));
                List<DeadLetter> letters = edges.read(TopicKind.DEAD_LETTERS, "west");
                assertThat(letters)
                        .extracting(DeadLetter::getReason)
                        .satisfiesExactlyInAnyOrder(
                                input -> assertThat(input).contains("at most 524288 are taken"),
                                decision -> assertThat(decision).contains("serinus.west.journal"));
            }
        }
    }

    private static byte[] action(int size) {
        var action =
                Action.newBuilder()
                        .setCanary(CANARY.toString())
                        .setActor("ada")
                        .setAskedAt(Instant.EPOCH)
                        .setAction(ActionKind.RESUME)
                        .setReason("x".repeat(size))
                        .build();
        return Bench.SETTINGS.values().serializer().serialize("x", action);
    }
}
