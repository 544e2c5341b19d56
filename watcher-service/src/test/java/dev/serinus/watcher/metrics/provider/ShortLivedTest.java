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
        get(owner, name, NOW);
    }

    private void get(String owner, String name, Instant now) throws Exception {
        kept.get(
                owner,
                name,
                now,
                () -> {
                    got.add(owner + "/" + name);
                    return new ShortLived.Held<>(name, now.plus(Duration.ofHours(1)));
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
        kept.forget("press", "n", "n", NOW);
        get("shop", "n");

        assertThat(got).containsExactly("shop/n", "press/n");
    }

    @Test
    void whatIsRefusedIsForgottenUnlessThereIsAnotherByNow() throws Exception {
        get("shop", "n");
        kept.forget("shop", "n", "an older one", NOW);
        get("shop", "n");
        assertThat(got).containsExactly("shop/n");

        kept.forget("shop", "n", "n", NOW);
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
                asking(
                        () -> {
                            begun.countDown();
                            end.await();
                            throw new NoCredentials("not now");
                        });
        begun.await();
        var second = asking(() -> new ShortLived.Held<>("asked again", NOW));
        await(second);

        end.countDown();

        assertThat(first.said().get()).isEqualTo("not now");
        assertThat(second.said().get()).isEqualTo("not now");
        assertThat(asking(() -> new ShortLived.Held<>("later", NOW)).said().get())
                .isEqualTo("later");
    }

    /** Its canary may be gone, or its question have taken too long. */
    @Test
    void whoGivesUpLeavesItToTheOthers() throws Exception {
        var begun = new CountDownLatch(1);
        var end = new CountDownLatch(1);
        var first =
                asking(
                        () -> {
                            begun.countDown();
                            end.await();
                            return new ShortLived.Held<>("the first", NOW);
                        });
        begun.await();
        var second = asking(() -> new ShortLived.Held<>("asked again", NOW));
        await(second);

        first.thread().interrupt();

        assertThat(first.said().get()).isEqualTo("interrupted");
        assertThat(second.thread().getState()).isEqualTo(Thread.State.TIMED_WAITING);
        end.countDown();
        assertThat(second.said().get()).isEqualTo("the first");
    }

    @Test
    void whatTheInstallationDidNotGetIsNotAskedForAtOnceAgain() throws Exception {
        ShortLived.Source<String> failing =
                () -> {
                    got.add("asked");
                    throw new NoCredentials("not now");
                };

        for (int i = 0; i < 3; i++) {
            assertThat(said(ShortLived.INSTALLATION, NOW.plusSeconds(i), failing))
                    .isEqualTo("not now");
        }
        assertThat(got).containsExactly("asked");

        assertThat(said(ShortLived.INSTALLATION, NOW.plus(ShortLived.REST), failing))
                .isEqualTo("not now");
        assertThat(got).containsExactly("asked", "asked");

        // Also where a clock goes back.
        assertThat(said(ShortLived.INSTALLATION, NOW.minusSeconds(60), failing))
                .isEqualTo("not now");
        assertThat(got).hasSize(3);
    }

    /** A template can ask for what refuses the installation, however good its credentials are. */
    @Test
    void whatTheInstallationHasGotIsKeptForAMinuteThoughItIsRefused() throws Exception {
        String us = ShortLived.INSTALLATION;
        get(us, "n");
        kept.forget(us, "n", "n", NOW.plusSeconds(59));
        get(us, "n", NOW.plusSeconds(59));
        assertThat(got).containsExactly("//n");

        kept.forget(us, "n", "n", NOW.plus(ShortLived.LEAST));
        get(us, "n", NOW.plus(ShortLived.LEAST));
        assertThat(got).containsExactly("//n", "//n");
    }

    @Test
    void noNamespaceDropsWhatIsTheInstallations() throws Exception {
        get(ShortLived.INSTALLATION, "n");
        for (int i = 0; i <= ShortLived.MOST; i++) {
            get("owner" + i, "n");
        }
        got.clear();

        get(ShortLived.INSTALLATION, "n");

        assertThat(got).isEmpty();
    }

    private static void await(Asking asking) {
        while (asking.thread().getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
    }

    private String said(String owner, Instant now, ShortLived.Source<String> source)
            throws InterruptedException {
        try {
            return kept.get(owner, "n", now, source);
        } catch (NoCredentials none) {
            return none.because();
        }
    }

    private record Asking(Thread thread, CompletableFuture<String> said) {}

    private Asking asking(ShortLived.Source<String> source) {
        var said = new CompletableFuture<String>();
        var thread =
                Thread.ofPlatform()
                        .daemon()
                        .start(
                                () -> {
                                    try {
                                        said.complete(said("shop", NOW, source));
                                    } catch (InterruptedException _) {
                                        said.complete("interrupted");
                                    }
                                });
        return new Asking(thread, said);
    }
}
