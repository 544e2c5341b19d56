package dev.serinus.schemas.shell;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;

import io.fabric8.kubernetes.client.ConfigBuilder;

import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

class KubernetesClientsTest {

    private static final int AT_ONCE = 60;

    @Test
    void answersThatComeAtOnceTakeNoThreadEach() throws Exception {
        // Given: an API server that answers none before all have asked
        var together = new CyclicBarrier(AT_ONCE);
        var server =
                HttpServer.create(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), AT_ONCE);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext(
                "/",
                exchange -> {
                    try {
                        together.await(30, TimeUnit.SECONDS);
                    } catch (Exception late) {
                        throw new IllegalStateException(late);
                    }
                    exchange.sendResponseHeaders(404, -1);
                    exchange.close();
                });
        server.start();
        var before = platformThreads();
        var config =
                new ConfigBuilder()
                        .withMasterUrl("http://127.0.0.1:" + server.getAddress().getPort())
                        .withRequestTimeout(60_000)
                        .build();
        // When
        try (var client = KubernetesClients.of(config);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Object>> requests =
                    IntStream.range(0, AT_ONCE)
                            .<Callable<Object>>mapToObj(
                                    n ->
                                            () ->
                                                    client.pods()
                                                                    .inNamespace("test")
                                                                    .withName("pod-" + n)
                                                                    .get()
                                                            == null)
                            .toList();
            var answers = threads.invokeAll(requests);
            // Then
            for (var answer : answers) {
                assertThat(answer.get()).isEqualTo(true);
            }
            var more = platformThreads();
            more.removeAll(before);
            assertThat(more).hasSizeLessThan(AT_ONCE / 4);
        } finally {
            server.stop(0);
        }
    }

    private static Set<String> platformThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(thread -> thread.getName() + "#" + thread.threadId())
                .collect(Collectors.toSet());
    }

    /** The API server notes the user agent as the manager of the fields that are written. */
    @Test
    void itsNameIsOurs() throws Exception {
        var agents = new ConcurrentLinkedQueue<String>();
        var server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/",
                exchange -> {
                    agents.add(exchange.getRequestHeaders().getFirst("User-Agent"));
                    exchange.sendResponseHeaders(404, -1);
                    exchange.close();
                });
        server.start();
        var config =
                new ConfigBuilder()
                        .withMasterUrl("http://127.0.0.1:" + server.getAddress().getPort())
                        .build();
        try (var client = KubernetesClients.of(config)) {
            assertThat(client.pods().inNamespace("test").withName("podinfo").get()).isNull();
        } finally {
            server.stop(0);
        }
        assertThat(agents).containsExactly(KubernetesClients.FIELD_MANAGER);
    }
}
