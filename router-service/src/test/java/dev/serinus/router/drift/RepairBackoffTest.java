package dev.serinus.router.drift;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.schemas.topic.CanaryKey;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;

class RepairBackoffTest {

    private static final CanaryKey CANARY = new CanaryKey("lab", "test", "podinfo");

    private Instant now = Instant.EPOCH;
    private final RepairBackoff<CanaryKey> pace = new RepairBackoff<>(() -> now);

    private void repairs(int times) {
        for (int i = 0; i < times; i++) {
            pace.repaired(CANARY);
        }
    }

    @Test
    void theFirstRepairsComeAtOnce() {
        repairs(2);
        assertThat(pace.pause(CANARY)).isZero();
    }

    @Test
    void whoUndoesEveryRepairIsAnsweredMoreAndMoreSlowly() {
        repairs(6);
        assertThat(pace.pause(CANARY)).isEqualTo(Duration.ofSeconds(8));
        repairs(50);
        assertThat(pace.pause(CANARY)).isEqualTo(Duration.ofMinutes(5));
    }

    @Test
    void aQuietWhileIsForgiven() {
        repairs(20);
        now = now.plus(Duration.ofMinutes(11));
        repairs(1);
        assertThat(pace.pause(CANARY)).isZero();
    }
}
