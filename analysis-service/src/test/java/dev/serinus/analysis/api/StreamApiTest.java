package dev.serinus.analysis.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.serinus.analysis.access.AccessConfig;
import dev.serinus.analysis.access.LoginConfig;
import dev.serinus.analysis.action.ActionDesk;
import dev.serinus.analysis.fleet.FleetView;
import dev.serinus.schemas.events.Evidence;
import dev.serinus.schemas.events.RolloutEvent;
import dev.serinus.schemas.events.RolloutState;
import dev.serinus.schemas.events.Verdict;
import dev.serinus.schemas.topic.CanaryKey;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

@Timeout(60)
class StreamApiTest {

    private static final Instant AT = Instant.parse("2026-11-22T10:00:00Z");
    private static final CanaryKey CART = new CanaryKey("west", "shop", "cart");
    private static final CanaryKey TILL = new CanaryKey("west", "shop", "till");
    private static final CanaryKey BLOG = new CanaryKey("east", "blog", "web");
    private static final HttpClient http = HttpClient.newHttpClient();

    @TempDir Path files;

    private final FleetView fleet = new FleetView(3);
    private final List<Listener> listeners = new ArrayList<>();
    private @Nullable ReadApi api;

    @AfterEach
    void close() {
        listeners.forEach(Listener::close);
        if (api != null) {
            api.close();
        }
    }

    @Test
    void allIsToldFirstWithTheMostUrgentInFrontAndThenWhatChanges() throws Exception {
        fleet.state(BLOG, state(BLOG, "Succeeded", 1));
        fleet.state(CART, state(CART, "Progressing", 1));
        fleet.state(TILL, state(TILL, "Failed", 1));
        serve(AccessConfig.NONE);

        var listener = listen("", "");

        assertThat(listener.next("reset")).isEmpty();
        assertThat(listener.next("rollouts").findValuesAsText("name"))
                .containsExactly("till", "cart", "web");
        listener.next("current");
        fleet.state(CART, state(CART, "Promoting", 2));
        assertThat(listener.next("rollout").path("phase").asText()).isEqualTo("Promoting");
        fleet.state(BLOG, null);
        assertThat(listener.next("gone").path("name").asText()).isEqualTo("web");
    }

