package dev.serinus.watcher.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.serinus.schemas.topic.CanaryKey;
import dev.serinus.watcher.metrics.provider.ProviderHttp;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

import org.junit.jupiter.api.Test;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

class BackendsTest {

    private static final URI SLOW = URI.create("http://slow.example:9090/api?query=x");
    private static final URI OTHER = URI.create("http://slow.example:9091/api");
    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final Duration LITTLE = Duration.ofMillis(50);
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final CanaryKey CART = new CanaryKey("west", "shop", "cart");
    private static final CanaryKey BLOG = new CanaryKey("west", "press", "blog");

    private Instant now = Instant.parse("2026-03-01T10:00:00Z");
    private final List<Duration> slept = new ArrayList<>();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    /** Lets everybody ask. */
    static Backends unlimited() {
        return new Backends(
                new BackendLimits(1000, 1_000_000),
                InstantSource.system(),
                Thread::sleep,
                new SimpleMeterRegistry());
    }

    private Backends backends(int atOnce, int perSecond) {
        return new Backends(
                new BackendLimits(atOnce, perSecond),
                () -> now,
                pause -> {
                    slept.add(pause);
                    now = now.plus(pause);
                },
                meters);
    }

    private static String ask(Backends backends, CanaryKey canary, URI uri, Duration limit)
            throws Exception {
        return backends.inTurn(canary, uri, limit, () -> "asked");
    }

    @Test
    void whoComesWhileASecondsShareIsUsedUpWaitsForTheNextShare() throws Exception {
        var backends = backends(100, 4);
        for (int i = 0; i < 6; i++) {
            ask(backends, CART, SLOW, LIMIT);
        }

        assertThat(slept).containsExactly(Duration.ofMillis(250), Duration.ofMillis(250));
    }

    @Test
    void afterAPauseAsManyAsASecondHasMayAskAtOnceAndNoMore() throws Exception {
        var backends = backends(100, 4);
        ask(backends, CART, SLOW, LIMIT);
        now = now.plusSeconds(3600);
        for (int i = 0; i < 5; i++) {
            ask(backends, CART, SLOW, LIMIT);
        }

        assertThat(slept).containsExactly(Duration.ofMillis(250));
    }

    @Test
    void whoWouldWaitLongerThanItsLimitIsToldWhichSettingEndsIt() throws Exception {
        var backends = backends(100, 1);
        ask(backends, CART, SLOW, LIMIT);

        assertThatThrownBy(() -> ask(backends, CART, SLOW, LITTLE))
                .isInstanceOf(ProviderHttp.NoReply.class)
                .hasMessageContaining("more than 1 queries per second")
                .hasMessageNotContaining("slow.example");
        assertThat(slept).isEmpty();
        assertThat(meters.timer("serinus.watcher.backend.wait", "outcome", "refused").count())
                .isEqualTo(1);
    }

    @Test
    void anotherServerIsAskedAtOnce() throws Exception {
        var backends = backends(100, 1);
        ask(backends, CART, SLOW, LIMIT);

        ask(backends, CART, OTHER, LIMIT);

        assertThat(slept).isEmpty();
    }

    @Test
    void aClockThatGoesBackKeepsNobodyWaiting() throws Exception {
        var backends = backends(2, 4);
        for (int i = 0; i < 4; i++) {
            ask(backends, CART, SLOW, LIMIT);
        }
        now = now.minusSeconds(3600);

        ask(backends, CART, SLOW, LIMIT);

        assertThat(slept).isEmpty();
    }

    @Test
    void aNamespaceWhoseQueriesHangLeavesTurnsForOthers() throws Exception {
        var backends = backends(2, 1000);
        var asking = new CountDownLatch(1);
        var end = new CountDownLatch(1);
        var hanging =
                Thread.ofVirtual()
                        .start(
                                () -> {
                                    try {
                                        backends.inTurn(
                                                CART,
                                                SLOW,
                                                LIMIT,
                                                () -> {
                                                    asking.countDown();
                                                    end.await();
                                                    return "late";
                                                });
                                    } catch (ProviderHttp.NoReply | InterruptedException _) {
                                        end.countDown();
                                    }
                                });
        assertTimeoutPreemptively(SOON, () -> asking.await());

        assertThatThrownBy(() -> ask(backends, CART, SLOW, LITTLE))
                .isInstanceOf(ProviderHttp.NoReply.class)
                .hasMessageContaining("queries are under way there");
        assertThat(ask(backends, BLOG, SLOW, LITTLE)).isEqualTo("asked");
        assertThat(ask(backends, CART, OTHER, LITTLE)).isEqualTo("asked");

        end.countDown();
        assertTimeoutPreemptively(SOON, () -> hanging.join());
        assertThat(ask(backends, CART, SLOW, LITTLE)).isEqualTo("asked");
    }

    @Test
    void limitsAreAtLeastOne() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new BackendLimits(0, 1))
                .withMessageContaining("backend-queries-at-once");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new BackendLimits(1, 0))
                .withMessageContaining("backend-queries-per-second");
    }

    @Test
    void aProcessOfSeveralServicesReadsThemFromTheSameVariables() {
        String atOnce = "SERINUS_WATCHER_BACKEND_QUERIES_AT_ONCE";
        String perSecond = "SERINUS_WATCHER_BACKEND_QUERIES_PER_SECOND";

        assertThat(BackendLimits.of(Map.of())).isEqualTo(BackendLimits.DEFAULTS);
        assertThat(BackendLimits.of(Map.of(atOnce, "7", perSecond, " 30 ")))
                .isEqualTo(new BackendLimits(7, 30));
        for (String wrong : List.of("0", "-1", "many", "99999999999")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> BackendLimits.of(Map.of(perSecond, wrong)))
                    .withMessage(
                            "%s must be a whole number, 1 or more; found '%s'", perSecond, wrong);
        }
    }
}
