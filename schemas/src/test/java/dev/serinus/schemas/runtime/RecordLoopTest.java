package dev.serinus.schemas.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.serinus.schemas.events.Action;
import dev.serinus.schemas.runtime.LoopBed.Notebook;
import dev.serinus.schemas.topic.CanaryKey;
import dev.serinus.schemas.topic.Topic;

import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

class RecordLoopTest {

    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Topics TOPICS = new Topics(KafkaSettings.at("localhost:1"));
    private static final Topic<CanaryKey, Action> ACTIONS = TOPICS.actions("west");
    private final Notebook notes = new Notebook();

    @Test
    void aConsumerThatFailsAndDoesNotEvenCloseIsReplaced() {
        // Given
        Queue<Consumer<byte[], byte[]>> consumers = new ArrayDeque<>();
        consumers.add(new Broken());
        consumers.add(withOneRecord());

        // When
        try (var loop = loop(consumers::remove)) {
            await().atMost(SOON).until(() -> !notes.entries.isEmpty());

            // Then
            assertThat(notes.entries).containsExactly("cart once");
            assertThat(loop.healthy()).isTrue();
        }
    }

    @Test
    void closingDoesNotWaitForEverForAConsumerThatHangs() {
        // Given
        var polled = new CountDownLatch(1);
        var never = new CountDownLatch(1);
        var loop =
                loop(
                        () ->
                                new MockConsumer<>("earliest") {
                                    // With the monitor held, wakeup() would hang as well.
                                    @SuppressWarnings("UnsynchronizedOverridesSynchronized")
                                    @Override
                                    public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
                                        polled.countDown();
                                        await().forever().until(() -> never.getCount() == 0);
                                        return super.poll(timeout);
                                    }
                                });
        await().atMost(SOON).until(() -> polled.getCount() == 0);

        // When
        boolean ended = loop.close(Duration.ZERO, Duration.ofMillis(100));

