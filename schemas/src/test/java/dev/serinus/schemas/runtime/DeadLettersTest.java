package dev.serinus.schemas.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.serinus.schemas.events.DeadLetter;
import dev.serinus.schemas.topic.CanaryKey;
import dev.serinus.schemas.topic.Topic;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.stream.Stream;

class DeadLettersTest {

    private static final byte[] KEY = "west/shop/cart".getBytes(UTF_8);
    private static final byte[] LARGE = new byte[100_000];
    private final Refusing outbox = new Refusing();

    static Stream<Throwable> anyOtherTroubleIsWaitedOutAndCutsNothing() {
        return Stream.of(
                new StackOverflowError(),
                new NoClassDefFoundError("something"),
                new IllegalStateException("this outbox is closed"),
                new KafkaException("no producer"));
    }

    @ParameterizedTest
    @MethodSource
    void anyOtherTroubleIsWaitedOutAndCutsNothing(Throwable trouble) throws Exception {
        // Given
        outbox.refusals.add(trouble);

        // When
        letters().setAside(record(KEY, LARGE), "nobody can read it");

        // Then
        DeadLetter letter = outbox.sent();
        assertThat(letter.getReason()).isEqualTo("nobody can read it");
        assertThat(letter.getValue()).isEqualTo(ByteBuffer.wrap(LARGE));
        assertThat(letter.getCutFrom()).isNull();
    }

    static Stream<Throwable> aLetterThatIsTooLargeHoldsTheBeginning() {
        return Stream.of(
                new RecordTooLargeException("over"), new RecordBatchTooLargeException("over"));
    }

    @ParameterizedTest
    @MethodSource
    void aLetterThatIsTooLargeHoldsTheBeginning(Throwable tooLarge) throws Exception {
        // Given
        outbox.refusals.add(tooLarge);

        // When
        letters().setAside(record(KEY, LARGE), "nobody can read it");

        // Then
        DeadLetter letter = outbox.sent();
        assertThat(letter.getReason())
                .isEqualTo("nobody can read it; the record is too large for a letter");
        assertThat(letter.getValue().remaining()).isEqualTo(SetAside.VALUE_BEGINNING);
        assertThat(letter.getCutFrom()).isEqualTo(LARGE.length);
        assertThat(letter.getKey()).isEqualTo(ByteBuffer.wrap(KEY));
    }

    @Test
    void whereEvenTheBeginningIsTooLargeTheLetterTellsThePlace() throws Exception {
        // Given
        outbox.refusals.add(new RecordTooLargeException("over"));
        outbox.refusals.add(new IllegalStateException("something else"));
        outbox.refusals.add(new RecordTooLargeException("over"));

        // When
        letters().setAside(record(KEY, LARGE), "nobody can read it");

        // Then
        DeadLetter letter = outbox.sent();
        assertThat(letter.getTopic()).isEqualTo("serinus.west.actions");
        assertThat(letter.getPartition()).isEqualTo(3);
        assertThat(letter.getOffset()).isEqualTo(7);
        assertThat(letter.getValue().remaining()).isZero();
        assertThat(letter.getCutFrom()).isEqualTo(LARGE.length);
    }

    @Test
    void anEndlessKeyIsNoCanaryOfALetter() throws Exception {
        // Given
        byte[] key = new byte[50_000];
        Arrays.fill(key, (byte) 'x');
        System.arraycopy(KEY, 0, key, 0, KEY.length);

        // When
        letters().setAside(record(key, LARGE), "nobody can read it");

        // Then
        assertThat(outbox.canary).isEqualTo(new CanaryKey("west", "unknown", "unknown"));
    }

    private DeadLetters letters() {
        return new DeadLetters(
                new Topics(KafkaSettings.at("localhost:1")).deadLetters("west"),
                "west",
                "test",
                outbox,
                () -> Instant.EPOCH);
    }

    private static ConsumerRecord<byte[], byte[]> record(byte[] key, byte[] value) {
        return new ConsumerRecord<>("serinus.west.actions", 3, 7, key, value);
    }

    /** Refuses as it is told, then takes what comes. */
    private static final class Refusing implements Outbox {

        final Queue<Throwable> refusals = new ArrayDeque<>();
        private final InMemoryOutbox taken = new InMemoryOutbox();
        private CanaryKey canary = new CanaryKey("none", "none", "none");

        @Override
        public <V> void send(Topic<CanaryKey, V> topic, CanaryKey to, V value) {
            switch (refusals.poll()) {
                case null -> {
                    canary = to;
                    taken.send(topic, to, value);
                }
                case RuntimeException refusal -> throw refusal;
                case Error refusal -> throw refusal;
                case Throwable other -> throw new AssertionError(other);
            }
        }

        DeadLetter sent() {
            assertThat(taken.sent()).hasSize(1);
            return (DeadLetter) List.copyOf(taken.sent()).getFirst().value();
        }
    }
}
