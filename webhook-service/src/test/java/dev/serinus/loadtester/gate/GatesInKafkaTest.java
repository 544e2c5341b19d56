package dev.serinus.loadtester.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.serinus.schemas.events.GateStates;
import dev.serinus.schemas.runtime.KeptRecords;
import dev.serinus.schemas.topic.CanaryKey;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** While Kafka is slow; what a real broker does is in {@link GatesInKafkaIT}. */
class GatesInKafkaTest {

    private static final Instant NOW = Instant.parse("2026-11-30T04:00:00Z");
    private static final GateName GATE = new GateName("test", "podinfo", GateKind.GATE);
    private static final GateName ROLLBACK = new GateName("test", "podinfo", GateKind.ROLLBACK);
    private static final Gate OPEN = new Gate(true, "ada", "looked at it", NOW);
    private static final Gate CLOSED = new Gate(false, "bob", "", NOW);

    private final CountDownLatch read = new CountDownLatch(1);
    private final CountDownLatch written = new CountDownLatch(1);
    private final AtomicInteger looks = new AtomicInteger();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final KeptRecords<GateStates> memory = KeptRecords.inMemory();

    private final KeptRecords<GateStates> slow =
            new KeptRecords<>() {
                @Override
                public Optional<GateStates> get(CanaryKey canary) throws InterruptedException {
                    looks.incrementAndGet();
                    read.await();
                    return memory.get(canary);
                }

                @Override
                public void put(CanaryKey canary, GateStates states) throws InterruptedException {
                    written.await();
                    memory.put(canary, states);
                }

                @Override
                public Map<CanaryKey, GateStates> known() {
                    return memory.known();
                }
            };

    private GatesInKafka within(Duration patience) {
        return new GatesInKafka("lab", slow, () -> {}, patience, "");
    }

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    @Test
    void aTurnThatWasRefusedIsNotMadeLater() throws Exception {
        written.countDown();
        try (var gates = within(Duration.ofSeconds(1))) {
            assertThatThrownBy(() -> gates.keep(GATE, OPEN))
                    .isInstanceOf(GateStore.Unavailable.class)
                    .hasMessage("gates cannot be looked at now: Kafka does not answer within 1 s");

            read.countDown();

            // One after the other, so that the first is over.
            await().ignoreExceptionsInstanceOf(GateStore.Unavailable.class)
                    .untilAsserted(() -> gates.keep(ROLLBACK, CLOSED));
            assertThat(gates.all()).isEqualTo(Map.of(ROLLBACK, CLOSED));
        }
    }

    @Test
    void aTurnOnItsWayIsSaidToBePossiblyMade() throws Exception {
        read.countDown();
        try (var gates = within(Duration.ofSeconds(5))) {
            assertThatThrownBy(() -> gates.keep(GATE, OPEN))
                    .isInstanceOf(GateStore.Unavailable.class)
                    .hasMessageEndingWith("; the gate may be turned yet: look at it again");

            written.countDown();

            await().ignoreExceptionsInstanceOf(GateStore.Unavailable.class)
                    .untilAsserted(() -> assertThat(gates.find(GATE)).contains(OPEN));
        }
    }

    @Test
    void whileKafkaIsAwayLooksDoNotPileUp() {
        try (var gates = within(Duration.ofMinutes(10))) {
            for (int each = 0; each < 64; each++) {
                var _ = threads.submit(() -> gates.find(GATE));
            }
            await().until(() -> looks.get() == 64);

            assertThatThrownBy(() -> gates.find(GATE))
                    .isInstanceOf(GateStore.Unavailable.class)
                    .hasMessageContaining("64 others wait for Kafka already");
        }
    }
}
