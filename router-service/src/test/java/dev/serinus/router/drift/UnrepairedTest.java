package dev.serinus.router.drift;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.router.objects.Refusal;
import dev.serinus.schemas.topic.CanaryKey;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

class UnrepairedTest {

    private static final CanaryKey CANARY = new CanaryKey("lab", "test", "podinfo");

    private final Unrepaired unrepaired = new Unrepaired(() -> Instant.EPOCH);

    @Test
    void whatNoRepairCanMendIsToldAndKeepsNoOtherWaiting() {
        // Given
        var lasting = RepairOutcome.NOTHING.beside(Refusal.invalid("headless"));
        // When
        for (int i = 0; i < 20; i++) {
            assertThat(unrepaired.isToBeTriedAgain(CANARY, lasting)).isFalse();
        }
        // Then
        assertThat(unrepaired.pause(CANARY)).isEqualTo(Duration.ZERO);
        assertThat(unrepaired.tell(CANARY, lasting.told())).isTrue();
        assertThat(unrepaired.tell(CANARY, lasting.told())).as("once").isFalse();
    }

    @Test
    void whatIsRefusedBesideIsTriedAgainAndToldWithIt() {
        // Given
        var both =
                RepairOutcome.of(List.of(), List.of(Refusal.retry("denied")))
                        .beside(Refusal.invalid("headless"));
        // When, then
        assertThat(unrepaired.isToBeTriedAgain(CANARY, both)).isTrue();
        assertThat(Unrepaired.because(both.told())).isEqualTo("denied; headless");
    }
}
