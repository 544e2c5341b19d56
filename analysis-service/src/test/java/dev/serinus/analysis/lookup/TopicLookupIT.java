package dev.serinus.analysis.lookup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.serinus.broker.EmbeddedBroker;
import dev.serinus.schemas.runtime.KafkaSettings;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One question to a real broker, and what bounds it. */
class TopicLookupIT {

    private static final String TOPIC = "serinus.west.changes";
    private static final TopicPartition LARGE = new TopicPartition(TOPIC, 0);
    private static final TopicPartition SMALL = new TopicPartition(TOPIC, 1);
    private static final Map<TopicPartition, Long> FROM = Map.of(LARGE, 0L, SMALL, 0L);
    private static final Map<TopicPartition, Long> TO = Map.of(LARGE, 10L, SMALL, 10L);

    @TempDir static Path data;

    @SuppressWarnings("NullAway.Init") // set before all tests
    private static EmbeddedBroker broker;

    /** Ten records of 1,000 bytes on one partition, and ten of 10 on the other. */
    @BeforeAll
    static void start() throws Exception {
        broker = EmbeddedBroker.start(data, 0);
        try (var admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic(TOPIC, 2, (short) 1))).all().get();
        }
        try (var producer =
                new KafkaProducer<>(
                        kafka().with(Map.of()),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            for (int n = 0; n < 10; n++) {
                byte[] key = ("key-" + n).getBytes(UTF_8);
                producer.send(new ProducerRecord<>(TOPIC, 0, key, new byte[995])).get();
                producer.send(new ProducerRecord<>(TOPIC, 1, key, new byte[5])).get();
            }
        }
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @Test
    void largeRecordsOfOnePartitionTakeNothingFromTheOther() {
        List<TopicPartition> read = new ArrayList<>();
        try (var lookup = lookup(Duration.ofMinutes(5))) {
            boolean whole = lookup.readSome(FROM, TO, 3_000, record -> read.add(place(record)));

            assertThat(whole).isFalse();
            assertThat(read).filteredOn(LARGE::equals).hasSize(3);
            assertThat(read).filteredOn(SMALL::equals).hasSize(10);

            read.clear();
            assertThat(lookup.readSome(FROM, TO, 10_000, record -> read.add(place(record))))
                    .isTrue();
            assertThat(read).hasSize(20);
        }
    }

    @Test
    void nothingIsReadBehindWhatWasLookedFor() {
        List<Long> tried = new ArrayList<>();
        try (var lookup = lookup(Duration.ofMinutes(5))) {
            boolean found =
                    lookup.holds(
                            SMALL,
                            2,
                            record -> {
                                tried.add(record.offset());
                                return new String(record.key(), UTF_8).equals("key-4");
                            });

            assertThat(found).isTrue();
            assertThat(tried).containsExactly(2L, 3L, 4L);
            assertThat(lookup.holds(SMALL, 5, record -> record.key().length == 0)).isFalse();
        }
    }

    @Test
    void onceTheTimeIsOverWhatWasFoundCountsOrNothingDoes() {
        try (var lookup = lookup(Duration.ZERO)) {
            assertThat(lookup.readSome(FROM, TO, 10_000, _ -> {})).isFalse();
            for (Runnable question :
                    List.<Runnable>of(
                            () -> lookup.partitions(TOPIC::equals),
                            () -> lookup.begins(List.of(SMALL)),
                            () -> lookup.ends(List.of(SMALL)),
                            () -> lookup.find(SMALL, 1),
                            () -> lookup.holds(SMALL, 1, _ -> true),
                            () -> lookup.read(FROM, TO, _ -> {}))) {
                assertThatThrownBy(question::run)
                        .isInstanceOf(LookupFailed.class)
                        .hasMessageContaining("more than can be read in 0 s");
            }
        }
    }

    private static TopicLookup lookup(Duration longest) {
        return new TopicLookup(kafka(), "test", longest);
    }

    private static KafkaSettings kafka() {
        return KafkaSettings.at(broker.bootstrapServers());
    }

    private static TopicPartition place(ConsumerRecord<byte[], byte[]> record) {
        return new TopicPartition(record.topic(), record.partition());
    }
}
