package dev.serinus.watcher.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;

import dev.serinus.schemas.outgoing.AddressGuard;
import dev.serinus.schemas.outgoing.CallLimits;
import dev.serinus.schemas.outgoing.OutgoingClient;
import dev.serinus.schemas.outgoing.Proxies;
import dev.serinus.schemas.topic.CanaryKey;
import dev.serinus.watcher.metrics.provider.ProviderHttp;

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
import java.util.Map;

/** Against a server that asks to be left alone for two minutes. */
class GuardedHttpTest {

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

    private GuardedHttp http(@Nullable Pauses pauses) {
        return new GuardedHttp(
                client,
                BackendsTest.unlimited(),
                pauses,
                new CanaryKey("lab", "test", "podinfo"),
                1000);
    }

    private int ask(GuardedHttp http) throws Exception {
        URI address = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
        return http.send(ProviderHttp.Request.get(address, Map.of(), true, Duration.ofSeconds(5)))
                .status();
    }

    @Test
    void itIsLeftAloneUntilTheNextCheck() throws Exception {
        var http = http(new Pauses(() -> now));
        assertThat(ask(http)).isEqualTo(503);

        assertThatThrownBy(() -> ask(http))
                .isInstanceOf(ProviderHttp.NoReply.class)
                .hasMessageContaining("left alone");

        now = now.plusSeconds(10);
        assertThat(ask(http)).isEqualTo(503);
    }

    @Test
    void theServerOfBuiltInMetricsIsAlwaysAsked() throws Exception {
        var http = http(null);

        assertThat(ask(http)).isEqualTo(503);
        assertThat(ask(http)).isEqualTo(503);
    }
}
