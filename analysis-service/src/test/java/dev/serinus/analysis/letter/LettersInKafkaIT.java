package dev.serinus.analysis.letter;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.serinus.broker.EmbeddedBroker;
import dev.serinus.schemas.events.DeadLetter;
import dev.serinus.schemas.runtime.KafkaSettings;
import dev.serinus.schemas.runtime.Topics;
import dev.serinus.schemas.topic.TopicKind;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** A hundred thousand letters on a real broker. */
class LettersInKafkaIT {

    private static final int LETTERS = 100_000;
    private static final int PARTITIONS = 12;
    private static final int LARGE = 400_000;

    @SuppressWarnings("NullAway.Init") // set before all tests
    private static Instant first;

    @TempDir static Path data;

    @SuppressWarnings("NullAway.Init") // set before all tests
    private static EmbeddedBroker broker;

    /** One each two seconds; every ten-thousandth is about another canary. */
    @BeforeAll
    static void start() throws Exception {
        first = Instant.now().minusSeconds(2L * LETTERS).truncatedTo(ChronoUnit.MILLIS);
        broker = EmbeddedBroker.start(data, 0);
        try (var admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            admin.createTopics(
                            List.of(
                                    new NewTopic(
                                            TopicKind.DEAD_LETTERS.name("west"),
                                            PARTITIONS,
                                            (short) 1),
                                    new NewTopic(
                                            TopicKind.DEAD_LETTERS.name("east"), 1, (short) 1)))
                    .all()
                    .get();
        }
        try (var producer =
                new KafkaProducer<>(
                        kafka().with(Map.of("linger.ms", "5")),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            for (int n = 0; n < LETTERS; n++) {
                var _ = producer.send(record("west", n % PARTITIONS, at(n), name(n), 100));
            }
            for (int n = 0; n < 300; n++) {
                var _ = producer.send(record("east", 0, at(n), "large", LARGE));
            }
            producer.flush();
        }
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @Test
    void theNewestPageReadsLittleAndThePagesBehindItFollow() {
        var read = new AtomicLong();
        List<Instant> found = new ArrayList<>();
        LetterPlaces from = null;
        for (int page = 0; page < 5; page++) {
            try (var letters = letters()) {
                var look =
                        letters.back(
                                "west"::equals,
                                null,
                                from,
                                100,
                                kept -> {
                                    read.incrementAndGet();
                                    return Optional.of(kept.letter().getAt());
                                });
                assertThat(look.whole()).isTrue();
                found.addAll(look.found());
                from = look.next();
            }
            if (page == 0) {
                assertThat(read.get()).as("letters read for a page of 100").isLessThan(1_000);
            }
        }

        assertThat(found).hasSize(500);
        for (int n = 0; n < 500; n++) {
            assertThat(found.get(n)).isEqualTo(at(LETTERS - 1 - n));
        }
    }

    @Test
    void whereFewAreWantedALookIsBoundedAndAllAreFoundInTheEnd() {
        List<String> found = new ArrayList<>();
        LetterPlaces from = null;
        int looks = 0;
        boolean wasBounded = false;
        do {
            var read = new AtomicLong();
            try (var letters = letters()) {
                var look =
                        letters.back(
                                "west"::equals,
                                null,
                                from,
                                100,
                                kept -> {
                                    read.incrementAndGet();
                                    return kept.keyText().endsWith("/rare")
                                            ? Optional.of(kept.keyText())
                                            : Optional.empty();
                                });
                wasBounded |= !look.whole();
                assertThat(look.lookedBackTo() == null).isEqualTo(look.whole());
                assertThat(read.get()).isLessThan(20_000 + 12 * 1_001);
                found.addAll(look.found());
                from = look.next();
            }
        } while (from != null && ++looks < 50);

        assertThat(found).hasSize(LETTERS / 10_000);
        assertThat(wasBounded).isTrue();
        assertThat(from).isNull();
    }

    @Test
    void whatIsOlderThanAskedForIsNotRead() {
        var read = new AtomicLong();
        try (var letters = letters()) {
            var look =
                    letters.back(
                            "west"::equals,
                            at(LETTERS - 50),
                            null,
                            500,
                            kept -> {
                                read.incrementAndGet();
                                return kept.letter().getAt().isBefore(at(LETTERS - 50))
                                        ? Optional.empty()
                                        : Optional.of(kept);
                            });
            assertThat(look.found()).hasSize(50);
            assertThat(look.next()).isNull();
            assertThat(read.get()).isLessThan(200);
        }
    }

    /** 120 MB of them: what is read for a page is bounded by their bytes as well. */
    @Test
    void largeLettersAreReadInSmallSteps() {
        var read = new AtomicLong();
        try (var letters = letters()) {
            var look =
                    letters.back(
                            "east"::equals,
                            null,
                            null,
                            10,
                            kept -> {
                                read.incrementAndGet();
                                return Optional.of(kept.letter().getAt());
                            });
            assertThat(look.found()).hasSize(10).startsWith(at(299));
            assertThat(read.get()).isLessThan(100);
        }
    }

    private static Instant at(int number) {
        return first.plusSeconds(2L * number);
    }

    private static String name(int number) {
        return number % 10_000 == 0 ? "rare" : "cart";
    }

    private static LettersInKafka letters() {
        return new LettersInKafka(kafka(), Duration.ofMinutes(2));
    }

    private static KafkaSettings kafka() {
        return KafkaSettings.at(broker.bootstrapServers());
    }

    private static ProducerRecord<byte[], byte[]> record(
            String cluster, int partition, Instant at, String name, int bytes) {
        var topic = new Topics(kafka()).deadLetters(cluster);
        String key = cluster + "/shop/" + name;
        var letter =
                DeadLetter.newBuilder()
                        .setTopic(TopicKind.CHANGES.name(cluster))
                        .setPartition(0)
                        .setOffset(1)
                        .setKey(ByteBuffer.wrap(key.getBytes(UTF_8)))
                        .setValue(ByteBuffer.wrap(new byte[bytes]))
                        .setService("analysis")
                        .setReason("unknown schema")
                        .setAt(at)
                        .build();
        return new ProducerRecord<>(
                topic.name(),
                partition,
                at.toEpochMilli(),
                key.getBytes(UTF_8),
                topic.values().serializer().serialize(topic.name(), letter));
    }
}
