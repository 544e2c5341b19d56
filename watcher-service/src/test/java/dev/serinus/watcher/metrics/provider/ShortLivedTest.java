package dev.serinus.watcher.metrics.provider;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

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
        kept.forget("press", "n", "n");
        get("shop", "n");

        assertThat(got).containsExactly("shop/n", "press/n");
    }

    @Test
    void whatIsRefusedIsForgottenUnlessThereIsAnotherByNow() throws Exception {
        get("shop", "n");
        kept.forget("shop", "n", "an older one");
        get("shop", "n");
        assertThat(got).containsExactly("shop/n");

        kept.forget("shop", "n", "n");
        get("shop", "n");
        assertThat(got).containsExactly("shop/n", "shop/n");
    }

    @ParameterizedTest
    @CsvSource({"3600, 3540", "180, 120", "30, 20"})
    void whatLivesShortIsSentUntilAThirdIsLeft(long life, long sent) {
        var held = ShortLived.Held.lasting("v", NOW, Duration.ofSeconds(life));

        assertThat(held.isFresh(NOW.plusSeconds(sent).minusMillis(1))).isTrue();
        assertThat(held.isFresh(NOW.plusSeconds(sent))).isFalse();
    }

    /** A server that hangs would be asked by each of them in turn. */
    @Test
    void thoseWhoWaitForOneThatFailsFailWithIt() throws Exception {
        var begun = new CountDownLatch(1);
        var end = new CountDownLatch(1);
        var first =
                failing(
                        () -> {
                            begun.countDown();
                            end.await();
                            throw new NoCredentials("not now");
                        });
        begun.await();
        var second = failing(() -> new ShortLived.Held<>("asked again", NOW));
        while (second.thread().getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }

        end.countDown();

        assertThat(first.said().get()).isEqualTo("not now");
        assertThat(second.said().get()).isEqualTo("not now");
        assertThat(failing(() -> new ShortLived.Held<>("later", NOW)).said().get())
                .isEqualTo("later");
    }

    private record Asking(Thread thread, CompletableFuture<String> said) {}

    private Asking failing(ShortLived.Source<String> source) {
        var said = new CompletableFuture<String>();
        var thread =
                Thread.ofPlatform()
                        .daemon()
                        .start(
                                () -> {
                                    try {
                                        said.complete(kept.get("shop", "n", NOW, source));
                                    } catch (NoCredentials none) {
                                        said.complete(none.because());
                                    } catch (InterruptedException stopped) {
                                        said.completeExceptionally(stopped);
                                    }
                                });
        return new Asking(thread, said);
    }
}
