package dev.serinus.schemas.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;

class KeyedQueuesTest {

    private static final Duration SOON = Duration.ofSeconds(20);
    private final Queue<String> done = new ConcurrentLinkedQueue<>();
    private final KeyedQueues lanes = new KeyedQueues("test");

    @Test
    void workThatThrowsDoesNotStopItsLane() {
        // When
        lanes.add(
                "a",
                () -> {
                    throw new StackOverflowError();
                });
        lanes.add("a", () -> done.add("next"));

        // Then
        await().atMost(SOON).until(() -> lanes.open() == 0);
        assertThat(done).containsExactly("next");
    }

    @Test
    void keepsTheOrderOfALaneWhileOthersGoOn() {
        // Given
        var gate = new CountDownLatch(1);
        lanes.add("slow", () -> await().atMost(SOON).until(() -> gate.getCount() == 0));
        lanes.add("slow", () -> done.add("slow"));

        // When
        lanes.add("fast", () -> done.add("fast"));
        await().atMost(SOON).until(() -> done.contains("fast"));
        gate.countDown();

        // Then
        await().atMost(SOON).until(() -> lanes.open() == 0);
        assertThat(done).containsExactlyElementsOf(List.of("fast", "slow"));
    }
}
