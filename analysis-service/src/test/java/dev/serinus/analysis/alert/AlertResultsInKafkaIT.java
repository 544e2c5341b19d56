package dev.serinus.analysis.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serinus.analysis.lookup.LookupFailed;
import dev.serinus.broker.EmbeddedBroker;
import dev.serinus.schemas.events.AlertResult;
import dev.serinus.schemas.events.Severity;
import dev.serinus.schemas.runtime.KafkaOutbox;
import dev.serinus.schemas.runtime.KafkaSettings;
import dev.serinus.schemas.runtime.Topics;
import dev.serinus.schemas.topic.CanaryKey;
import dev.serinus.schemas.topic.TopicKind;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** What became of alerts, read back from a real broker. */
class AlertResultsInKafkaIT {

    private static final CanaryKey CART = new CanaryKey("west", "shop", "cart");
    private static final CanaryKey OTHER = new CanaryKey("west", "shop", "other");

    @TempDir Path data;

    @Test
    void thoseOfOneCanaryAreReadBackInPartsAndNoneBeforeATime() throws Exception {
        try (var broker = EmbeddedBroker.start(data, 0)) {
            // Given
            var kafka = KafkaSettings.at(broker.bootstrapServers());
            var results = new AlertResultsInKafka(kafka);
            assertThatThrownBy(() -> results.before(CART, null, null, 10))
                    .as("before the topic is made")
                    .isInstanceOf(LookupFailed.class)
                    .hasMessageContaining("serinus.west.alert-results");
            try (var admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
                admin.createTopics(
                                List.of(
                                        new NewTopic(
                                                TopicKind.ALERT_RESULTS.name("west"),
                                                3,
                                                (short) 1)))
                        .all()
                        .get();
            }
            var topic = new Topics(kafka).alertResults("west");
            try (var outbox = new KafkaOutbox(kafka, "test")) {
                for (int n = 1; n <= 5; n++) {
                    outbox.send(topic, CART, result(CART, n));
                    outbox.send(topic, OTHER, result(OTHER, n));
                }
            }

            // When
            var last = results.before(CART, null, null, 2);
            var rest = results.before(CART, null, last.earlier(), 10);

            // Then
            assertThat(last.results()).extracting(AlertResult::getSequence).containsExactly(4L, 5L);
            assertThat(rest.results())
                    .extracting(AlertResult::getSequence)
                    .containsExactly(1L, 2L, 3L);
            assertThat(rest.earlier()).isNull();
            assertThat(results.before(CART, Instant.now().plusSeconds(7_200), null, 10).results())
                    .isEmpty();
            assertThat(results.before(CART, Instant.now().plusSeconds(600), null, 10).results())
                    .as("a notifier whose clock is ten minutes slow")
                    .hasSize(5);
        }
    }

    private static AlertResult result(CanaryKey canary, long sequence) {
        return AlertResult.newBuilder()
                .setCanary(canary.toString())
                .setUid("uid-1")
                .setRun(1)
                .setSequence(sequence)
                .setKey("msg_" + sequence)
                .setAlert("on-call")
                .setProvider("on-call.shop")
                .setType("slack")
                .setSeverity(Severity.INFO)
                .setMessage("new revision")
                .setOutcome("delivered")
                .setAttempts(1)
                .setAt(Instant.now())
                .build();
    }
}