        // Then
        assertThat(ended).isFalse();
        never.countDown();
    }

    /** Each service waited ten seconds at its end for a broker that was away. */
    @Test
    void closingDoesNotWaitForAnAnswerAboutAnotherGroup() {
        // Given
        var asked = new CountDownLatch(1);
        var places =
                new FirstPlaces() {
                    @Override
                    public void await(BooleanSupplier closing, Runnable looked)
                            throws InterruptedException {
                        asked.countDown();
                        new CountDownLatch(1).await();
                    }

                    @Override
                    public Map<TopicPartition, OffsetAndMetadata> offsets(
                            Consumer<?, ?> consumer, Collection<TopicPartition> assigned) {
                        return Map.of();
                    }
                };
        var delivery = delivery(notes, new InMemoryOutbox(), (_, _) -> true);
        var loop =
                RecordLoop.start(ACTIONS, "test", delivery, RecordLoopTest::withOneRecord, places);
        await().atMost(SOON).until(() -> asked.getCount() == 0);

        // When
        boolean ended = loop.close(Duration.ZERO, SOON);

        // Then
        assertThat(ended).isTrue();
        assertThat(notes.entries).isEmpty();
    }

    /** Its 500 records filled the partition, and nobody else's was handled any more. */
    @Test
    void aCanaryWhoseRecordHangsDoesNotStopTheOthersOfItsPartition() {
        // Given
        var hanging = new CountDownLatch(1);
        var handler = hangingAtGreedy(hanging);
        var consumer = new MockConsumer<byte[], byte[]>("earliest");
        var partition = new TopicPartition(ACTIONS.name(), 0);
        consumer.schedulePollTask(
                () -> {
                    consumer.rebalance(List.of(partition));
                    consumer.updateBeginningOffsets(Map.of(partition, 0L));
                    for (int i = 0; i < 500; i++) {
                        consumer.addRecord(record(i, "greedy"));
                    }
                });
        consumer.schedulePollTask(() -> consumer.addRecord(record(500, "modest")));
        var letters = new InMemoryOutbox();

        // When
        try (var loop = loop(handler, letters, () -> consumer)) {
            await().atMost(SOON).until(() -> notes.entries.size() == 2);

            // Then
            assertThat(notes.entries).containsExactly("greedy once", "modest once");
            await().atMost(SOON).until(() -> loop.metrics().setAside() == 499);
            assertThat(loop.healthy()).isTrue();
            hanging.countDown();
        }
    }

    /** They fill the partition all the same, and were told as lost though nobody lost them. */
    @Test
    void whatAnotherLoopHandlesTakesNoPlaceAndIsNotGivenUp() {
        // Given
        var hanging = new CountDownLatch(1);
        var handler = hangingAtGreedy(hanging);
        var consumer = new MockConsumer<byte[], byte[]>("earliest");
        var partition = new TopicPartition(ACTIONS.name(), 0);
        consumer.schedulePollTask(
                () -> {
                    consumer.rebalance(List.of(partition));
                    consumer.updateBeginningOffsets(Map.of(partition, 0L));
                    consumer.addRecord(record(0, "greedy"));
                    for (int i = 1; i < 500; i++) {
                        consumer.addRecord(record(i, "greedy", "check"));
                    }
                });
        consumer.schedulePollTask(() -> consumer.addRecord(record(500, "modest")));
        var letters = new InMemoryOutbox();
        Share<Action> events = Share.ofAside(action -> action.getReason().equals("once"));

        // When
        try (var loop = loop(delivery(handler, letters, events), () -> consumer)) {
            await().atMost(SOON).until(() -> notes.entries.size() == 2);
            await().atMost(SOON).until(() -> loop.metrics().inFlight() == 1);

            // Then
            assertThat(notes.entries).containsExactly("greedy once", "modest once");
            assertThat(loop.metrics().setAside()).isZero();
            hanging.countDown();
        }
        assertThat(letters.sent()).isEmpty();
    }

    /** Notes what it handles, and hangs at what the canary greedy asks for. */
    private RecordHandler<Action> hangingAtGreedy(CountDownLatch hanging) {
        return new RecordHandler<>() {
            @Override
            public void handle(CanaryKey canary, Action action) throws InterruptedException {
                notes.handle(canary, action);
                if (canary.name().equals("greedy")) {
                    hanging.await();
                }
            }

            @Override
            public Optional<Duration> patienceWhenFull() {
                return Optional.of(Duration.ofMillis(50));
            }
        };
    }

    private static ConsumerRecord<byte[], byte[]> record(long offset, String canary) {
        return record(offset, canary, "once");
    }

    private static ConsumerRecord<byte[], byte[]> record(
            long offset, String canary, String reason) {
        byte[] value =
                ACTIONS.values()
                        .serializer()
                        .serialize(ACTIONS.name(), LoopBed.action("west", canary, reason));
        return new ConsumerRecord<>(
                ACTIONS.name(), 0, offset, ("west/ns/" + canary).getBytes(UTF_8), value);
    }

    private RecordLoop<Action> loop(Supplier<Consumer<byte[], byte[]>> consumers) {
        return loop(notes, new InMemoryOutbox(), consumers);
    }

    private RecordLoop<Action> loop(
            RecordHandler<Action> handler,
            InMemoryOutbox outbox,
            Supplier<Consumer<byte[], byte[]>> consumers) {
        return loop(delivery(handler, outbox, (_, _) -> true), consumers);
    }

    private static RecordLoop<Action> loop(
            Delivery<Action> delivery, Supplier<Consumer<byte[], byte[]>> consumers) {
        return RecordLoop.start(ACTIONS, "test", delivery, consumers, null);
    }

    private static Delivery<Action> delivery(
            RecordHandler<Action> handler, InMemoryOutbox outbox, Share<Action> share) {
        var letters =
                new DeadLetters(
                        TOPICS.deadLetters("west"), "west", "test", outbox, () -> Instant.EPOCH);
        return new Delivery<>(ACTIONS, "west", letters, handler, share);
    }

    private static Consumer<byte[], byte[]> withOneRecord() {
        var consumer = new MockConsumer<byte[], byte[]>("earliest");
        var partition = new TopicPartition(ACTIONS.name(), 0);
        byte[] value =
                ACTIONS.values()
                        .serializer()
                        .serialize(ACTIONS.name(), LoopBed.action("west", "cart", "once"));
        consumer.schedulePollTask(
                () -> {
                    consumer.rebalance(List.of(partition));
                    consumer.updateBeginningOffsets(Map.of(partition, 0L));
                    consumer.addRecord(
                            new ConsumerRecord<>(
                                    ACTIONS.name(), 0, 0, "west/ns/cart".getBytes(UTF_8), value));
                });
        return consumer;
    }

    private static final class Broken extends MockConsumer<byte[], byte[]> {

        Broken() {
            super("earliest");
            setPollException(new KafkaException("the coordinator is confused"));
        }

        @Override
        public void close(CloseOptions options) {
            throw new KafkaException("the connection is gone");
        }
    }
}
