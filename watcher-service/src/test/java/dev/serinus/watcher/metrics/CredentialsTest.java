package dev.serinus.watcher.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;

import dev.serinus.watcher.Objects;

import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;

/** How often Secrets are read, and how soon a new one counts. */
@EnableKubernetesMockClient(crud = true, https = false)
class CredentialsTest {

    @SuppressWarnings("NullAway.Init") // the extension sets it
    static KubernetesMockServer server;

    @SuppressWarnings("NullAway.Init") // the extension sets it
    static KubernetesClient client;

    private Instant now = Instant.parse("2026-03-01T10:00:00Z");
    private final Credentials credentials = new Credentials(client, () -> now);
    private int before;

    @BeforeEach
    void count() {
        secret("shop", "first");
        before = server.getRequestCount();
    }

    @AfterEach
    void reset() {
        server.reset();
    }

    private static void secret(String namespace, String token) {
        Objects.secret(client, namespace, "keys", "token", token);
    }

    private int read() {
        return server.getRequestCount() - before;
    }

    private static Map<String, String> data(Credentials.Found found) {
        assertThat(found).isInstanceOf(Credentials.Found.Data.class);
        return ((Credentials.Found.Data) found).data();
    }

    @Test
    void fiveHundredCanariesReadASecretOnceInFiveSeconds() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Credentials.Found>> asking = new ArrayList<>();
            for (int i = 0; i < 500; i++) {
                asking.add(() -> credentials.of("shop", "keys"));
            }
            for (var found : threads.invokeAll(asking)) {
                assertThat(data(found.get())).containsEntry("token", "first");
            }
        }
        assertThat(read()).isEqualTo(1);

        now = now.plus(Credentials.USED).minusMillis(1);
        assertThat(data(credentials.of("shop", "keys"))).containsEntry("token", "first");
        assertThat(read()).isEqualTo(1);
    }

    @Test
    void aNewOneCountsAfterFiveSecondsAtTheLatest() throws Exception {
        var _ = credentials.of("shop", "keys");
        secret("shop", "second");

        now = now.plus(Credentials.USED);

        assertThat(data(credentials.of("shop", "keys"))).containsEntry("token", "second");
    }

    @Test
    void aClockThatGoesBackKeepsNothing() throws Exception {
        var _ = credentials.of("shop", "keys");
        secret("shop", "second");

        now = now.minusSeconds(1);

        assertThat(data(credentials.of("shop", "keys"))).containsEntry("token", "second");
    }

    @Test
    void whatIsNotToBeUsedAnyMoreIsReadAnewAndOnceForAll() throws Exception {
        var _ = credentials.of("shop", "keys");
        long refused = credentials.now();
        secret("shop", "second");
        before = server.getRequestCount();

        assertThat(data(credentials.of("shop", "keys", refused))).containsEntry("token", "second");
        assertThat(data(credentials.of("shop", "keys", refused))).containsEntry("token", "second");
        assertThat(read()).isEqualTo(1);
    }

    @Test
    void whatIsNotThereIsLookedForEachTime() throws Exception {
        assertThat(credentials.of("shop", "others")).isInstanceOf(Credentials.Found.Missing.class);
        assertThat(credentials.of("shop", "others")).isInstanceOf(Credentials.Found.Missing.class);

        assertThat(read()).isEqualTo(2);
    }

    @Test
    void oneOfAnotherNamespaceIsAnother() throws Exception {
        secret("press", "of-press");

        assertThat(data(credentials.of("shop", "keys"))).containsEntry("token", "first");
        assertThat(data(credentials.of("press", "keys"))).containsEntry("token", "of-press");
        assertThat(data(credentials.of("shop", "keys"))).containsEntry("token", "first");
    }

    @Test
    void aLongOneIsReadEachTime() throws Exception {
        secret("shop", "x".repeat(70_000));
        before = server.getRequestCount();

        var _ = credentials.of("shop", "keys");
        var _ = credentials.of("shop", "keys");

        assertThat(read()).isEqualTo(2);
    }

    /** An API server that is slow to refuse keeps the second one as long as the first. */
    @Test
    void whoWaitedForAReadingThatFailedDoesNotBeginAnother() throws Exception {
        var requests = new AtomicInteger();
        var begun = new CountDownLatch(1);
        var refuse = new CountDownLatch(1);
        var slow = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        slow.createContext(
                "/",
                exchange -> {
                    requests.incrementAndGet();
                    begun.countDown();
                    try {
                        refuse.await();
                    } catch (InterruptedException _) {
                        Thread.currentThread().interrupt();
                    }
                    exchange.sendResponseHeaders(403, -1);
                    exchange.close();
                });
        slow.start();
        var config =
                new ConfigBuilder()
                        .withMasterUrl("http://127.0.0.1:" + slow.getAddress().getPort())
                        .withNoProxy("127.0.0.1")
                        .build();
        try (var kubernetes = new KubernetesClientBuilder().withConfig(config).build()) {
            var there = new Credentials(kubernetes, () -> now);
            var first = new FutureTask<>(() -> there.of("shop", "keys"));
            var second = new FutureTask<>(() -> there.of("shop", "keys"));
            Thread.ofPlatform().start(first);
            begun.await();
            var waiting = Thread.ofPlatform().start(second);
            while (waiting.getState() != Thread.State.WAITING) {
                Thread.onSpinWait();
            }
            refuse.countDown();

            assertThat(first.get()).isInstanceOf(Credentials.Found.Unknown.class);
            assertThat(second.get()).isEqualTo(first.get());
            assertThat(requests).hasValue(1);
        } finally {
            slow.stop(0);
        }
    }

    @Test
    void itIsUsedForLessThanTheShortestInterval() {
        assertThat(Credentials.USED).isLessThan(Duration.ofSeconds(10));
    }
}
