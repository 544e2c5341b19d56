package dev.serinus.analysis.keptgate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serinus.analysis.lookup.LookupFailed;
import dev.serinus.broker.EmbeddedBroker;
import dev.serinus.schemas.events.GateState;
import dev.serinus.schemas.events.GateStates;
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
import java.util.concurrent.Executors;
import java.util.stream.Stream;

/** Gates of a load tester, seen and turned on a real broker. */
class KeptGatesInKafkaIT {

    private static final Instant AT = Instant.parse("2026-11-22T10:00:00Z");
    private static final CanaryKey CART = new CanaryKey("west", "shop", "cart");

    @TempDir Path data;

    @Test
    void whatTheLoadTesterKeptIsSeenAndOneIsTurnedBesideTheOther() throws Exception {
        try (var broker = EmbeddedBroker.start(data, 0)) {
            // Given
            var kafka = KafkaSettings.at(broker.bootstrapServers());
            topics(broker, "west");
            var rollback = new GateState("rollback", true, "ada", "odd", AT);
            try (var outbox = new KafkaOutbox(kafka, "loadtester")) {
                outbox.send(
                        new Topics(kafka).gates("west"),
                        CART,
                        new GateStates(CART.toString(), List.of(rollback)));
                outbox.send( // of one cluster, said in the topic of another
                        new Topics(kafka).gates("west"),
                        new CanaryKey("east", "shop", "cart"),
                        new GateStates("east/shop/cart", List.of(rollback)));
            }
            var gates = new KeptGatesInKafka(kafka);
            var wished = new KeptGate(KeptGateKind.GATE, true, "ben", "looked at it", AT);

            // When
            var before = gates.read(_ -> true);
            boolean stands = gates.turn(CART, wished);

            // Then
            var told = new KeptGate(KeptGateKind.ROLLBACK, true, "ada", "odd", AT);
            assertThat(before.clusters()).containsExactly("west");
            assertThat(before.gates()).containsOnly(Map.entry(CART, List.of(told)));
            assertThat(stands).isTrue();
            assertThat(gates.read("west"::equals).gates().get(CART))
                    .containsExactlyInAnyOrder(told, wished);
            assertThat(gates.read("east"::equals).clusters()).isEmpty();
            assertThatThrownBy(() -> gates.turn(new CanaryKey("east", "shop", "cart"), wished))
                    .isInstanceOf(LookupFailed.class)
                    .hasMessageContaining("no load tester keeps gates in east");
        }
    }

    /** As two instances do, or two requests of one. */
    @Test
    void whoeverIsToldThatAGateIsTurnedFindsItTurned() throws Exception {
        try (var broker = EmbeddedBroker.start(data, 0);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            // Given
            var kafka = KafkaSettings.at(broker.bootstrapServers());
            topics(broker, "west");
            var one = new KeptGatesInKafka(kafka);
            var other = new KeptGatesInKafka(kafka);
            for (int round = 0; round < 8; round++) {
                // When
                var gate =
                        new KeptGate(
                                KeptGateKind.GATE,
                                round % 2 == 0,
                                "ada",
                                "",
                                AT.plusSeconds(round));
                var rollback =
                        new KeptGate(
                                KeptGateKind.ROLLBACK,
                                round % 2 == 0,
                                "ben",
                                "",
                                AT.plusSeconds(round));
                var elsewhere = round < 4 ? other : one;
                var turned = threads.submit(() -> one.turn(CART, gate));
                var turnedToo = threads.submit(() -> elsewhere.turn(CART, rollback));

                // Then
                assertThat(turned.get()).isTrue();
                assertThat(turnedToo.get()).isTrue();
                assertThat(one.read(_ -> true).gates().get(CART))
                        .containsExactlyInAnyOrder(gate, rollback);
            }
        }
    }

    private static void topics(EmbeddedBroker broker, String cluster) throws Exception {
        try (var admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            admin.createTopics(
                            Stream.of(TopicKind.GATES, TopicKind.SCHEMAS)
                                    .map(
                                            kind ->
                                                    new NewTopic(kind.name(cluster), 2, (short) 1)
                                                            .configs(kind.settings()))
                                    .toList())
                    .all()
                    .get();
        }
    }
}
