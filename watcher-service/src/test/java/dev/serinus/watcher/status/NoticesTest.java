package dev.serinus.watcher.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;

class NoticesTest {

    private final Queue<Integer> answers = new ConcurrentLinkedQueue<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();

    @SuppressWarnings("NullAway.Init") // each test begins with start()
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        asked.add(new String(body, UTF_8));
        Integer code = answers.poll();
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(code == null ? 201 : code, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private Notices notices() {
        var config =
                new ConfigBuilder()
                        .withMasterUrl("http://127.0.0.1:" + server.getAddress().getPort())
                        .build();
        var client = new KubernetesClientBuilder().withConfig(config).build();
        return new Notices(client, () -> Instant.EPOCH, Duration.ofMillis(1));
    }

    private void tell() {
        var canary = new GenericKubernetesResource();
        canary.setMetadata(
                new ObjectMetaBuilder()
                        .withNamespace("test")
                        .withName("podinfo")
                        .withUid("uid")
                        .build());
        notices().tell(canary, "claimed by another");
    }

    @Test
    void aSentenceThatWasNotTakenIsToldAgain() {
        answers.addAll(List.of(403, 403));

        tell();

        await().until(() -> asked.size() == 3);
        assertThat(asked).allMatch(event -> event.contains("claimed by another"));
    }

    @ParameterizedTest
    @ValueSource(ints = {201, 404, 409})
    void oneThatIsThereOrHasNoPlaceIsNot(int code) {
        answers.add(code);

        tell();

        await().during(Duration.ofMillis(100)).until(() -> asked.size() == 1);
    }
}
