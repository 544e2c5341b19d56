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

    private void get(String owner, String name) throws Exception {
        kept.get(
                owner,
                name,
                NOW,
                () -> {
                    got.add(owner + "/" + name);
                    return new ShortLived.Held<>(name, NOW.plus(Duration.ofHours(1)));
                });
    }

    @Test
    void theOldestOfTheSameOwnerMakesRoomThoughItIsFresh() throws Exception {
        get("press", "n0");
        for (int i = 0; i <= ShortLived.MOST_OF_OWNER; i++) {
            get("shop", "n" + i);
        }
        got.clear();

        get("shop", "n" + ShortLived.MOST_OF_OWNER);
        get("shop", "n1");
        get("press", "n0");
        assertThat(got).isEmpty();

        get("shop", "n0");
        assertThat(got).containsExactly("shop/n0");
    }

    @Test
    void thereAreNotEndlesslyManyOfAllOwners() throws Exception {
        for (int i = 0; i <= ShortLived.MOST; i++) {
            get("owner" + i, "n");
        }
        got.clear();

        get("owner1", "n");
        get("owner0", "n");

        assertThat(got).containsExactly("owner0/n");
    }

    @Test
    void whatIsOfOneOwnerIsNotAnothers() throws Exception {
        get("shop", "n");
        get("press", "n");
        kept.forget("press", "n");
        get("shop", "n");

        assertThat(got).containsExactly("shop/n", "press/n");
    }
}
