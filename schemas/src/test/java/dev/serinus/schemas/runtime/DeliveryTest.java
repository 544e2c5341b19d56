package dev.serinus.schemas.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.serinus.schemas.events.Action;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;

class DeliveryTest {

    private static final Topics TOPICS = new Topics(KafkaSettings.at("localhost:1"));
    private final InMemoryOutbox outbox = new InMemoryOutbox();
    private final Progress progress = new Progress();

    @Test
    void whatAHandlerMakesOfAnInterruptionIsNoFaultOfTheRecord() throws Exception {
        // Given
        var begun = new CountDownLatch(1);
        var delivery =
                delivery(
                        (_, _) -> {
                            begun.countDown();
                            try {
                                Thread.sleep(Duration.ofMinutes(5));
                            } catch (InterruptedException hidden) {
                                throw new IllegalStateException("the request failed", hidden);
                            }
                        });
        var record = record();
        progress.took(record.offset(), 1);
        var worker = Thread.ofVirtual().start(() -> delivery.deliver(record, progress));
        begun.await();

        // When
        progress.revoke();
        progress.interrupt();
        worker.join();

        // Then
        assertThat(outbox.sent()).isEmpty();
        assertThat(progress.lowWaterMark()).contains(new OffsetAndMetadata(record.offset()));
    }

    @Test
    void anErrorOfAHandlerSetsTheRecordAside() {
        // Given
        var delivery =
                delivery(
                        (_, _) -> {
                            throw new StackOverflowError();
                        });
        var record = record();
        progress.took(record.offset(), 1);
        progress.reached(new OffsetAndMetadata(8));

        // When
        delivery.deliver(record, progress);

        // Then
        assertThat(outbox.on(TOPICS.deadLetters("west"))).hasSize(1);
        assertThat(progress.lowWaterMark()).contains(new OffsetAndMetadata(8));
    }

    private Delivery<Action> delivery(RecordHandler<Action> handler) {
        var letters =
                new DeadLetters(
                        TOPICS.deadLetters("west"), "west", "test", outbox, () -> Instant.EPOCH);
        return new Delivery<>(TOPICS.actions("west"), "west", letters, handler);
    }

    private static ConsumerRecord<byte[], byte[]> record() {
        var topic = TOPICS.actions("west");
        byte[] value =
                topic.values().serializer().serialize("t", LoopBed.action("west", "cart", ""));
        return new ConsumerRecord<>(topic.name(), 0, 7, "west/ns/cart".getBytes(UTF_8), value);
    }
}
