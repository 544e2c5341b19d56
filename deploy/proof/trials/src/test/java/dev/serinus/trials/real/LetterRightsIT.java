package dev.serinus.trials.real;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.serinus.analysis.letter.KeptLetter;
import dev.serinus.analysis.letter.LetterId;
import dev.serinus.analysis.letter.LettersInKafka;
import dev.serinus.analysis.letter.ReplayRule;
import dev.serinus.schemas.events.DeadLetter;
import dev.serinus.schemas.runtime.KafkaSettings;
import dev.serinus.schemas.runtime.Topics;
import dev.serinus.schemas.topic.CanaryKey;
import dev.serinus.schemas.topic.TopicKind;

import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What the rights of the analysis are to be enough for when people replay letters. */
// The broker's audit is a log of this process: others hear what is tried here.
@ResourceLock("dev.serinus.trials.audit")
class LetterRightsIT {

    private static final CanaryKey CART = new CanaryKey("eu", "shop", "cart");

    @Test
    void aLetterOfEachKindThatIsEverReplayedIsReplayed(@TempDir Path data) throws Exception {
        List<TopicKind> kinds =
                Stream.of(TopicKind.values())
                        .filter(kind -> ReplayRule.of(kind).isEverMet())
                        .toList();
        assertThat(kinds).contains(TopicKind.CHANGES, TopicKind.ANNOUNCEMENTS, TopicKind.ALERTS);
        try (var kafka = SecuredKafka.provided(data.resolve("kafka"));
                var letters =
                        new LettersInKafka(kafka.as("serinus-analysis"), Duration.ofMinutes(5))) {
            for (TopicKind kind : kinds) {
                // Given one that was set aside, and a later one about another canary behind it
                var admin = kafka.as(SecuredKafka.ADMINISTRATOR);
                long lost = put(admin, kind, CART.toString());
                put(admin, kind, "eu/shop/checkout");
                LetterId id = letter(kafka.as("serinus-eu-watcher"), kind, lost);

                // When
                KeptLetter kept = letters.find(id).orElseThrow();
                var refusal = ReplayRule.refusal(kept, () -> letters.isNewest(kept), Instant.now());

                // Then
                assertThat(refusal).as("%s", kind).isEmpty();
                letters.replay(kept);
                if (ReplayRule.of(kind) == ReplayRule.WHILE_NEWEST) {
                    assertThat(letters.isNewest(kept)).as("%s, once replayed", kind).isFalse();
                }
            }
        }
    }

    private static long put(KafkaSettings kafka, TopicKind kind, String key) throws Exception {
        try (var producer =
                new KafkaProducer<>(
                        kafka.with(Map.of()),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            return producer.send(
                            new ProducerRecord<>(
                                    kind.name("eu"), 0, key.getBytes(UTF_8), new byte[] {1}))
                    .get()
                    .offset();
        }
    }

    private static LetterId letter(KafkaSettings kafka, TopicKind kind, long offset)
            throws Exception {
        var topic = new Topics(kafka).deadLetters("eu");
        var letter =
                DeadLetter.newBuilder()
                        .setTopic(kind.name("eu"))
                        .setPartition(0)
                        .setOffset(offset)
                        .setKey(ByteBuffer.wrap(CART.toString().getBytes(UTF_8)))
                        .setValue(ByteBuffer.wrap(new byte[] {1}))
                        .setCutFrom(null)
                        .setService("watcher")
                        .setReason("unknown schema")
                        .setAt(Instant.now())
                        .build();
        try (var keys = topic.keys();
                var values = topic.values();
                var producer =
                        new KafkaProducer<>(
                                kafka.with(Map.of()), keys.serializer(), values.serializer())) {
            var written = producer.send(new ProducerRecord<>(topic.name(), CART, letter)).get();
            return new LetterId("eu", written.partition(), written.offset());
        }
    }
}
