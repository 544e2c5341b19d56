package dev.serinus.schemas.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.serinus.schemas.events.Action;
import dev.serinus.schemas.topic.CanaryKey;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
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

    @Test
    void ofTheSameQuestionInLineOnlyTheLastIsHandled() {
        // Given
        var questions = new Questions();
        var lane = lane(delivery(questions), "why", "why", "when", "why");

        // When
        lane.run();

        // Then
        assertThat(questions.handled).containsExactly("when", "why");
        assertThat(progress.lowWaterMark()).contains(new OffsetAndMetadata(4));
    }

    @Test
    void whatWasInLineWhenTheSameWasAnsweredIsNotHandled() {
        // Given
        var questions = new Questions();
        var lane = lane(delivery(questions), "why");
        questions.meanwhile =
                () -> {
                    lane.add("why");
                    lane.add("how");
                };

        // When
        lane.run();

        // Then
        assertThat(questions.handled).containsExactly("why", "how");
        assertThat(progress.lowWaterMark()).contains(new OffsetAndMetadata(3));
    }

    @Test
    void whatIsAskedAfterTheAnswerIsHandledAgain() {
        // Given
        var questions = new Questions();
        var lane = lane(delivery(questions), "why");

        // When
        lane.run();
        lane.add("why");
        lane.run();

        // Then
        assertThat(questions.handled).containsExactly("why", "why");
    }

    @Test
    void aQuestionThatIsSetAsideLeavesItsRepeatsToBeHandled() {
        // Given
        var questions = new Questions();
        var lane = lane(delivery(questions), "why");
        questions.meanwhile =
                () -> {
                    lane.add("why");
                    throw new IllegalStateException("no answer");
                };

        // When
        lane.run();

        // Then
        assertThat(questions.handled).containsExactly("why", "why");
    }

    private Lane lane(Delivery<Action> delivery, String... reasons) {
        var lane = new Lane(delivery);
        List.of(reasons).forEach(lane::add);
        return lane;
    }

    /** What a queue of one key does, on this thread. */
    private final class Lane {

        private final Delivery<Action> delivery;
        private final Queue<Runnable> waiting = new ArrayDeque<>();
        private long offset;

        Lane(Delivery<Action> delivery) {
            this.delivery = delivery;
        }

        void add(String reason) {
            byte[] value =
                    TOPICS.actions("west")
                            .values()
                            .serializer()
                            .serialize("t", LoopBed.action("west", "cart", reason));
            var record =
                    new ConsumerRecord<>(
                            TOPICS.actions("west").name(),
                            0,
                            offset,
                            "west/ns/cart".getBytes(UTF_8),
                            value);
            progress.took(offset++, 1);
            progress.reached(new OffsetAndMetadata(offset));
            waiting.add(delivery.waiting(record, progress, () -> List.copyOf(waiting)));
        }

        void run() {
            for (Runnable next = waiting.poll(); next != null; next = waiting.poll()) {
                next.run();
            }
        }
    }

    /** Two actions of the same reason ask the same. */
    private static final class Questions implements RepeatedQuestions<Action> {

        private final List<String> handled = new ArrayList<>();
        private Runnable meanwhile = () -> {};

        @Override
        public void handle(CanaryKey canary, Action value) {
            handled.add(value.getReason());
            var once = meanwhile;
            meanwhile = () -> {};
            once.run();
        }

        @Override
        public boolean isRepeat(Action later, Action earlier) {
            return later.getReason().equals(earlier.getReason());
        }
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
