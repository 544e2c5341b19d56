package dev.serinus.schemas.topic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.broker.EmbeddedBroker;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;

class ProvisioningIT {

    private static final short ONE = 1;
    private static final String LIMIT = "max.decompressed.message.bytes";

    @Test
    void createsWhatIsMissingAndLeavesWhatIsThere(@TempDir Path data) throws Exception {
        try (var broker = EmbeddedBroker.start(data, 0);
                var admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            // Given
            Provisioning.ensureTopics(admin, List.of("east"), 3, ONE);

            // When: a cluster is added, by somebody who thinks of another number
            Provisioning.ensureTopics(admin, List.of("east", "west"), 12, ONE);

            // Then
            var names = TopicKind.names(List.of("east", "west"));
            assertThat(admin.listTopics().names().get()).containsAll(names);
            assertThat(admin.describeTopics(names).allTopicNames().get().values())
                    .allSatisfy(topic -> assertThat(topic.partitions()).hasSize(3));
            assertThat(setting(admin, "serinus.west.actions", "retention.ms"))
                    .isEqualTo(Long.toString(90L * 24 * 60 * 60 * 1000));
            assertThat(setting(admin, "serinus.rollouts", "cleanup.policy")).isEqualTo("compact");
        }
    }

    @Test
    void boundsWhatARecordMayUnpackToOnTopicsThatWereThereToo(@TempDir Path data) throws Exception {
        try (var broker = EmbeddedBroker.start(data, 0);
                var admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            // Given: made by an earlier release, and one with a limit that somebody chose
            String changes = TopicKind.CHANGES.name("east");
            String actions = TopicKind.ACTIONS.name("east");
            admin.createTopics(
                            List.of(
                                    new NewTopic(changes, 3, ONE)
                                            .configs(Map.of("max.message.bytes", "2000000")),
                                    new NewTopic(actions, 3, ONE).configs(Map.of(LIMIT, "300000"))))
                    .all()
                    .get();
            assertThat(UnpackedSize.unbounded(admin, List.of(changes, actions)))
                    .containsExactly(changes);

            // When
            Provisioning.ensureTopics(admin, List.of("east"), 3, ONE);

            // Then
            assertThat(UnpackedSize.unbounded(admin, TopicKind.names(List.of("east")))).isEmpty();
            assertThat(setting(admin, changes, LIMIT)).isEqualTo("2000000");
            assertThat(setting(admin, actions, LIMIT)).isEqualTo("300000");
        }
    }

    @Test
    void aBrokerThatDoesNotKnowTheLimitUnpacksByItself(@TempDir Path data) throws Exception {
        try (var broker = EmbeddedBroker.start(data, 0);
                var admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            // Given
            admin.createTopics(List.of(new NewTopic("old", 1, ONE))).all().get();

            // When: a name that no broker knows
            UnpackedSize.bound(admin, List.of("old"), "max.unpacked.bytes");

            // Then
            assertThat(UnpackedSize.unbounded(admin, List.of("old"))).isEmpty();
            assertThat(setting(admin, "old", "compression.type")).isEqualTo("uncompressed");
        }
    }

    private static String setting(Admin admin, String topic, String name) throws Exception {
        var resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        Config config = admin.describeConfigs(List.of(resource)).all().get().get(resource);
        return Objects.requireNonNull(config).get(name).value();
    }
}
