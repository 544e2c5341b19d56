package dev.serinus.schemas.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serinus.broker.EmbeddedBroker;
import dev.serinus.schemas.events.Action;
import dev.serinus.schemas.events.ActionKind;
import dev.serinus.schemas.runtime.KafkaOutbox;
import dev.serinus.schemas.runtime.KafkaSettings;
import dev.serinus.schemas.runtime.Topics;
import dev.serinus.schemas.topic.CanaryKey;
import dev.serinus.schemas.topic.Service;
import dev.serinus.schemas.topic.TopicKind;

import org.apache.avro.SchemaNormalization;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Versions that know different schemas, on a real broker without a registry. */
class SchemaTopicIT {

    private static final short ONE = 1;
    private static EmbeddedBroker broker;
    private static KafkaSettings settings;

    @BeforeAll
    static void start(@TempDir Path data) {
        broker = EmbeddedBroker.start(data, 0);
        settings = KafkaSettings.at(broker.bootstrapServers());
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @Test
    void aRecordOfALaterVersionIsReadWithoutWhatIsNew() throws Exception {
        // Given
        provision("told", true);
        NewerAction.tell(settings, "told");

        // When
        Action read = read("told", NewerAction.write(action("told")));

        // Then
        assertThat(read).isEqualTo(action("told"));
    }

    @Test
    void aSchemaThatComesAfterAnotherWasLookedForInVainIsFound() throws Exception {
        // Given
        provision("late", true);
        byte[] newer = NewerAction.write(action("late"));
        assertThatThrownBy(() -> read("late", newer)).isInstanceOf(SerializationException.class);

        // When
        NewerAction.tell(settings, "late");

        // Then
        assertThat(read("late", newer)).isEqualTo(action("late"));
    }

    @Test
    void whatNobodyToldIsRefusedAndSoIsWhatAnotherClusterTold() throws Exception {
        // Given
        provision("mute", true);
        provision("other", true);
        NewerAction.tell(settings, "other");

        // Then
        assertThatThrownBy(() -> read("mute", NewerAction.write(action("mute"))))
                .isInstanceOf(SerializationException.class)
                .hasMessageContaining("none was told by who wrote it to serinus.mute.actions");
    }

    /** Whoever writes garbage on and on costs no more than a number of looks. */
    @Test
    void garbageIsNotLookedForOnAndOn() throws Exception {
        // Given
        provision("garbage", true);
        byte[] bytes = NewerAction.write(action("garbage"));
        for (int i = 0; i < 50; i++) {
            bytes[5] = (byte) i;
            assertThatThrownBy(() -> read("garbage", bytes))
                    .isInstanceOf(SerializationException.class);
        }

        // When
        NewerAction.tell(settings, "garbage");

        // Then
        assertThatThrownBy(() -> read("garbage", NewerAction.write(action("garbage"))))
                .isInstanceOf(SerializationException.class);
    }

    @Test
    void aHubWithoutTheTopicGoesOnAsBefore() throws Exception {
        // Given
        provision("without", false);

        // When
        try (var outbox = new KafkaOutbox(settings, "test")) {
            outbox.send(
                    new Topics(settings).actions("without"),
                    CanaryKey.parse("without/shop/cart"),
                    action("without"));
        }

        // Then
        assertThat(new Topics(settings).tell("without", Service.ANALYSIS)).isTrue();
        assertThatThrownBy(() -> read("without", NewerAction.write(action("without"))))
                .isInstanceOf(SerializationException.class);
    }

    @Test
    void whoeverWritesTellsTheSchemaFirst() throws Exception {
        // Given
        provision("writes", true);

        // When
        try (var outbox = new KafkaOutbox(settings, "test")) {
            outbox.send(
                    new Topics(settings).actions("writes"),
                    CanaryKey.parse("writes/shop/cart"),
                    action("writes"));
        }

        // Then
        assertThat(told("writes"))
                .containsExactly(
                        Map.entry(
                                "%016x"
                                        .formatted(
                                                SchemaNormalization.parsingFingerprint64(
                                                        Action.SCHEMA$)),
                                Action.SCHEMA$.toString()));
    }

    @Test
    void theAnalysisTellsAllThatItWritesToACluster() throws Exception {
        // Given
        provision("analysis", true);

        // When
        assertThat(new Topics(settings).tell("analysis", Service.ANALYSIS)).isTrue();

        // Then
        assertThat(told("analysis"))
                .hasSize(
                        (int)
                                Stream.of(TopicKind.values())
                                        .filter(
                                                kind ->
                                                        !kind.isOfHub()
                                                                && kind.value().isPresent()
                                                                && kind.writers()
                                                                        .contains(Service.ANALYSIS))
                                        .count());
    }

    @Test
    void anotherStartOfTheSameVersionAddsNothing() throws Exception {
        // Given
        provision("again", true);
        assertThat(new Topics(settings).tell("again", Service.ANALYSIS)).isTrue();
        long before = ends("again");
        assertThat(before).isPositive();

        // When
        var started =
                new KafkaSettings(
                        Map.of(
                                "bootstrap.servers",
                                broker.bootstrapServers(),
                                "client.id",
                                "another"));
        assertThat(new Topics(started).tell("again", Service.ANALYSIS)).isTrue();

        // Then
        assertThat(ends("again")).isEqualTo(before);
    }

    private static Action read(String cluster, byte[] bytes) {
        return settings.<Action>values(Action.class)
                .deserializer()
                .deserialize(TopicKind.ACTIONS.name(cluster), bytes);
    }

    private static void provision(String cluster, boolean schemas) throws Exception {
        try (var admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            admin.createTopics(
                            Stream.of(TopicKind.ACTIONS, TopicKind.SCHEMAS)
                                    .filter(kind -> schemas || kind != TopicKind.SCHEMAS)
                                    .map(
                                            kind ->
                                                    new NewTopic(kind.name(cluster), 3, ONE)
                                                            .configs(kind.settings()))
                                    .toList())
                    .all()
                    .get();
        }
    }

    /** How many records were ever written there. */
    private static long ends(String cluster) {
        try (var consumer =
                new KafkaConsumer<>(
                        Map.of("bootstrap.servers", broker.bootstrapServers()),
                        new StringDeserializer(),
                        new StringDeserializer())) {
            var partitions =
                    consumer.partitionsFor(TopicKind.SCHEMAS.name(cluster)).stream()
                            .map(each -> new TopicPartition(each.topic(), each.partition()))
                            .toList();
            return consumer.endOffsets(partitions).values().stream()
                    .mapToLong(Long::longValue)
                    .sum();
        }
    }

    private static Map<String, String> told(String cluster) {
        Map<String, String> told = new TreeMap<>();
        try (var consumer =
                new KafkaConsumer<>(
                        Map.of("bootstrap.servers", broker.bootstrapServers()),
                        new StringDeserializer(),
                        new StringDeserializer())) {
            var partitions =
                    consumer.partitionsFor(TopicKind.SCHEMAS.name(cluster)).stream()
                            .map(each -> new TopicPartition(each.topic(), each.partition()))
                            .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            var ends = consumer.endOffsets(partitions);
            while (ends.entrySet().stream()
                    .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(Duration.ofMillis(100))
                        .forEach(record -> told.put(record.key(), record.value()));
            }
        }
        return told;
    }

    private static Action action(String cluster) {
        return Action.newBuilder()
                .setCanary(cluster + "/shop/cart")
                .setActor("ada")
                .setAskedAt(Instant.parse("2026-11-01T10:00:00.123Z"))
                .setAction(ActionKind.PAUSE)
                .setReason("a look first")
                .build();
    }
}
