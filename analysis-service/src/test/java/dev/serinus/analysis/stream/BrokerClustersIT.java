package dev.serinus.analysis.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serinus.broker.EmbeddedBroker;
import dev.serinus.schemas.runtime.KafkaSettings;
import dev.serinus.schemas.topic.Provisioning;
import dev.serinus.schemas.topic.TopicKind;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

class BrokerClustersIT {

    private Instant now = Instant.EPOCH;

    @Test
    void aClusterWhoseInputsDifferInPartitionsWaitsAloneUntilTheyAreEqual(@TempDir Path data)
            throws Exception {
        try (var broker = EmbeddedBroker.start(data, 0);
                var admin =
                        Admin.create(KafkaSettings.at(broker.bootstrapServers()).with(Map.of()))) {
            // Given
            Provisioning.ensureTopics(admin, List.of("west", "east"), 2, (short) 1);
            grow(admin, TopicKind.CHANGES);
            hide(admin, TopicKind.ALERT_DELIVERIES.name("west"));
            List<String> found = new ArrayList<>();
            var clusters = new BrokerClusters(admin, () -> now, found::add);
            // Then
            assertThat(clusters.complete("west")).isTrue();
            assertThat(clusters.complete("east")).isFalse();
            assertThat(found).containsExactly("west");
            // When
            Stream.of(TopicKind.values())
                    .filter(kind -> kind.isInput() && kind != TopicKind.CHANGES)
                    .forEach(kind -> grow(admin, kind));
            now = now.plusSeconds(2);
            // Then
            assertThat(clusters.complete("east")).isTrue();
            assertThat(found).containsExactly("west", "east");
        }
    }

    /** As the rights of others hide their topics. */
    private static void hide(Admin admin, String topic) throws Exception {
        admin.deleteTopics(List.of(topic)).all().get();
        await().until(() -> !admin.listTopics().names().get().contains(topic));
    }

    private static void grow(Admin admin, TopicKind kind) {
        String topic = kind.name("east");
        admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(3)))
                .all()
                .toCompletionStage()
                .toCompletableFuture()
                .join();
        // The controller has done it then; the broker that is asked may not know it yet.
        await().until(() -> hasThreePartitions(admin, topic));
    }

    private static boolean hasThreePartitions(Admin admin, String topic) throws Exception {
        return admin.describeTopics(List.of(topic)).allTopicNames().get().values().stream()
                .allMatch(it -> it.partitions().size() == 3);
    }
}
