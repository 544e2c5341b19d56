package dev.serinus.analysis.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.sun.net.httpserver.HttpServer;

import dev.serinus.analysis.permit.SilentCluster;
import dev.serinus.broker.EmbeddedBroker;
import dev.serinus.schemas.events.CanariesListed;
import dev.serinus.schemas.events.Change;
import dev.serinus.schemas.runtime.KafkaSettings;
import dev.serinus.schemas.topic.TopicKind;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

class HeartbeatReaderIT {

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Duration AFTER = Duration.ofMinutes(5);
    private static final int SINGLE_OBJECT_HEADER = 10;

    private final Instant started = Instant.now();
    private final AtomicLong secondsPassed = new AtomicLong();

    private Instant now() {
        return started.plusSeconds(secondsPassed.get());
    }

    @Test
    void aClusterThatSaysNothingMoreIsSilentAlsoForWhoWasStartedLater(@TempDir Path data)
            throws Exception {
        try (var broker = EmbeddedBroker.start(data, 0)) {
            var kafka = KafkaSettings.at(broker.bootstrapServers());
            String changes = TopicKind.CHANGES.name("west");
            try (var admin = Admin.create(kafka.with(Map.of()))) {
                admin.createTopics(List.of(new NewTopic(changes, 3, (short) 1))).all().get();
            }
            tell(kafka, changes, sign());
            var first = new HeardClusters();
            var looks = new AtomicInteger();
            try (var reader =
                    new HeartbeatReader(
                            kafka,
                            this::now,
                            first,
                            () -> {
                                if (looks.incrementAndGet() == 1) {
                                    throw new IllegalStateException("cannot be shown");
                                }
                            })) {
                reader.start();
                await().atMost(PATIENCE).until(() -> first.all(now(), AFTER).size() == 1);
                assertThat(first.all(now(), AFTER)).noneMatch(HeardClusters.State::silent);
                Instant heard = first.all(now(), AFTER).getFirst().heard();

                for (int i = 0; i < 20; i++) {
                    int before = looks.get();
                    secondsPassed.addAndGet(20);
                    await().atMost(PATIENCE).until(() -> looks.get() > before);
                }

                assertThat(first.silent(now(), AFTER).orElseThrow())
                        .containsExactly(new SilentCluster("west", heard));
            }
            var second = new HeardClusters();
            try (var reader = new HeartbeatReader(kafka, this::now, second, () -> {})) {
                reader.start();
                await().atMost(PATIENCE)
                        .until(
                                () ->
                                        second.all(now(), AFTER).stream()
                                                .anyMatch(HeardClusters.State::silent));
            }
        }
    }

    @Test
    void aListOfAWatcherWithoutSignsEndsThemAndOneOfAWatcherWithSignsIsNone(@TempDir Path data)
            throws Exception {
        try (var broker = EmbeddedBroker.start(data, 0)) {
            var kafka = KafkaSettings.at(broker.bootstrapServers());
            String west = TopicKind.CHANGES.name("west");
            String east = TopicKind.CHANGES.name("east");
            try (var admin = Admin.create(kafka.with(Map.of()))) {
                admin.createTopics(
                                List.of(
                                        new NewTopic(west, 3, (short) 1),
                                        new NewTopic(east, 3, (short) 1)))
                        .all()
                        .get();
            }
            tell(kafka, east, list().setAgainMillis(60_000));
            tell(kafka, west, sign());
            tell(kafka, west, 1_500); // further back than is looked at first
            var clusters = new HeardClusters();
            try (var reader = new HeartbeatReader(kafka, this::now, clusters, () -> {})) {
                reader.start();
                await().atMost(PATIENCE).until(() -> clusters.silent(now(), AFTER).isPresent());
                assertThat(clusters.all(now(), AFTER))
                        .extracting(HeardClusters.State::cluster)
                        .containsExactly("west");

                tell(kafka, west, list());

                await().atMost(PATIENCE).until(() -> clusters.all(now(), AFTER).isEmpty());
            }
        }
    }

