package dev.serinus.schemas.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.serinus.schemas.events.Action;
import dev.serinus.schemas.topic.CanaryKey;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;

/**
 * A server that answers a few at once, asked for many canaries, each again and again while it is
 * not answered: what a canary costs does not depend on how many others there are.
 */
class RepeatedQuestionsTest {

    private static final Topics TOPICS = new Topics(KafkaSettings.at("localhost:1"));
    private static final int TIMES = 6;
    private static final int REQUESTS = 5;

    private final Progress progress = new Progress();
    private final KeyedQueues queues = new KeyedQueues("test");
    private final Slow server = new Slow();
    private final Delivery<Action> delivery =
            new Delivery<>(
                    TOPICS.actions("west"),
                    "west",
                    new DeadLetters(
                            TOPICS.deadLetters("west"),
                            "west",
                            "test",
                            new InMemoryOutbox(),
                            () -> Instant.EPOCH),
                    server);
    private long offset;

    @ParameterizedTest
    @ValueSource(ints = {3, 300})
    void theRequestsOfACanaryDoNotGrowWithTheirNumber(int canaries) {
        // Given: all are asked, and asked again while the first few are in progress
        for (int time = 0; time < TIMES; time++) {
            for (int n = 0; n < canaries; n++) {
                ask("app-" + n);
            }
        }
        // When
        server.begin.countDown();
        await().atMost(Duration.ofSeconds(30)).until(() -> queues.open() == 0);
        // Then
        assertThat(server.requests).hasSize(canaries);
        assertThat(server.requests.values()).containsOnly(REQUESTS);
    }

    private void ask(String canary) {
        byte[] value =
                TOPICS.actions("west")
                        .values()
                        .serializer()
                        .serialize("t", LoopBed.action("west", canary, "initialise"));
        byte[] key = ("west/ns/" + canary).getBytes(UTF_8);
        var record = new ConsumerRecord<>(TOPICS.actions("west").name(), 0, offset, key, value);
        progress.took(offset++, 1);
        Object lane = delivery.lane(record);
        queues.add(lane, delivery.waiting(record, progress, () -> queues.waiting(lane)));
    }

    /** Answers two at once, none before it begins. */
    private static final class Slow implements RepeatedQuestions<Action> {

        private final CountDownLatch begin = new CountDownLatch(1);
        private final Semaphore free = new Semaphore(2);
        private final Map<String, Integer> requests = new ConcurrentHashMap<>();

        @Override
        public void handle(CanaryKey canary, Action value) throws InterruptedException {
            for (int n = 0; n < REQUESTS; n++) {
                free.acquire();
                try {
                    begin.await();
                    requests.merge(canary.name(), 1, Integer::sum);
                } finally {
                    free.release();
                }
            }
        }

        @Override
        public boolean isRepeat(Action later, Action earlier) {
            return later.getReason().equals(earlier.getReason());
        }
    }
}
