package dev.serinus.watcher.status;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;

import dev.serinus.broker.FreePort;
import dev.serinus.schemas.topic.CanaryKey;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

class PersistenceTest {

    @Test
    void aServerThatIsAwayIsAskedUntilItIsBack() throws Exception {
        int port = FreePort.next();
        List<HttpServer> started = new ArrayList<>();
        var persistence = new Persistence(Duration.ofMillis(10), new SimpleMeterRegistry());
        try (var client =
                new KubernetesClientBuilder()
                        .withConfig(
                                new ConfigBuilder(Config.empty())
                                        .withMasterUrl("http://127.0.0.1:" + port)
                                        .withHttp2Disable(true)
                                        .withRequestRetryBackoffLimit(0)
                                        .build())
                        .build()) {
            String answer =
                    persistence.ask(
                            new CanaryKey("eu-1", "shop", "checkout"),
                            "get",
                            () -> {
                                try {
                                    return client.pods().inNamespace("shop").withName("a").get()
                                                    == null
                                            ? "not there"
                                            : "there";
                                } catch (KubernetesClientException away) {
                                    started.add(notFound(port)); // it comes back after that
                                    throw away;
                                }
                            });

            assertThat(started).hasSize(1);
            assertThat(answer).isEqualTo("not there");
        } finally {
            started.forEach(server -> server.stop(0));
        }
    }

    private static HttpServer notFound(int port) {
        try {
            var server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
            server.createContext(
                    "/",
                    exchange -> {
                        try (exchange) {
                            exchange.sendResponseHeaders(404, -1);
                        }
                    });
            server.start();
            return server;
        } catch (IOException taken) {
            throw new UncheckedIOException(taken);
        }
    }
}
