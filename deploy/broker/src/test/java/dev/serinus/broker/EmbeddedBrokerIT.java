package dev.serinus.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;

class EmbeddedBrokerIT {

    @TempDir Path data;

    @Test
    void keepsItsTopicsRecordsAndIdentityFromOneRunToTheNext() throws Exception {
        // Given
        String identity;
        try (var broker = EmbeddedBroker.start(data, 0);
                var admin = admin(broker)) {
            admin.createTopics(List.of(new NewTopic("kept", 3, (short) 1))).all().get();
            identity = admin.describeCluster().clusterId().get();
            publish(broker, "kept", "one");
        }

        // When
        try (var again = EmbeddedBroker.start(data, 0);
                var admin = admin(again)) {
            // Then
            assertThat(admin.describeCluster().clusterId().get()).isEqualTo(identity);
            assertThat(admin.listTopics().names().get()).contains("kept");
            publish(again, "kept", "two");
        }
    }

    @Test
    void makesNoTopicBecauseSomebodyNamedIt() {
        try (var broker = EmbeddedBroker.start(data, 0)) {
            assertThatThrownBy(() -> publish(broker, "misspelt", "x"))
                    .isInstanceOf(ExecutionException.class);
        }
    }

    @Test
    void askedForAccountsItLetsInWhoHasOneAndAllowsNothingThatNobodyAllowed() throws Exception {
        // Given
        var accounts =
                new BrokerAccounts("admin", Map.of("admin", "secret-1", "reader", "secret-2"));
        try (var broker = EmbeddedBroker.start(data, 0, accounts);
                var admin = admin(broker, accounts.client("admin"));
                var reader = admin(broker, accounts.client("reader"))) {
            admin.createTopics(List.of(new NewTopic("kept", 3, (short) 1))).all().get();

            // Then
            assertThat(admin.describeTopics(List.of("kept")).allTopicNames().get()).hasSize(1);
            assertThatThrownBy(() -> reader.describeTopics(List.of("kept")).allTopicNames().get())
                    .hasCauseInstanceOf(TopicAuthorizationException.class);
            try (var stranger =
                    admin(broker, new BrokerAccounts("x", Map.of("x", "y")).client("x"))) {
                assertThatThrownBy(() -> stranger.describeCluster().clusterId().get())
                        .hasCauseInstanceOf(SaslAuthenticationException.class);
            }
        }
        assertThat(accounts.toString()).doesNotContain("secret");
    }

    private static Admin admin(EmbeddedBroker broker, Map<String, String> account) {
        Map<String, Object> all = new HashMap<>(account);
        all.put("bootstrap.servers", broker.bootstrapServers());
        return Admin.create(all);
    }

    private static void publish(EmbeddedBroker broker, String topic, String value)
            throws Exception {
        Map<String, Object> config =
                Map.of("bootstrap.servers", broker.bootstrapServers(), "max.block.ms", "3000");
        try (var producer =
                new KafkaProducer<>(config, new StringSerializer(), new StringSerializer())) {
            producer.send(new ProducerRecord<>(topic, value)).get();
        }
    }

    private static Admin admin(EmbeddedBroker broker) {
        return Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
    }
}
