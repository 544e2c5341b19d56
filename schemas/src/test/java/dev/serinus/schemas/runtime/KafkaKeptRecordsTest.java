package dev.serinus.schemas.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serinus.schemas.events.AlertDeliveries;
import dev.serinus.schemas.topic.CanaryKey;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;

/** Where no broker is. */
class KafkaKeptRecordsTest {

    private static final CanaryKey CANARY = new CanaryKey("lab", "test", "podinfo");

    @ParameterizedTest
    @EnumSource
    void aLookThatWasInterruptedIsNoReasonToAnswerTheNextFromMemory(
            KafkaKeptRecords.WithoutTopic without) throws Exception {
        var kafka = KafkaSettings.at("127.0.0.1:1");
        var topic = new Topics(kafka).alertDeliveries("lab");
        try (var outbox = new KafkaOutbox(kafka, "test");
                var records = new KafkaKeptRecords<>(topic, kafka, outbox, without)) {
            Look first = Look.begin(() -> records.get(CANARY));
            await().until(first::isAsking);
            first.thread().interrupt();
            first.thread().join();

            Look second = Look.begin(() -> records.get(CANARY));
            await().until(() -> second.isAsking() || second.answer().isDone());

            assertThat(second.answer().isDone()).isFalse();
            second.thread().interrupt();
            second.thread().join();
        }
    }

    private record Look(Thread thread, FutureTask<Optional<AlertDeliveries>> answer) {

        static Look begin(Callable<Optional<AlertDeliveries>> task) {
            var answer = new FutureTask<>(task);
            return new Look(Thread.ofPlatform().daemon().start(answer), answer);
        }

        /** Whether it waits for a broker to say which partitions there are. */
        boolean isAsking() {
            return Stream.of(thread.getStackTrace())
                    .anyMatch(frame -> frame.getMethodName().equals("partitionsFor"));
        }
    }
}
