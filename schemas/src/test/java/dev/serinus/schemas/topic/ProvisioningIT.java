package dev.serinus.schemas.topic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.broker.EmbeddedBroker;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;

class ProvisioningIT {

    private static final short ONE = 1;

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

    private static String setting(Admin admin, String topic, String name) throws Exception {
        var resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        Config config = admin.describeConfigs(List.of(resource)).all().get().get(resource);
        return Objects.requireNonNull(config).get(name).value();
    }
}
