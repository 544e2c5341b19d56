package dev.serinus.watcher.metrics.provider;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

class ShortLivedTest {

    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");

    private final ShortLived<String> kept = new ShortLived<>();
    private final List<String> got = new ArrayList<>();

    private void get(String name) throws Exception {
        kept.get(
                name,
                NOW,
                () -> {
                    got.add(name);
                    return new ShortLived.Held<>(name, NOW.plus(Duration.ofHours(1)));
                });
    }

    @Test
    void theOldestMakesRoomThoughItIsFresh() throws Exception {
        for (int i = 0; i <= ShortLived.MOST; i++) {
            get("n" + i);
        }
        got.clear();

        get("n" + ShortLived.MOST);
        get("n1");
        assertThat(got).isEmpty();

        get("n0");
        assertThat(got).containsExactly("n0");
    }
}
