package dev.serinus.schemas.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpServer;

import dev.serinus.schemas.events.Action;
import dev.serinus.schemas.runtime.KafkaSettings;

import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;

class RegistryClientTest {

    private static final String SECRET = "s3cret-word";
    private final Queue<String> authorizations = new ConcurrentLinkedQueue<>();
    private final CountDownLatch asked = new CountDownLatch(1);
    private final Semaphore answers = new Semaphore(1);
    private HttpServer server;
    private int status = 200;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/",
                exchange -> {
                    asked.countDown();
                    answers.acquireUninterruptibly();
                    answers.release();
                    authorizations.add(
                            String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
                    byte[] body = "{\"id\": 7}".getBytes(UTF_8);
                    exchange.sendResponseHeaders(status, body.length);
                    exchange.getResponseBody().write(body);
                    exchange.close();
                });
        server.start();
    }

    @AfterEach
    void stop() {
        answers.release();
        server.stop(0);
    }

    private String address() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    @Test
    void identifiesItselfWithTheUserInfo() {
        // When
        int id =
                ask(
                        Map.of(
                                "basic.auth.credentials.source",
                                "USER_INFO",
                                "basic.auth.user.info",
                                "ada:" + SECRET));

        // Then
        assertThat(id).isEqualTo(7);
        assertThat(authorizations).containsExactly(basic("ada:" + SECRET));
    }

    @Test
    void identifiesItselfWithTheUserInfoOfTheAddress() {
        // When
        ask(Map.of("schema.registry.url", "http://ada:" + SECRET + "@" + address()));

        // Then
        assertThat(authorizations).containsExactly(basic("ada:" + SECRET));
    }

    @Test
    void sendsNoCredentialsWhereNoneAreGiven() {
        // When
        ask(Map.of());

        // Then
        assertThat(authorizations).containsExactly("null");
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403, 409, 422, 500, 503})
    void waitsForARegistryThatRefusesAndNeverTellsTheCredentials(int refusal) {
        // Given
        status = refusal;

        // When
        Throwable refused =
                catchThrowable(
                        () ->
                                ask(
                                        Map.of(
                                                "schema.registry.url",
                                                "http://ada:" + SECRET + "@" + address())));

        // Then
        assertThat(refused).isInstanceOf(RegistryAway.class);
        assertThat(refused.toString()).doesNotContain(SECRET).doesNotContain("ada");
    }

    @Test
    void asksTheNextAddressWhenOneDoesNotAnswer() {
        // When
        int id =
                ask(Map.of("schema.registry.url", "http://127.0.0.1:1, http://" + address() + "/"));

        // Then
        assertThat(id).isEqualTo(7);
    }

    @Test
    void aRegistryThatTakesItsTimeIsAwaitedWithoutHoldingUpThoseWhoAsk() throws Exception {
        // Given
        answers.acquire();

        // When
        assertThatThrownBy(() -> ask(Map.of()))
                .isInstanceOf(RegistryAway.class)
                .hasMessageContaining("has not answered yet");
        asked.await();
        answers.release();

        // Then: the answer to the first question serves the next one
        await().until(() -> knows(Map.of()));
        assertThat(ask(Map.of())).isEqualTo(7);
        assertThat(authorizations).hasSize(1);
    }

    @Test
    void refusesAnAddressWithoutRepeatingIt() {
        assertThatThrownBy(() -> ask(Map.of("schema.registry.url", "ada:" + SECRET + "@host")))
                .isInstanceOf(ConfigException.class)
                .hasMessage("schema.registry.url must be http://HOST:PORT or https://HOST:PORT");
    }

    @Test
    void settingsTellNoCredentials() {
        // Given
        var properties =
                Map.of(
                        "bootstrap.servers",
                        "localhost:1",
                        "basic.auth.credentials.source",
                        "USER_INFO",
                        "basic.auth.user.info",
                        "ada:" + SECRET,
                        "schema.registry.url",
                        "http://ada:" + SECRET + "@host");

        // Then
        assertThat(new KafkaSettings(properties).toString()).doesNotContain(SECRET);
        assertThat(RegistrySettings.of(properties).orElseThrow().toString())
                .isEqualTo("RegistrySettings[http://host]");
    }

    private int ask(Map<String, String> more) {
        return registry(more).id("subject", Action.SCHEMA$);
    }

    private boolean knows(Map<String, String> more) {
        return registry(more).knows("subject", Action.SCHEMA$);
    }

    private SchemaRegistry registry(Map<String, String> more) {
        var configuration = new HashMap<>(Map.of("schema.registry.url", "http://" + address()));
        configuration.putAll(more);
        return SchemaRegistry.of(configuration).orElseThrow();
    }

    private static String basic(String userInfo) {
        return "Basic " + Base64.getEncoder().encodeToString(userInfo.getBytes(UTF_8));
    }
}
