package dev.serinus.schemas.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.serinus.schemas.topic.CanaryKey;
import dev.serinus.schemas.topic.CanaryKeySerde;
import dev.serinus.schemas.topic.Topic;

import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.net.ConnectException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Future;

@Timeout(60)
class KafkaOutboxTest {

    private static final CanaryKey CART = new CanaryKey("west", "shop", "cart");
    private final Queue<RuntimeException> encoding = new ArrayDeque<>();
    private final Queue<RuntimeException> sending = new ArrayDeque<>();
    private final Queue<RuntimeException> making = new ArrayDeque<>();
    private final List<Scripted> producers = new ArrayList<>();

    @Test
    void waitsForTheRegistryOfAForeignSerializer() throws Exception {
        // Given
        encoding.add(new SerializationException("no schema", new ConnectException("refused")));

        // When
        outbox().send(topic(), CART, "value");

        // Then
        assertThat(producers.getLast().history()).hasSize(1);
    }

    @Test
    void refusesWhatCannotBeEncoded() {
        // Given
        encoding.add(new IllegalStateException("no such field"));
        var outbox = outbox();

        // Then
        assertThatThrownBy(() -> outbox.send(topic(), CART, "value"))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void outlivesAProducerThatFailsForGoodAndOneThatCannotBeMadeAtOnce() throws Exception {
        // Given
        var outbox = outbox();
        sending.add(new KafkaException("we are in an error state"));
        making.add(new KafkaException("no resolvable address"));

        // When
        outbox.send(topic(), CART, "value");

        // Then
        assertThat(producers).hasSize(2);
        assertThat(producers.getFirst().closed()).isTrue();
        assertThat(producers.getLast().history()).hasSize(1);
    }

    @Test
    void aTopicThatIsNotAllowedYetDoesNotTakeTheProducerFromOthers() throws Exception {
        // Given
        sending.add(new TopicAuthorizationException("t"));

        // When
        outbox().send(topic(), CART, "value");

        // Then
        assertThat(producers).singleElement().extracting(Scripted::closed).isEqualTo(false);
    }

    @Test
    void refusesWhatTheTopicCannotHold() {
        // Given
        sending.add(new RecordBatchTooLargeException("larger than a segment"));
        var outbox = outbox();

        // Then
        assertThatThrownBy(() -> outbox.send(topic(), CART, "value"))
                .isInstanceOf(RecordBatchTooLargeException.class);
    }

    @Test
    void publishesToThePartitionItIsGivenWhateverTheKey() throws Exception {
        // Given
        var outbox = outbox();
        sending.add(new TopicAuthorizationException("t"));

        // When
        outbox.send(topic(), 7, CART, "value");

        // Then
        assertThat(producers.getLast().history())
                .singleElement()
                .extracting(ProducerRecord::partition)
                .isEqualTo(7);
    }

    private KafkaOutbox outbox() {
        return new KafkaOutbox(this::producer);
    }

    private Producer<byte[], byte[]> producer() {
        if (!producers.isEmpty()) {
            failNext(making);
        }
        producers.add(new Scripted(sending));
        return producers.getLast();
    }

    private Topic<CanaryKey, String> topic() {
        Serializer<String> encoder =
                (_, value) -> {
                    failNext(encoding);
                    return value.getBytes(UTF_8);
                };
        return new Topic<>(
                "t", new CanaryKeySerde(), Serdes.serdeFrom(encoder, new StringDeserializer()));
    }

    private static void failNext(Queue<RuntimeException> script) {
        RuntimeException failure = script.poll();
        if (failure != null) {
            throw failure;
        }
    }

    /** Kafka's own producer without a broker, which fails as it is told. */
    private static final class Scripted extends MockProducer<byte[], byte[]> {

        private final Queue<RuntimeException> script;

        Scripted(Queue<RuntimeException> script) {
            super(true, null, new ByteArraySerializer(), new ByteArraySerializer());
            this.script = script;
        }

        @Override
        public synchronized Future<RecordMetadata> send(
                ProducerRecord<byte[], byte[]> record, Callback callback) {
            failNext(script);
            return super.send(record, callback);
        }
    }
}
