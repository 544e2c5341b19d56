package dev.serinus.schemas.runtime;

import static dev.serinus.schemas.runtime.KafkaKeptRecords.WithoutTopic.FORGET_AT_THE_END;
import static dev.serinus.schemas.runtime.KafkaKeptRecords.WithoutTopic.REFUSE;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serinus.broker.EmbeddedBroker;
import dev.serinus.schemas.events.AlertDeliveries;
import dev.serinus.schemas.topic.CanaryKey;
import dev.serinus.schemas.topic.TopicKind;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Two processes that remember on one topic of a real broker. */
class KafkaKeptRecordsIT {

    private static final CanaryKey CANARY = new CanaryKey("lab", "test", "podinfo");
    private static final CanaryKey OTHER = new CanaryKey("lab", "test", "other");

    @Test
    void whatOneKeepsTheOtherKnowsAndWithoutATopicEachKnowsItsOwn(@TempDir Path data)
            throws Exception {
        try (var broker = EmbeddedBroker.start(data, 0)) {
            var kafka = KafkaSettings.at(broker.bootstrapServers());
            var topic = new Topics(kafka).alertDeliveries("lab");
            try (var outbox = new KafkaOutbox(kafka, "test");
                    var one = new KafkaKeptRecords<>(topic, kafka, outbox, FORGET_AT_THE_END);
                    var two = new KafkaKeptRecords<>(topic, kafka, outbox, FORGET_AT_THE_END);
                    var strict = new KafkaKeptRecords<>(topic, kafka, outbox, REFUSE)) {
                // Without a topic
                assertThatThrownBy(() -> strict.get(CANARY))
                        .isInstanceOf(KafkaKeptRecords.NoTopic.class)
                        .hasMessage(
                                "there is no topic serinus.lab.alert-deliveries, or it may not be"
                                        + " read: `serinus topics apply` makes it");
                assertThat(one.get(CANARY)).isEmpty();
                one.put(CANARY, told("a"));
                assertThat(one.get(CANARY)).contains(told("a"));
                assertThat(two.get(CANARY)).isEmpty();

                // With one, on which somebody else wrote
                create(kafka);
                try (var producer =
                        new KafkaProducer<>(
                                kafka.with(Map.of()),
                                new StringSerializer(),
                                new StringSerializer())) {
                    producer.send(
                                    new ProducerRecord<>(
                                            topic.name(), CANARY.toString(), "no Avro at all"))
                            .get();
                }
                assertThat(one.get(CANARY)).contains(told("a"));
                one.put(CANARY, told("a", "b"));
                assertThat(two.get(CANARY)).contains(told("a", "b"));
                two.put(CANARY, told("c"));
                two.put(OTHER, told("d"));
                assertThat(one.get(CANARY)).contains(told("c"));
                assertThat(strict.get(CANARY)).contains(told("c"));
                assertThat(one.known()).isEqualTo(Map.of(CANARY, told("c"), OTHER, told("d")));
            }
            // After a restart
            try (var outbox = new KafkaOutbox(kafka, "test");
                    var three = new KafkaKeptRecords<>(topic, kafka, outbox, FORGET_AT_THE_END)) {
                assertThat(three.get(CANARY)).contains(told("c"));
            }
        }
    }

    private static void create(KafkaSettings kafka) throws Exception {
        try (var admin = Admin.create(kafka.with(Map.of()))) {
            var kind = TopicKind.ALERT_DELIVERIES;
            admin.createTopics(
                            List.of(
                                    new NewTopic(kind.name("lab"), 3, (short) 1)
                                            .configs(kind.settings())))
                    .all()
                    .get();
        }
    }

    private static AlertDeliveries told(String... keys) {
        return AlertDeliveries.newBuilder()
                .setCanary(CANARY.toString())
                .setEvents(List.of(keys))
                .build();
    }
}
