package dev.serinus.watcher.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.sun.net.httpserver.HttpServer;

import dev.serinus.schemas.outgoing.AddressGuard;
import dev.serinus.schemas.outgoing.CallLimits;
import dev.serinus.schemas.outgoing.OutgoingClient;
import dev.serinus.schemas.outgoing.Proxies;
import dev.serinus.schemas.topic.CanaryKey;
import dev.serinus.watcher.metrics.provider.ProviderHttp;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** Against a server that asks to be left alone for two minutes. */
class GuardedHttpTest {

    private static final Duration SOON = Duration.ofSeconds(20);

    private Instant now = Instant.parse("2026-03-01T10:00:00Z");
    private final OutgoingClient client =
            new OutgoingClient(new AddressGuard(false), Proxies.none(), CallLimits.of(1));
    private final HttpServer server;

    GuardedHttpTest() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    }

    @BeforeEach
    void serve() {
        server.createContext(
                "/",
                exchange -> {
                    exchange.getResponseHeaders().set("Retry-After", "120");
                    exchange.sendResponseHeaders(503, -1);
                    exchange.close();
                });
        server.start();
    }

    @AfterEach
    void stop() {
        client.close();
        server.stop(0);
    }

    private GuardedHttp http(@Nullable BackendPauses pauses) {
        return new GuardedHttp(
                client,
                BackendsTest.unlimited(),
                pauses,
                new CanaryKey("lab", "test", "podinfo"),
                1000);
    }

    private int ask(GuardedHttp http) throws Exception {
        return ask(http, server);
    }

    private static int ask(GuardedHttp http, HttpServer server)
            throws ProviderHttp.NoReply, InterruptedException {
        URI address = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
        return http.send(ProviderHttp.Request.get(address, Map.of(), true, Duration.ofSeconds(5)))
                .status();
    }

    @Test
    void itIsLeftAloneUntilTheNextCheck() throws Exception {
        var http = http(new BackendPauses(() -> now));
        assertThat(ask(http)).isEqualTo(503);

        assertThatThrownBy(() -> ask(http))
                .isInstanceOf(ProviderHttp.NoReply.class)
                .hasMessageContaining("left alone");

        now = now.plusSeconds(10);
        assertThat(ask(http)).isEqualTo(503);
    }

    /** Whose own calls are used up by a server that hangs takes no turn at another meanwhile. */
    @Test
    void whoWaitsForItsOwnCallsKeepsNobodyFromAnotherServer() throws Exception {
        var hanging = new CountDownLatch(1);
        var end = new CountDownLatch(1);
        var slow = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        slow.createContext(
                "/",
                exchange -> {
                    hanging.countDown();
                    try {
                        end.await();
                    } catch (InterruptedException stopped) {
                        Thread.currentThread().interrupt();
                    }
                    exchange.sendResponseHeaders(204, -1);
                    exchange.close();
                });
        slow.start();
        var oneOfEach = new CallLimits(2, 1, 1, 1 << 20, 1 << 20, Duration.ofSeconds(30));
        var oneAtATime =
                new Backends(
                        new BackendLimits(1, 1000),
                        InstantSource.system(),
                        Thread::sleep,
                        new SimpleMeterRegistry());
        try (var few = new OutgoingClient(new AddressGuard(false), Proxies.none(), oneOfEach)) {
            var shop =
                    new GuardedHttp(
                            few, oneAtATime, null, new CanaryKey("lab", "shop", "cart"), 1000);
            var press =
                    new GuardedHttp(
                            few, oneAtATime, null, new CanaryKey("lab", "press", "blog"), 1000);
            var first = Thread.ofVirtual().start(() -> quietly(shop, slow));
            assertTimeoutPreemptively(SOON, () -> hanging.await());
            var second = Thread.ofVirtual().start(() -> quietly(shop, server));
            assertTimeoutPreemptively(
                    SOON,
                    () -> {
                        while (second.getState() != Thread.State.TIMED_WAITING) {
                            Thread.onSpinWait();
                        }
                    });

            assertThat(ask(press)).isEqualTo(503);

            end.countDown();
            assertTimeoutPreemptively(SOON, () -> first.join());
            assertTimeoutPreemptively(SOON, () -> second.join());
        } finally {
            slow.stop(0);
        }
    }

    @Test
    void theInstallationItselfWaitsForNoCanary() throws Exception {
        var installation =
                GuardedHttp.ofTheInstallation(
                        client,
                        "lab",
                        new BackendLimits(1, 1000),
                        InstantSource.system(),
                        Thread::sleep,
                        new SimpleMeterRegistry());

        int status =
                http(null)
                        .inTurn(
                                (_, _) -> {
                                    try {
                                        return ask(installation);
                                    } catch (Exception failed) {
                                        throw new IllegalStateException(failed);
                                    }
                                });

        assertThat(status).isEqualTo(503);
    }

    private static void quietly(GuardedHttp http, HttpServer server) {
        try {
            var _ = ask(http, server);
        } catch (ProviderHttp.NoReply | InterruptedException late) {
            throw new IllegalStateException(late);
        }
    }

    @Test
    void theServerOfBuiltInMetricsIsAlwaysAsked() throws Exception {
        var http = http(null);

        assertThat(ask(http)).isEqualTo(503);
        assertThat(ask(http)).isEqualTo(503);
    }
}
