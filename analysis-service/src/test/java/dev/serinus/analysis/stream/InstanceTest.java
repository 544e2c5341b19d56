package dev.serinus.analysis.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;

class InstanceTest {

    @TempDir Path directory;

    @Test
    void itIsTheSameAfterARestartAndAnotherElsewhere() {
        String first;
        try (var instance = Instance.in(directory.resolve("one"))) {
            first = instance.id();
        }
        try (var again = Instance.in(directory.resolve("one"));
                var other = Instance.in(directory.resolve("two"))) {
            assertThat(again.id()).isEqualTo(first);
            assertThat(other.id()).isNotEqualTo(first);
        }
    }

    @Test
    void twoCannotHaveTheSame() {
        try (var instance = Instance.in(directory)) {
            assertThat(instance.id()).isNotEmpty();
            assertThatThrownBy(() -> Instance.in(directory))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("SERINUS_STATE_DIR");
        }
    }

    @Test
    void threadsAreReplacedMoreSlowlyTheMoreOftenTheyDie() {
        AtomicReference<Instant> now = new AtomicReference<>(Bench.START);
        ThreadRestarts restarts = new ThreadRestarts(now::get);

        assertThat(restarts.next()).isEqualTo(Duration.ofMillis(200));
        assertThat(restarts.next()).isEqualTo(Duration.ofMillis(400));
        for (int death = 0; death < 20; death++) {
            restarts.next();
        }
        assertThat(restarts.next()).isEqualTo(Duration.ofSeconds(30));
        now.set(Bench.START.plus(Duration.ofMinutes(10)));
        assertThat(restarts.next()).isEqualTo(Duration.ofMillis(200));
    }
}