    /** A hub that has just started knows nothing yet, which is not that there is nothing. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/rollouts",
                "/api/v1/rollouts",
                "/api/v1/rollouts/west/shop/cart",
                "/api/v1/rollouts/west/shop/cart/events",
                "/api/v1/rollouts/west/shop/cart/alerts",
                "/api/v1/stream",
                "/api/v1/events",
                "/api/v1/budgets",
                "/api/v1/clusters",
                "/api/v1/gates"
            })
    void nobodyIsToldOfRolloutsThatAreStillBeingRead(String path) throws Exception {
        var read = new AtomicBoolean();
        serve(AccessConfig.NONE, read::get);

        var answer = ask(path);

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Retry-After")).contains("2");
        assertThat(answer.body()).contains("the rollouts are still being read");
        fleet.state(CART, state(CART, "Progressing", 1));
        read.set(true);
        var listener = listen("", "");
        listener.next("reset");
        assertThat(listener.next("rollouts").findValuesAsText("name")).containsExactly("cart");
        assertThat(ask("/api/v1/rollouts/west/shop/cart").statusCode()).isEqualTo(200);
        assertThat(ask("/api/v1/hub").statusCode()).isEqualTo(200);
    }

    @Test
    void wordsAreTakenForNothingElse() throws Exception {
        serve(AccessConfig.NONE);

        for (String path : List.of("/dashboard/none.js", "/dashboard/app.js")) {
            assertThat(ask(path).headers().firstValue("X-Content-Type-Options"))
                    .as(path)
                    .contains("nosniff");
        }
        int port = Objects.requireNonNull(api).port();
        var hook =
                http.send(
                        HttpRequest.newBuilder(
                                        URI.create(
                                                "http://127.0.0.1:" + port + "/gates/check-status"))
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString("{}"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(hook.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
    }

    /** Each keeps megabytes in memory until it has been read. */
    @Test
    void whoReadsNothingOfTheWholeFleetKeepsItFromNobodyElse() throws Exception {
        int all = WholeAnswers.MOST / (WholeAnswers.MOST_OF_ONE + 1);
        for (int number = 0; number < all; number++) {
            var canary = new CanaryKey("west", "shop", "app-" + number);
            fleet.state(canary, state(canary, "Succeeded", 1));
        }
        serve(AccessConfig.NONE);
        String tag = ask("/api/v1/rollouts").headers().firstValue("ETag").orElseThrow();
        List<Socket> slow = new ArrayList<>();
        try {
            for (int number = 0; number < WholeAnswers.MOST_OF_ONE; number++) {
                slow.add(begunToRead("/api/v1/rollouts"));
            }

            var refused = ask("/api/v1/rollouts");

            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.headers().firstValue("Retry-After")).contains("5");
            assertThat(refused.body()).contains("ask for pages");
            assertThat(ask("/api/v1/rollouts?limit=500").statusCode()).isEqualTo(200);
            slow.removeLast().close();
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> ask("/api/v1/rollouts").statusCode() == 200);
        } finally {
            for (var each : slow) {
                each.close();
            }
        }
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(
                        () -> {
                            var answer = ask("/api/v1/rollouts");
                            assertThat(new ObjectMapper().readTree(answer.body()).path("count"))
                                    .hasToString(String.valueOf(all));
                            assertThat(answer.headers().firstValue("ETag")).contains(tag);
                            assertThat(answer.headers().firstValue("Content-Type"))
                                    .contains("application/json");
                        });
    }

    /** A connection at which the answer has begun to come, and nobody reads on. */
    private Socket begunToRead(String path) throws IOException {
        var socket = new Socket();
        socket.setReceiveBufferSize(4_096);
        socket.connect(
                new InetSocketAddress(
                        InetAddress.getByAddress(new byte[] {127, 0, 0, 1}),
                        Objects.requireNonNull(api).port()));
        socket.getOutputStream()
                .write(
                        "GET %s HTTP/1.1\r\nHost: localhost\r\n\r\n"
                                .formatted(path)
                                .getBytes(StandardCharsets.US_ASCII));
        assertThat(new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII))
                .isEqualTo("HTTP/1.1 200");
        return socket;
    }

    private HttpResponse<String> ask(String path) throws Exception {
        int port = Objects.requireNonNull(api).port();
        return http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void manyAreToldInParts() throws Exception {
        IntStream.range(0, 1_201)
                .mapToObj(number -> new CanaryKey("west", "shop", "app-" + number))
                .forEach(canary -> fleet.state(canary, state(canary, "Succeeded", 1)));
        serve(AccessConfig.NONE);

        var listener = listen("", "");
        listener.next("reset");

        assertThat(listener.next("rollouts")).hasSize(500);
        assertThat(listener.next("rollouts")).hasSize(500);
        assertThat(listener.next("rollouts")).hasSize(201);
        listener.next("current");
    }

    @Test
    void whoeverComesBackIsToldOnlyWhatChangedSince() throws Exception {
        fleet.state(CART, state(CART, "Progressing", 1));
        fleet.state(TILL, state(TILL, "Succeeded", 1));
        serve(AccessConfig.NONE);
        var before = listen("", "");
        before.next("reset");
        before.next("rollouts");
        before.next("current");
        before.close();
        fleet.state(CART, state(CART, "Promoting", 2));
        fleet.state(CART, state(CART, "Succeeded", 3));

        var after = listen("", before.lastId);

        assertThat(after.next("rollout").path("sequence").asInt()).isEqualTo(3);
        fleet.state(TILL, state(TILL, "Progressing", 2));
        assertThat(after.next("rollout").path("name").asText()).isEqualTo("till");
    }

    @Test
    void whatCameTogetherIsToldAgainToWhoeverLostTheConnectionInItsMidst() throws Exception {
        String query = "?cluster=west&namespace=shop&name=cart";
        fleet.state(CART, state(CART, "Progressing", 1));
        serve(AccessConfig.NONE);
        var before = listen(query, "");
        before.next("reset");
        before.next("rollouts");
        before.next("current");
        before.close();
        fleet.event(CART, event(CART, 2));
        fleet.event(CART, event(CART, 3));
        fleet.state(CART, state(CART, "Failed", 3));
        var broken = listen(query, before.lastId);
        broken.lastId = before.lastId;
        assertThat(broken.next("event").path("sequence").asInt()).isEqualTo(2);
        broken.close();

        var after = listen(query, broken.lastId);

        assertThat(after.next("event").path("sequence").asInt()).isEqualTo(2);
        assertThat(after.next("event").path("sequence").asInt()).isEqualTo(3);
        assertThat(after.next("rollout").path("phase").asText()).isEqualTo("Failed");
        String whole = after.lastId;
        fleet.state(CART, state(CART, "Progressing", 4));
        assertThat(listen(query, whole).next("rollout").path("sequence").asInt()).isEqualTo(4);
    }

    @Test
    void anIdOfAnotherInstanceBeginsAnew() throws Exception {
        fleet.state(CART, state(CART, "Progressing", 1));
        serve(AccessConfig.NONE);

        for (String id : List.of("0-1-0", "nonsense", "0-0-0-0", fleet.id() + "-9999-0")) {
            listen("", id).next("reset");
        }
    }

    @Test
    void ofOneThatIsNamedTheEventsAreToldToo() throws Exception {
        fleet.state(CART, state(CART, "Progressing", 1));
        fleet.state(TILL, state(TILL, "Progressing", 1));
        fleet.event(CART, event(CART, 1));
        serve(AccessConfig.NONE);

        var listener = listen("?cluster=west&namespace=shop&name=cart", "");

        listener.next("reset");
        assertThat(listener.next("rollouts")).hasSize(1);
        assertThat(listener.next("event").path("sequence").asInt()).isEqualTo(1);
        listener.next("current");
        fleet.event(TILL, event(TILL, 2));
        fleet.event(CART, event(CART, 2));
        assertThat(listener.next("event").path("sequence").asInt()).isEqualTo(2);
    }

    @Test
    void whatNoNumberOfJsonCanBeIsToldInWords() throws Exception {
        fleet.state(CART, state(CART, "Progressing", 1));
        var checks =
                List.of(
                        evidence("ratio", Double.POSITIVE_INFINITY, ""),
                        evidence("ratio", Double.NEGATIVE_INFINITY, "ratio -Inf < 1"));
        fleet.event(CART, RolloutEvent.newBuilder(event(CART, 1)).setEvidence(checks).build());
        serve(AccessConfig.NONE);
        var listener = listen("?cluster=west&namespace=shop&name=cart", "");
        listener.next("reset");
        listener.next("rollouts");

        var told = listener.next("event").path("evidence");

        assertThat(told.at("/0/value").isNull()).isTrue();
        assertThat(told.at("/0/because").asText()).isEqualTo("the value is +Inf");
        assertThat(told.at("/1/because").asText()).isEqualTo("ratio -Inf < 1; the value is -Inf");
        assertThat(told.at("/1/min").asDouble()).isEqualTo(1);
    }

    private static Evidence evidence(String check, double value, String because) {
        return Evidence.newBuilder()
                .setCheck(check)
                .setValue(value)
                .setMin(1.0)
                .setVerdict(Verdict.PASS)
                .setBecause(because)
                .build();
    }

    @Test
    void whatTheRulesDoNotAllowIsNotTold() throws Exception {
        fleet.state(CART, state(CART, "Progressing", 1));
        fleet.state(BLOG, state(BLOG, "Progressing", 1));
        serve(rules("rules:\n- users: ['*']\n  verbs: [read]\n  namespaces: [shop]\n"));

        var listener = listen("", "");

        listener.next("reset");
        assertThat(listener.next("rollouts").findValuesAsText("name")).containsExactly("cart");
        listener.next("current");
        fleet.state(BLOG, state(BLOG, "Failed", 2));
        fleet.state(BLOG, null);
        fleet.state(CART, state(CART, "Failed", 2));
        assertThat(listener.next("rollout").path("name").asText()).isEqualTo("cart");
    }

    @Test
    void rulesThatChangeWhileSomebodyListensBeginAnewWithWhatIsAllowed() throws Exception {
        fleet.state(CART, state(CART, "Progressing", 1));
        fleet.state(BLOG, state(BLOG, "Progressing", 1));
        serve(rules("rules:\n- users: ['*']\n  verbs: [read]\n"));
        var listener = listen("", "");
        listener.next("reset");
        assertThat(listener.next("rollouts")).hasSize(2);
        listener.next("current");

        rules("rules:\n- users: ['*']\n  verbs: [read]\n  namespaces: [blog]\n");

        listener.next("reset");
        assertThat(listener.next("rollouts").findValuesAsText("name")).containsExactly("web");
    }

    @Test
    void aTokenThatIsTakenBackEndsTheStream() throws Exception {
        fleet.state(CART, state(CART, "Progressing", 1));
        serve(tokens("secret-of-ada-0123456789"));
        var listener = listen("", "", "secret-of-ada-0123456789");
        listener.next("reset");
        listener.next("rollouts");
        listener.next("current");

        tokens("another-one-0123456789012");

        assertThat(listener.next("over").path("because").asText()).isEqualTo("the login is over");
        assertThat(listener.isOver()).isTrue();
    }

    @Test
    void nobodyListensWithoutALogin() throws Exception {
        serve(tokens("secret-of-ada-0123456789"));

        assertThat(open("", "", "wrong").statusCode()).isEqualTo(401);
    }

    @Test
    void whereNobodyLogsInNoPageOfAnotherSiteListens() throws Exception {
        serve(AccessConfig.NONE);
        var request =
                HttpRequest.newBuilder(
                                URI.create(
                                        "http://127.0.0.1:%d/api/v1/stream"
                                                .formatted(Objects.requireNonNull(api).port())))
                        .header("Sec-Fetch-Site", "cross-site");

        var answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());

        assertThat(answer.statusCode()).isEqualTo(403);
    }

    private AccessConfig rules(String text) throws IOException {
        Path file = files.resolve("rules.yaml");
        Files.writeString(file, text);
        return new AccessConfig(null, file, null, null, null, "sub", "groups", 60);
    }

    private AccessConfig tokens(String token) throws Exception {
        Path file = files.resolve("tokens");
        String hash =
                HexFormat.of()
                        .formatHex(
                                MessageDigest.getInstance("SHA-256")
                                        .digest(token.getBytes(StandardCharsets.UTF_8)));
        Files.writeString(file, "ada sha256:" + hash + "\n");
        return new AccessConfig(file, null, null, null, null, "sub", "groups", 60);
    }

    private void serve(AccessConfig access) {
        serve(access, () -> true);
    }

    private void serve(AccessConfig access, BooleanSupplier read) {
        api =
                ReadApi.serve(
                        new Healthy(),
                        fleet,
                        new ActionDesk(
                                fleet, (_, _) -> {}, InstantSource.system(), Duration.ZERO, read),
                        OnRequest.NONE,
                        access,
                        LoginConfig.NONE,
                        new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
                        "127.0.0.1",
                        0,
                        Duration.ofMillis(200));
    }

    private Listener listen(String query, String lastId, String... token) throws Exception {
        var answer = open(query, lastId, token);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type").orElseThrow())
                .startsWith("text/event-stream");
        var listener = new Listener(answer);
        listeners.add(listener);
        return listener;
    }

    private HttpResponse<InputStream> open(String query, String lastId, String... token)
            throws Exception {
        var request =
                HttpRequest.newBuilder(
                        URI.create(
                                "http://127.0.0.1:%d/api/v1/stream%s"
                                        .formatted(Objects.requireNonNull(api).port(), query)));
        if (!lastId.isEmpty()) {
            request.header("Last-Event-ID", lastId);
        }
        for (String each : token) {
            request.header("Authorization", "Bearer " + each);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    }

    /** Reads what is told, as a client does. */
    private static final class Listener implements AutoCloseable {

        private final BufferedReader reader;
        private String lastId = "";

        Listener(HttpResponse<InputStream> answer) {
            reader =
                    new BufferedReader(
                            new InputStreamReader(answer.body(), StandardCharsets.UTF_8));
        }

        /** The data of the next event, which has to be of this type. */
        JsonNode next(String wanted) throws IOException {
            String type = "";
            String data = "";
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                if (line.startsWith("event: ")) {
                    type = line.substring(7);
                } else if (line.startsWith("id: ")) {
                    lastId = line.substring(4);
                } else if (line.startsWith("data: ")) {
                    data = line.substring(6);
                } else if (line.isEmpty() && !type.isEmpty()) {
                    assertThat(type).as(data).isEqualTo(wanted);
                    return new ObjectMapper().readTree(data);
                }
            }
            throw new IOException("it ended before " + wanted);
        }

        boolean isOver() throws IOException {
            return reader.readLine() == null;
        }

        @Override
        public void close() {
            try {
                reader.close();
            } catch (IOException closed) {
                throw new UncheckedIOException(closed);
            }
        }
    }

    private static RolloutState state(CanaryKey canary, String phase, long sequence) {
        return RolloutState.newBuilder()
                .setCanary(canary.toString())
                .setUid("uid")
                .setRun(1)
                .setPhase(phase)
                .setRevision("b")
                .setPromotedRevision("a")
                .setCanaryWeight(0)
                .setIterations(0)
                .setFailedChecks(0)
                .setStep(4)
                .setSequence(sequence)
                .setWaitingFor("")
                .setProvider("")
                .setHeld(false)
                .setUpdatedAt(AT)
                .build();
    }

    private static RolloutEvent event(CanaryKey canary, long sequence) {
        return RolloutEvent.newBuilder()
                .setCanary(canary.toString())
                .setUid("uid")
                .setRun(1)
                .setSequence(sequence)
                .setType("WeightShifted")
                .setPhase("Progressing")
                .setRevision("b")
                .setStep(4)
                .setCanaryWeight(30)
                .setFailedChecks(0)
                .setMessage("30 %")
                .setEvidence(List.of())
                .setAt(AT)
                .build();
    }
}
