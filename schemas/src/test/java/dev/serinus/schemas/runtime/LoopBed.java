package dev.serinus.schemas.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.serinus.broker.EmbeddedBroker;
import dev.serinus.schemas.events.Action;
import dev.serinus.schemas.events.ActionKind;
import dev.serinus.schemas.events.DeadLetter;
import dev.serinus.schemas.topic.CanaryKey;
import dev.serinus.schemas.topic.Topic;
import dev.serinus.schemas.topic.TopicKind;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;

/** A broker with the topics of any number of clusters, and the loops that a test starts on them. */
final class LoopBed implements AutoCloseable {

    private static final short ONE = 1;

    private final EmbeddedBroker broker;
    private final KafkaProducer<byte[], byte[]> raw;
    final KafkaOutbox outbox;

    LoopBed(Path data) {
        broker = EmbeddedBroker.start(data, 0);
        raw =
                new KafkaProducer<>(
                        Map.of(
                                "bootstrap.servers",
                                bootstrapServers(),
                                "max.in.flight.requests.per.connection",
                                1),
                        new ByteArraySerializer(),
                        new ByteArraySerializer());
        outbox = new KafkaOutbox(settings(), "test-outbox");
    }

    String bootstrapServers() {
        return broker.bootstrapServers();
    }

    KafkaSettings settings() {
        return KafkaSettings.at(bootstrapServers());
    }

    /**
     * Makes the two topics of a cluster that tests use, each cluster with partitions of its own.
     */
    void provision(String cluster, int partitions) throws Exception {
        try (var admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers()))) {
            provision(admin, cluster, partitions);
        }
    }

    /** The same on another broker. */
    static void provision(Admin admin, String cluster, int partitions) throws Exception {
        admin.createTopics(
                        Stream.of(TopicKind.ACTIONS, TopicKind.DEAD_LETTERS)
                                .map(kind -> new NewTopic(kind.name(cluster), partitions, ONE))
                                .toList())
                .all()
                .get();
    }

    Topic<CanaryKey, Action> actions(String cluster) {
        return new Topics(settings()).actions(cluster);
    }

    RecordLoop<Action> loop(String cluster, RecordHandler<Action> handler) {
        return RecordLoop.start(
                actions(cluster), "test-" + cluster, cluster, settings(), outbox, handler);
    }

    void publish(String cluster, String name, String reason) {
        byte[] value =
                actions(cluster)
                        .values()
                        .serializer()
                        .serialize("any", action(cluster, name, reason));
        publish(cluster, (cluster + "/ns/" + name).getBytes(UTF_8), value);
    }

    void publish(String cluster, byte @Nullable [] key, byte @Nullable [] value) {
        var _ = raw.send(new ProducerRecord<>(actions(cluster).name(), key, value));
    }

    void flush() {
        raw.flush();
    }

    static Action action(String cluster, String name, String reason) {
        return Action.newBuilder()
                .setCanary(cluster + "/ns/" + name)
                .setActor("ada")
                .setAskedAt(Instant.EPOCH)
                .setAction(ActionKind.PAUSE)
                .setReason(reason)
                .build();
    }

    /** All dead letters of a cluster, once there are {@code count} of them. */
    List<DeadLetter> deadLetters(String cluster, int count) {
        var topic = new Topics(settings()).deadLetters(cluster);
        List<DeadLetter> letters = new ArrayList<>();
        try (var consumer =
                new KafkaConsumer<>(
                        Map.of("bootstrap.servers", bootstrapServers()),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer())) {
            var partitions =
                    consumer.partitionsFor(topic.name()).stream()
                            .map(p -> new TopicPartition(p.topic(), p.partition()))
                            .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Instant end = Instant.now().plusSeconds(20);
            while (letters.size() < count && Instant.now().isBefore(end)) {
                consumer.poll(Duration.ofMillis(100))
                        .forEach(
                                record ->
                                        letters.add(
                                                topic.values()
                                                        .deserializer()
                                                        .deserialize(
                                                                topic.name(), record.value())));
            }
        }
        return letters;
    }

    @Override
    public void close() {
        raw.close(Duration.ZERO);
        outbox.close();
        broker.close();
    }

    /** Notes what it is given, as name and reason. */
    static final class Notebook implements RecordHandler<Action> {

        final Queue<String> entries = new ConcurrentLinkedQueue<>();

        @Override
        public void handle(CanaryKey canary, Action value) throws InterruptedException {
            entries.add(canary.name() + " " + value.getReason());
        }

        List<String> of(String name) {
            return entries.stream().filter(entry -> entry.startsWith(name + " ")).toList();
        }
    }
}
