package dev.serinus.schemas.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.schemas.events.Action;
import dev.serinus.schemas.events.ActionKind;
import dev.serinus.schemas.topic.CanaryKey;
import dev.serinus.schemas.topic.Topic;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;

/** Records that are sent while those who added them go on. */
class QueuedTopicTest {

    private static final CanaryKey CANARY = new CanaryKey("lab", "shop", "cart");
    private static final Topic<CanaryKey, Action> TOPIC =
            new Topics(KafkaSettings.at("127.0.0.1:1")).actions("lab");

    private final List<String> sent = new CopyOnWriteArrayList<>();
    private final CountDownLatch broker = new CountDownLatch(1);

    @Test
    void allThatWasAddedIsSentInItsOrderBeforeTheEnd() {
        try (var queue = new QueuedTopic<>(TOPIC, outbox())) {
            broker.countDown();
            IntStream.range(0, 100).forEach(n -> queue.add(CANARY, action(n)));
        }

        assertThat(sent)
                .containsExactlyElementsOf(IntStream.range(0, 100).mapToObj(n -> "" + n).toList());
    }

    @Test
    void whileTheBrokerIsAwayNobodyWaitsAndWhatIsTooMuchIsDropped() {
        try (var queue = new QueuedTopic<>(TOPIC, outbox())) {
            int taken = 0;
            for (int n = 0; n < 5_000; n++) {
                taken += queue.add(CANARY, action(n)) ? 1 : 0;
            }
            assertThat(taken).isBetween(1_000, 1_001);

            broker.countDown();
        }

        assertThat(sent).hasSizeBetween(1_000, 1_001).startsWith("0", "1");
    }

    @Test
    void oneThatCannotBeSentKeepsNoOtherBack() {
        try (var queue = new QueuedTopic<>(TOPIC, outbox())) {
            broker.countDown();
            queue.add(CANARY, action(-1));
            queue.add(CANARY, action(1));
        }

        assertThat(sent).containsExactly("1");
    }

    @Test
    void whereTheBrokerStaysAwayItEndsAllTheSame() {
        var queue = new QueuedTopic<>(TOPIC, outbox());
        queue.add(CANARY, action(1));

        queue.close();

        assertThat(sent).isEmpty();
        assertThat(queue.add(CANARY, action(2))).isFalse();
    }

    /** Waits for its broker. */
    private Outbox outbox() {
        return new Outbox() {
            @Override
            public <V> void send(Topic<CanaryKey, V> topic, CanaryKey canary, V value)
                    throws InterruptedException {
                broker.await();
                String reason = ((Action) value).getReason();
                if (reason.equals("-1")) {
                    throw new IllegalArgumentException("too large");
                }
                sent.add(reason);
            }
        };
    }

    private static Action action(int number) {
        return Action.newBuilder()
                .setCanary(CANARY.toString())
                .setActor("ada")
                .setAskedAt(Instant.EPOCH)
                .setAction(ActionKind.PAUSE)
                .setReason("" + number)
                .build();
    }
}
