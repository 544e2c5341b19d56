package dev.serinus.analysis.past;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.serinus.broker.EmbeddedBroker;
import dev.serinus.schemas.events.RolloutEvent;
import dev.serinus.schemas.runtime.KafkaSettings;
import dev.serinus.schemas.runtime.Topics;
import dev.serinus.schemas.topic.CanaryKey;
import dev.serinus.schemas.topic.TopicKind;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/** A history that is longer than one look, read back from a real broker. */
class PastEventsInKafkaIT {

    private static final Instant AT = Instant.parse("2026-11-22T10:00:00Z");
    private static final CanaryKey CART = new CanaryKey("west", "shop", "cart");
    private static final CanaryKey BUSY = new CanaryKey("west", "shop", "busy");

    @TempDir Path data;

    @Test
    void everyEventIsFoundOnceHoweverManyOthersLieBetween() throws Exception {
        try (var broker = EmbeddedBroker.start(data, 0)) {
            // Given
            var kafka = KafkaSettings.at(broker.bootstrapServers());
            try (var admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
                admin.createTopics(
                                List.of(
                                        new NewTopic(
                                                TopicKind.ROLLOUT_EVENTS.name(""), 1, (short) 1)))
                        .all()
                        .get();
            }
            write(kafka);
            var past = new PastEventsInKafka(kafka);

            // When
            List<Long> found = new ArrayList<>();
            Long from = null;
            int looks = 0;
            do {
                var part = past.before(CART, from, 7);
                assertThat(part.events()).hasSizeLessThanOrEqualTo(7);
                part.events().reversed().forEach(event -> found.add(event.getSequence()));
                from = part.earlier();
                looks++;
            } while (from != null && looks < 100);

            // Then
            assertThat(found)
                    .containsExactlyElementsOf(
                            LongStream.rangeClosed(1, 20).mapToObj(n -> 21 - n).toList());
            assertThat(looks).isLessThan(20);
            assertThat(past.before(new CanaryKey("west", "shop", "none"), null, 7).events())
                    .isEmpty();
        }
    }

    /** Of one twenty, some early and some late, and between them more than one look takes. */
    private static void write(KafkaSettings kafka) throws Exception {
        var topic = new Topics(kafka).rolloutEvents();
        try (var producer =
                new KafkaProducer<>(
                        kafka.with(Map.of()),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            byte[] busy =
                    bytes(topic.values().serializer().serialize(topic.name(), event(BUSY, 1)));
            for (long n = 1; n <= 20; n++) {
                if (n == 10) {
                    for (int other = 0; other < 45_000; other++) {
                        var _ =
                                producer.send(
                                        new ProducerRecord<>(
                                                topic.name(),
                                                BUSY.toString().getBytes(UTF_8),
                                                busy));
                    }
                }
                var _ =
                        producer.send(
                                new ProducerRecord<>(
                                        topic.name(),
                                        CART.toString().getBytes(UTF_8),
                                        topic.values()
                                                .serializer()
                                                .serialize(topic.name(), event(CART, n))));
            }
            var _ =
                    producer.send(
                            new ProducerRecord<>(
                                    topic.name(),
                                    CART.toString().getBytes(UTF_8),
                                    "no Avro".getBytes(UTF_8)));
            producer.flush();
        }
    }

    private static byte[] bytes(byte @Nullable [] written) {
        return written == null ? new byte[0] : written;
    }

    private static RolloutEvent event(CanaryKey canary, long sequence) {
        return RolloutEvent.newBuilder()
                .setCanary(canary.toString())
                .setUid("uid-1")
                .setRun(1)
                .setSequence(sequence)
                .setType("StepPassed")
                .setPhase("Progressing")
                .setRevision("b")
                .setStep(sequence)
                .setCanaryWeight(10)
                .setFailedChecks(0)
                .setMessage("")
                .setEvidence(List.of())
                .setAt(AT)
                .build();
    }
}
