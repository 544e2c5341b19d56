package dev.serinus.schemas.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;

/** What Serinus needs of a broker, whoever runs it. */
abstract class BrokerContract {

    private static final short ONE = 1;
    private static final String LIMIT = "max.decompressed.message.bytes";

    /** More than the limit of any topic. */
    private static final int HUGE = 20_000_000;

    /** Of a broker that runs as long as all tests do. */
    abstract String bootstrapServers();

    @Test
    void createsWhatIsMissingAndLeavesWhatIsThere() throws Exception {
        try (var admin = admin()) {
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

    @Test
    void boundsWhatARecordMayUnpackToOnTopicsThatWereThereToo() throws Exception {
        try (var admin = admin()) {
            // Given: made by an earlier release, and one with a limit that somebody chose
            String changes = TopicKind.CHANGES.name("south");
            String actions = TopicKind.ACTIONS.name("south");
            create(
                    admin,
                    new NewTopic(changes, 3, ONE).configs(Map.of("max.message.bytes", "2000000")),
                    new NewTopic(actions, 3, ONE).configs(Map.of(LIMIT, "300000")));
            assertThat(UnpackedSize.unbounded(admin, List.of(changes, actions)))
                    .containsExactly(changes);

            // When
            Provisioning.ensureTopics(admin, List.of("south"), 3, ONE);

            // Then
            awaitBounded(admin, TopicKind.names(List.of("south")));
            assertThat(setting(admin, changes, LIMIT)).isEqualTo("2000000");
            assertThat(setting(admin, actions, LIMIT)).isEqualTo("300000");
        }
    }

    @Test
    void aBrokerThatDoesNotKnowTheLimitUnpacksByItself() throws Exception {
        try (var admin = admin()) {
            // Given
            create(admin, new NewTopic("old", 1, ONE));

            // When: a name that no broker knows
            UnpackedSize.bound(admin, List.of("old"), "max.unpacked.bytes");

            // Then
            awaitBounded(admin, List.of("old"));
            assertThat(setting(admin, "old", "compression.type")).isEqualTo("uncompressed");
        }
    }

    @Test
    void refusesWhatUnpacksToMoreThanTheTopicAllows() throws Exception {
        try (var admin = admin();
                var packing = producer(Map.of("compression.type", "zstd"))) {
            // Given
            Provisioning.ensureTopics(admin, List.of("north"), 1, ONE);
            String topic = TopicKind.CHANGES.name("north");

            // When
            var sent = packing.send(new ProducerRecord<>(topic, new byte[HUGE]));

            // Then
            assertThatThrownBy(sent::get).hasCauseInstanceOf(InvalidRecordException.class);
        }
    }

    @Test
    void showsNothingOfATransactionThatWasAborted() throws Exception {
        try (var admin = admin();
                var producer = producer(Map.of("transactional.id", "contract"));
                var reader =
                        new KafkaConsumer<>(
                                Map.of(
                                        "bootstrap.servers",
                                        bootstrapServers(),
                                        "isolation.level",
                                        "read_committed",
                                        "auto.offset.reset",
                                        "earliest"),
                                new ByteArrayDeserializer(),
                                new ByteArrayDeserializer())) {
            // Given
            create(admin, new NewTopic("decisions", 1, ONE));
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>("decisions", new byte[] {1})).get();
            producer.abortTransaction();

            // When
            producer.beginTransaction();
            producer.send(new ProducerRecord<>("decisions", new byte[] {2})).get();
            producer.commitTransaction();

            // Then
            var partition = new TopicPartition("decisions", 0);
            reader.assign(List.of(partition));
            // A poll may bring nothing but the end of the aborted one.
            List<Byte> read = new ArrayList<>();
            await().until(
                            () -> {
                                reader.poll(Duration.ofMillis(200))
                                        .records(partition)
                                        .forEach(it -> read.add(it.value()[0]));
                                return !read.isEmpty();
                            });
            assertThat(read).containsExactly((byte) 2);
        }
    }

    /** A broker answers that it is made before it knows the topic itself. */
    private static void create(Admin admin, NewTopic... topics) throws Exception {
        admin.createTopics(List.of(topics)).all().get();
        for (var topic : topics) {
            await().ignoreExceptionsInstanceOf(ExecutionException.class)
                    .until(() -> setting(admin, topic.name(), "cleanup.policy") != null);
        }
    }

    private Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", bootstrapServers()));
    }

    private KafkaProducer<byte[], byte[]> producer(Map<String, Object> settings) {
        Map<String, Object> all = new HashMap<>(settings);
        all.put("bootstrap.servers", bootstrapServers());
        all.put("max.request.size", 2 * HUGE);
        return new KafkaProducer<>(all, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** What the controller has taken the broker tells a moment later. */
    private static void awaitBounded(Admin admin, List<String> topics) {
        await().untilAsserted(() -> assertThat(UnpackedSize.unbounded(admin, topics)).isEmpty());
    }

    private static String setting(Admin admin, String topic, String name) throws Exception {
        var resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        Config config = admin.describeConfigs(List.of(resource)).all().get().get(resource);
        return Objects.requireNonNull(config).get(name).value();
    }
}
