package dev.serinus.analysis.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serinus.broker.EmbeddedBroker;
import dev.serinus.schemas.topic.CanaryKey;
import dev.serinus.schemas.topic.TopicKind;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** One cluster's topics are deleted under a running hub of two, and made again. */
@Tag("long")
class VanishedTopicsIT {

    private static final Duration PATIENCE = Duration.ofSeconds(90);

    /** Less than Kafka's own two minutes for a send, more than a transaction and its aftermath. */
    private static final Duration HELD_UP = Duration.ofSeconds(80);

    private static final List<TopicKind> OUTPUTS =
            Stream.of(TopicKind.values())
                    .filter(kind -> !kind.isInput() && !kind.isOfHub())
                    .toList();

    @Test
    void theOtherClusterIsHeldUpForAMomentAndTheirOwnGoesOnOnceTheyAreBack(@TempDir Path data)
            throws Exception {
        var west = new PretendCluster(new CanaryKey("west", "test", "stays"), 500);
        var east = new PretendCluster(new CanaryKey("east", "test", "vanishes"), 500);
        try (var broker = EmbeddedBroker.start(data.resolve("broker"), 0);
                var edges = new Edges(broker.bootstrapServers())) {
            // Given
            edges.provision(List.of(TopicKind.values()), "west");
            edges.provision(
                    Stream.of(TopicKind.values()).filter(kind -> !kind.isOfHub()).toList(), "east");
            try (var analysis =
                    AnalysisProcess.start(broker.bootstrapServers(), data.resolve("analysis"))) {
                await().atMost(PATIENCE).until(analysis::ready);
                edges.join(west);
                edges.join(east);
                awaitPhase(edges, west, "Initialized", PATIENCE);
                awaitPhase(edges, east, "Initialized", PATIENCE);

                // When
                edges.delete(OUTPUTS, "east");
                edges.tell(east.released("b"));
                edges.tell(west.released("b"));

                // Then
                awaitPhase(edges, west, "Succeeded", HELD_UP);
                assertThat(edges.phase(east.canary)).isEqualTo("Initialized");
                edges.provision(OUTPUTS, "east");
                awaitPhase(edges, east, "Succeeded", PATIENCE);
            }
        }
    }

    private static void awaitPhase(
            Edges edges, PretendCluster each, String phase, Duration patience) {
        await(each.canary + " is " + phase)
                .atMost(patience)
                .until(() -> edges.phase(each.canary).equals(phase));
    }
}
