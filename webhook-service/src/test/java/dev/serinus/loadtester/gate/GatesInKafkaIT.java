package dev.serinus.loadtester.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serinus.broker.EmbeddedBroker;
import dev.serinus.schemas.runtime.KafkaSettings;
import dev.serinus.schemas.topic.TopicKind;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Instant;
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
        try (var gates = GatesInKafka.open(kafka, "lab")) {
            assertThatThrownBy(() -> gates.find(GATE))
                    .isInstanceOf(GateStore.Unavailable.class)
                    .hasMessage("gates cannot be looked at now: Kafka does not answer within 5 s");
        }
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
