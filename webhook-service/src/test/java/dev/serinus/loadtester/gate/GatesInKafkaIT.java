package dev.serinus.loadtester.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serinus.broker.EmbeddedBroker;
import dev.serinus.schemas.runtime.KafkaKeptRecords;
import dev.serinus.schemas.runtime.KafkaOutbox;
import dev.serinus.schemas.runtime.KafkaSettings;
import dev.serinus.schemas.runtime.Topics;
import dev.serinus.schemas.topic.TopicKind;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** On a real broker, over restarts of the load tester and without its broker. */
class GatesInKafkaIT {

    private static final Instant NOW = Instant.parse("2026-11-30T04:00:00Z");
    private static final GateName GATE = new GateName("test", "podinfo", GateKind.GATE);
    private static final GateName ROLLBACK = new GateName("test", "podinfo", GateKind.ROLLBACK);
    private static final Gate OPEN = new Gate(true, "ada", "looked at it", NOW);
    private static final Gate CLOSED = new Gate(false, "bob", "", NOW.plusSeconds(1));

    @Test
    void aRestartForgetsNoGateAndWithoutTheBrokerNobodyIsToldAnything(@TempDir Path data)
            throws Exception {
        KafkaSettings kafka;
        try (var broker = EmbeddedBroker.start(data, 0)) {
            kafka = KafkaSettings.at(broker.bootstrapServers());
            try (var gates = GatesInKafka.open(kafka, "lab")) {
                for (ThrowingCallable each : all(gates)) {
                    assertThatThrownBy(each)
                            .isInstanceOf(GateStore.Unavailable.class)
                            .hasMessage(
                                    "gates cannot be looked at now: there is no topic"
                                            + " serinus.lab.gates, or it may not be read:"
                                            + " `serinus topics apply` makes it");
                }
            }
            create(kafka);
            try (var gates = GatesInKafka.open(kafka, "lab")) {
                gates.keep(GATE, OPEN);
                gates.keep(ROLLBACK, CLOSED);
            }
            try (var gates = GatesInKafka.open(kafka, "lab");
                    var second = GatesInKafka.open(kafka, "lab")) {
                assertThat(gates.all()).isEqualTo(Map.of(GATE, OPEN, ROLLBACK, CLOSED));
                assertThat(gates.find(GATE)).contains(OPEN);
                assertThat(gates.find(new GateName("test", "other", GateKind.GATE))).isEmpty();

                gates.keep(GATE, CLOSED);
                assertThat(second.find(GATE)).contains(CLOSED);
                assertThat(second.find(ROLLBACK)).contains(CLOSED);
            }
        }
        var topic = new Topics(kafka).gates("lab");
        try (var outbox = new KafkaOutbox(kafka, "test");
                var records = new KafkaKeptRecords<>(topic, kafka, outbox);
                var gates =
                        new GatesInKafka(
                                "lab", records, records::close, Duration.ofSeconds(1), "")) {
            // What the first look leaves behind is no answer to the next.
            for (ThrowingCallable each : all(gates)) {
                assertThatThrownBy(each)
                        .isInstanceOf(GateStore.Unavailable.class)
                        .hasMessage(
                                "gates cannot be looked at now: Kafka does not answer within 1 s");
            }
        }
    }

    private static List<ThrowingCallable> all(GateStore gates) {
        return List.of(
                () -> gates.find(GATE),
                () -> gates.keep(GATE, OPEN),
                () -> gates.find(GATE),
                gates::all);
    }

    private static void create(KafkaSettings kafka) throws Exception {
        try (var admin = Admin.create(kafka.with(Map.of()))) {
            admin.createTopics(
                            Stream.of(TopicKind.GATES, TopicKind.SCHEMAS)
                                    .map(
                                            kind ->
                                                    new NewTopic(kind.name("lab"), 3, (short) 1)
                                                            .configs(kind.settings()))
                                    .toList())
                    .all()
                    .get();
        }
    }
}
