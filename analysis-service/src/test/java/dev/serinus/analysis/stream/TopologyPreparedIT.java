package dev.serinus.analysis.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serinus.broker.EmbeddedBroker;

import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What is done before a version joins that keeps more than the one before it. */
class TopologyPreparedIT {

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final String GROUP = "analysis";
    private static final String INPUT = "input";

    @Test
    void anInstanceGivesUpItsOwnPlacesAndMakesWhatIsMissing(@TempDir Path data) throws Exception {
        // Given
        try (var broker = EmbeddedBroker.start(data.resolve("broker"), 0);
                var admin = Admin.create(at(broker))) {
            admin.createTopics(List.of(topic(INPUT, 3), topic(changelog("old"), 3))).all().get();
            try (var one = member(broker, "one-1");
                    var two = member(broker, "two-1")) {
                await().atMost(PATIENCE).until(() -> shared(one, two));

                // When
                var change = new TopologyChange(admin, GROUP, (short) 1);
                change.prepare(keeping("old", "new"), "one");
                change.prepare(keeping("old", "new"), "one");

                // Then
                assertThat(members(admin)).containsExactly("two-1");
                assertThat(partitions(admin, changelog("new"))).isEqualTo(3);
            }
        }
    }

    @Test
    void theFirstOfAnApplicationLeavesThatToItsLeader(@TempDir Path data) throws Exception {
        // Given
        try (var broker = EmbeddedBroker.start(data.resolve("broker"), 0);
                var admin = Admin.create(at(broker))) {
            admin.createTopics(List.of(topic(INPUT, 3))).all().get();

            // When
            new TopologyChange(admin, GROUP, (short) 1).prepare(keeping("new"), "one");

            // Then
            assertThat(admin.listTopics().names().get()).containsExactly(INPUT);
        }
    }

    private static Map<String, Object> at(EmbeddedBroker broker) {
        return Map.of(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrapServers());
    }

    private static NewTopic topic(String name, int partitions) {
        return new NewTopic(name, partitions, (short) 1);
    }

    private static String changelog(String store) {
        return GROUP + "-" + store + "-changelog";
    }

    private static KafkaConsumer<byte[], byte[]> member(EmbeddedBroker broker, String name) {
        var consumer =
                new KafkaConsumer<>(
                        Map.of(
                                CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG,
                                broker.bootstrapServers(),
                                ConsumerConfig.GROUP_ID_CONFIG,
                                GROUP,
                                ConsumerConfig.GROUP_INSTANCE_ID_CONFIG,
                                name),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer());
        consumer.subscribe(List.of(INPUT));
        return consumer;
    }

    /** True once both have places. */
    private static boolean shared(KafkaConsumer<?, ?> one, KafkaConsumer<?, ?> two) {
        one.poll(Duration.ofMillis(100));
        two.poll(Duration.ofMillis(100));
        return !one.assignment().isEmpty()
                && !two.assignment().isEmpty()
                && one.assignment().size() + two.assignment().size() == 3;
    }

    private static Topology keeping(String... stores) {
        var topology = new Topology();
        topology.addSource("source", INPUT).addProcessor("processor", Nothing::new, "source");
        for (String store : stores) {
            topology.addStateStore(
                    Stores.keyValueStoreBuilder(
                            Stores.inMemoryKeyValueStore(store),
                            Serdes.ByteArray(),
                            Serdes.ByteArray()),
                    "processor");
        }
        return topology;
    }

    private static final class Nothing implements Processor<byte[], byte[], byte[], byte[]> {
        @Override
        public void process(Record<byte[], byte[]> record) {
            throw new AssertionError("nothing runs here");
        }
    }

    private static List<String> members(Admin admin) throws Exception {
        return admin.describeConsumerGroups(List.of(GROUP)).all().get().values().stream()
                .flatMap(group -> group.members().stream())
                .flatMap(each -> each.groupInstanceId().stream())
                .toList();
    }

    private static int partitions(Admin admin, String topic) throws Exception {
        return admin.describeTopics(Set.of(topic))
                .allTopicNames()
                .get()
                .values()
                .iterator()
                .next()
                .partitions()
                .size();
    }
}
