package dev.serinus.watcher.metrics.provider;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;

class KeptTest {

    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");

    private final Kept<String, Integer> kept = new Kept<>(2);

    @Test
    void whatIsUsedStays() {
        kept.put("a", 1, NOW);

        for (int minute = 1; minute < 10; minute++) {
            assertThat(kept.get("a", NOW.plus(Duration.ofMinutes(minute)))).isEqualTo(1);
        }
    }

    @Test
    void whatIsNotUsedIsLetGoOf() {
        kept.put("a", 1, NOW);

        assertThat(kept.get("b", NOW.plus(Kept.UNUSED).plusMillis(1))).isNull();
        assertThat(kept.get("a", NOW.plus(Kept.UNUSED))).isNull();
    }

    @Test
    void nothingIsKeptForLongerWhenAClockGoesBack() {
        kept.put("a", 1, NOW);

        assertThat(kept.get("a", NOW.minusSeconds(1))).isNull();
    }

    @Test
    void whatWasNotUsedForLongestMakesRoom() {
        kept.put("a", 1, NOW);
        kept.put("b", 2, NOW);
        assertThat(kept.get("a", NOW)).isEqualTo(1);
        kept.put("c", 3, NOW);

        assertThat(kept.get("a", NOW)).isEqualTo(1);
        assertThat(kept.get("b", NOW)).isNull();
        assertThat(kept.get("c", NOW)).isEqualTo(3);
    }
}
