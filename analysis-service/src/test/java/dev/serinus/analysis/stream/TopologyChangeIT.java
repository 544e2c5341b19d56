package dev.serinus.analysis.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serinus.broker.EmbeddedBroker;
import dev.serinus.schemas.topic.CanaryKey;
import dev.serinus.schemas.topic.TopicKind;

import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** An analysis comes back in the place of one that had a store less, in the middle of a release. */
@Tag("long")
class TopologyChangeIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String NEW = changelog(RolloutProcessor.FLEETS);

    @Test
    void aStoreThatTheOneBeforeDidNotHaveIsKeptAndTheReleaseGoesOn(@TempDir Path data)
            throws Exception {
        var canary = new PretendCluster(new CanaryKey("west", "test", "cart"), 500);
        Path state = data.resolve("analysis");
        try (var broker = EmbeddedBroker.start(data.resolve("broker"), 0);
                var edges = new Edges(broker.bootstrapServers());
                var admin =
                        Admin.create(
                                Map.of(
                                        CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG,
                                        broker.bootstrapServers()))) {
            // Given
            edges.provision(List.of(TopicKind.values()), "west");
            try (var before = AnalysisProcess.start(broker.bootstrapServers(), state)) {
                await().atMost(PATIENCE).until(before::ready);
                edges.join(canary);
                awaitPhase(edges, canary, "Initialized");
                edges.tell(canary.released("b"));
                awaitPhase(edges, canary, "Progressing");
                before.kill();
            }
            admin.deleteTopics(Set.of(NEW)).all().get();
            await().atMost(PATIENCE).until(() -> !admin.listTopics().names().get().contains(NEW));
            Files.delete(state.resolve("topology"));

            // When
            try (var after = AnalysisProcess.start(broker.bootstrapServers(), state)) {

                // Then
                await().atMost(PATIENCE).until(after::ready);
                awaitPhase(edges, canary, "Succeeded");
                assertThat(partitions(admin, RolloutProcessor.FLEETS))
                        .isEqualTo(partitions(admin, RolloutProcessor.ROLLOUTS));
            }
        }
    }

    private static String changelog(String store) {
        return "serinus-analysis-" + store + "-changelog";
    }

    private static List<Integer> partitions(Admin admin, String store) throws Exception {
        return admin
                .describeTopics(Set.of(changelog(store)))
                .allTopicNames()
                .get()
                .values()
                .stream()
                .map(found -> found.partitions().size())
                .toList();
    }

    private static void awaitPhase(Edges edges, PretendCluster each, String phase) {
        await(each.canary + " is " + phase)
                .atMost(PATIENCE)
                .until(() -> edges.phase(each.canary).equals(phase));
    }
}