    /** Of a cluster whose clock is fast what lay there at the start may be of yesterday. */
    @Test
    void aSignOfTomorrowThatLayThereAtTheStartIsNoSignOfLife(@TempDir Path data) throws Exception {
        try (var broker = EmbeddedBroker.start(data, 0)) {
            var kafka = KafkaSettings.at(broker.bootstrapServers());
            String west = TopicKind.CHANGES.name("west");
            try (var admin = Admin.create(kafka.with(Map.of()))) {
                admin.createTopics(List.of(new NewTopic(west, 3, (short) 1))).all().get();
            }
            byte[] fact = kafka.values().serializer().serialize(west, fact(sign()));
            long tomorrow = started.plus(Duration.ofMinutes(50)).toEpochMilli();
            send(kafka, new ProducerRecord<>(west, 0, tomorrow, "west/*/*".getBytes(UTF_8), fact));
            var clusters = new HeardClusters();
            try (var reader = new HeartbeatReader(kafka, this::now, clusters, () -> {})) {
                reader.start();
                await().atMost(PATIENCE).until(() -> clusters.silent(now(), AFTER).isPresent());
                assertThat(clusters.signs("west", now(), AFTER))
                        .isEqualTo(HeardClusters.Signs.UNKNOWN);

                send(
                        kafka,
                        new ProducerRecord<>(west, 0, tomorrow, "west/*/*".getBytes(UTF_8), fact));

                await().atMost(PATIENCE)
                        .until(
                                () ->
                                        clusters.signs("west", now(), AFTER)
                                                == HeardClusters.Signs.COME);
            }
        }
    }

    @Test
    void whileTheRegistryIsAwayItIsNotKnownWhoIsSilent(@TempDir Path data) throws Exception {
        var away = new AtomicBoolean(true);
        var asked = new AtomicInteger();
        var registry =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        registry.createContext(
                "/",
                exchange -> {
                    asked.incrementAndGet();
                    byte[] answer =
                            JsonNodeFactory.instance
                                    .objectNode()
                                    .put("schema", Change.getClassSchema().toString())
                                    .toString()
                                    .getBytes(UTF_8);
                    exchange.sendResponseHeaders(away.get() ? 503 : 200, answer.length);
                    exchange.getResponseBody().write(answer);
                    exchange.close();
                });
        registry.start();
        try (var broker = EmbeddedBroker.start(data, 0)) {
            var kafka =
                    new KafkaSettings(
                            Map.of(
                                    "bootstrap.servers",
                                    broker.bootstrapServers(),
                                    "schema.registry.url",
                                    "http://127.0.0.1:" + registry.getAddress().getPort()));
            String changes = TopicKind.CHANGES.name("west");
            try (var admin =
                    Admin.create(KafkaSettings.at(broker.bootstrapServers()).with(Map.of()))) {
                admin.createTopics(List.of(new NewTopic(changes, 3, (short) 1))).all().get();
            }
            byte[] alone =
                    KafkaSettings.at("none:0").values().serializer().serialize("", fact(sign()));
            send(
                    KafkaSettings.at(broker.bootstrapServers()),
                    changes,
                    ByteBuffer.allocate(alone.length - SINGLE_OBJECT_HEADER + 5)
                            .put((byte) 0)
                            .putInt(1)
                            .put(alone, SINGLE_OBJECT_HEADER, alone.length - SINGLE_OBJECT_HEADER)
                            .array());
            var clusters = new HeardClusters();
            try (var reader = new HeartbeatReader(kafka, this::now, clusters, () -> {})) {
                reader.start();
                await().atMost(PATIENCE).until(() -> asked.get() >= 2);
                assertThat(clusters.silent(now(), AFTER)).isEmpty();

                away.set(false);

                await().atMost(PATIENCE).until(() -> clusters.silent(now(), AFTER).isPresent());
                assertThat(clusters.all(now(), AFTER)).hasSize(1);
            }
        } finally {
            registry.stop(0);
        }
    }

    private static CanariesListed.Builder sign() {
        return list().setAfter("").setUntil("").setAgainMillis(60_000);
    }

    private static CanariesListed.Builder list() {
        return CanariesListed.newBuilder().setPartition(0).setPartitions(3).setCanaries(List.of());
    }

    /** So many records that are no signs. */
    private static void tell(KafkaSettings kafka, String topic, int records) {
        try (var producer =
                new KafkaProducer<>(
                        kafka.with(Map.of()),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            for (int i = 0; i < records; i++) {
                var _ =
                        producer.send(
                                new ProducerRecord<>(
                                        topic, 0, "west/shop/cart".getBytes(UTF_8), new byte[1]));
            }
        }
    }

    private static void tell(KafkaSettings kafka, String topic, CanariesListed.Builder listed)
            throws Exception {
        send(kafka, topic, kafka.values().serializer().serialize(topic, fact(listed)));
    }

    private static Change fact(CanariesListed.Builder listed) {
        return Change.newBuilder()
                .setCanary("west/*/*")
                .setUid("")
                .setObservedAt(Instant.now())
                .setBody(listed.build())
                .build();
    }

    private static void send(KafkaSettings kafka, String topic, byte[] fact) throws Exception {
        send(kafka, new ProducerRecord<>(topic, 0, "west/*/*".getBytes(UTF_8), fact));
    }

    private static void send(KafkaSettings kafka, ProducerRecord<byte[], byte[]> record)
            throws Exception {
        try (var producer =
                new KafkaProducer<>(
                        kafka.with(Map.of()),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            producer.send(record).get();
        }
    }
}
