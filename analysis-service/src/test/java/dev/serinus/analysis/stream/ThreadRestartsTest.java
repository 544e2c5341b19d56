package dev.serinus.analysis.stream;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;

class ThreadRestartsTest {

    private Instant now = Instant.parse("2026-11-22T10:00:00Z");
    private final ThreadRestarts restarts = new ThreadRestarts(() -> now);

    @Test
    void pausesGrowWhileThreadsDieAndStartAgainAfterAQuietTime() {
        assertThat(restarts.next()).isEqualTo(Duration.ofMillis(200));
        assertThat(restarts.next()).isEqualTo(Duration.ofMillis(400));
        for (int death = 0; death < 20; death++) {
            restarts.next();
        }
        assertThat(restarts.next()).isEqualTo(Duration.ofSeconds(30));
        now = now.plus(Duration.ofMinutes(3));
        assertThat(restarts.next()).isEqualTo(Duration.ofMillis(200));
    }

    @Test
    void isNotReadyUntilAReplacedThreadHasLivedForAWhile() {
        // Given
        assertThat(restarts.recovered()).isTrue();

        // When: it dies again and again, each time when it joins its group
        for (int death = 0; death < 5; death++) {
            restarts.next();
            now = now.plus(Duration.ofSeconds(10));
            assertThat(restarts.recovered()).isFalse();
        }

        // Then
        now = now.plus(Duration.ofSeconds(10));
        assertThat(restarts.recovered()).isTrue();
    }
}
