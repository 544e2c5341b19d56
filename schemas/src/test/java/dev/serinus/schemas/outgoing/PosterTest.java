package dev.serinus.schemas.outgoing;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

class PosterTest {

    private static final AddressGuard GUARD = new AddressGuard(false);

    private final List<String> received = new CopyOnWriteArrayList<>();
    private final CountDownLatch end = new CountDownLatch(1);
    private HttpServer server;
    private Poster poster;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(loopback(), 0);
        begin(server);
        poster = Poster.verifying(GUARD, Proxies.none(), 10);
    }

    @AfterEach
    void stop() {
        end.countDown();
        poster.close();
        server.stop(0);
    }

    @Test
    void sendsJsonAndHandsOutTheAnswer() throws Exception {
        on("/hook", exchange -> answer(exchange, 202, "thanks"));

        assertThat(post("/hook")).isEqualTo(new Reply.Answered(202, "thanks", null));
        assertThat(received).containsExactly("POST /hook application/json {\"a\":1}");
    }

    @Test
    void userInfoOfTheAddressBecomesBasicAuthentication() throws Exception {
        on(
                "/hook",
                exchange ->
                        answer(
                                exchange,
                                200,
                                exchange.getRequestHeaders().getFirst("Authorization")));

        var reply = poster.post(to("http://me:p%40ss@" + authority() + "/hook"));

        assertThat(((Reply.Answered) reply).body()).isEqualTo("Basic bWU6cEBzcw==");
    }

    @Test
    void followsRedirectsOnTheSameHostAndKeepsTheBodyOnlyWhereHttpSaysSo() throws Exception {
        on("/kept", redirect(307, "/end"));
        on("/dropped", redirect(302, "/end"));
        on("/end", exchange -> answer(exchange, 200, "here"));

        assertThat(post("/kept")).isEqualTo(new Reply.Answered(200, "here", null));
        assertThat(post("/dropped")).isEqualTo(new Reply.Answered(200, "here", null));
        assertThat(received)
                .containsExactly(
                        "POST /kept application/json {\"a\":1}",
                        "POST /end application/json {\"a\":1}",
                        "POST /dropped application/json {\"a\":1}",
                        "GET /end null ");
    }

    @Test
    void neverFollowsARedirectToAnotherHostOrPort() throws Exception {
        on("/out", redirect(307, "http://example.invalid/steal"));
        on("/port", redirect(307, "http://127.0.0.1:1/steal"));

        assertThat(post("/out")).isEqualTo(Trouble.ELSEWHERE);
        assertThat(post("/port")).isEqualTo(Trouble.ELSEWHERE);
        assertThat(Trouble.ELSEWHERE.worthRepeating()).isFalse();
    }

    @Test
    void aRedirectLoopEnds() throws Exception {
        on("/round", redirect(307, "/round"));

        assertThat(post("/round")).isEqualTo(Trouble.LOOP);
        assertThat(received).hasSize(11);
    }

    @Test
    void anAnswerThatDoesNotComeInTimeIsWorthRepeating() throws Exception {
        on("/slow", _ -> end.await());

        var reply = poster.post(to(url("/slow"), Duration.ofMillis(50)));

        assertThat(reply).isEqualTo(Trouble.LATE);
        assertThat(reply.worthRepeating()).isTrue();
    }

    @Test
    void aBodyThatNeverEndsCountsAgainstTheTimeLimitAndOnlyItsBeginningIsRead() throws Exception {
        on(
                "/endless",
                exchange -> {
                    exchange.sendResponseHeaders(403, 0);
                    byte[] line = "no, and I will tell you why\n".repeat(100).getBytes(UTF_8);
                    while (end.getCount() > 0) {
                        exchange.getResponseBody().write(line);
                    }
                });

        var reply = (Reply.Answered) poster.post(to(url("/endless"), Duration.ofSeconds(20)));

        assertThat(reply.status()).isEqualTo(403);
        assertThat(reply.body()).hasSize(16 * 1024);
    }

    @Test
    void aClosedPortIsNamedInGosWordsAndWorthRepeating() throws Exception {
        int free;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }
        assertThat(poster.post(to("http://127.0.0.1:" + free + "/x")))
                .isEqualTo(new Reply.Unanswered("connect: connection refused", true));
    }

    @Test
    void aConnectionThatEndsWithoutAByteIsReplacedOnce() throws Exception {
        try (var socket = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            var hook = to("http://127.0.0.1:" + socket.getLocalPort() + "/hook");
            serve(socket, "", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
            assertThat(poster.post(hook)).isEqualTo(new Reply.Answered(200, "ok", null));

            serve(socket, "", "");
            assertThat(poster.post(hook)).isEqualTo(new Reply.Unanswered("EOF", true));
        }
    }

    /** Answers one connection after the other, raw, and closes it. */
    private static void serve(ServerSocket socket, String... answers) {
        Thread.startVirtualThread(
                () -> {
                    for (String answer : answers) {
                        try (var connection = socket.accept()) {
                            var request = connection.getInputStream();
                            while (request.read() != '}') {} // the end of the body
                            connection.getOutputStream().write(answer.getBytes(UTF_8));
                        } catch (IOException over) {
                            return;
                        }
                    }
                });
    }

    @Test
    void aCertificateNobodyVouchesForIsRefusedUnlessAnyIsTaken(@TempDir Path directory)
            throws Exception {
        var secure = HttpsServer.create(loopback(), 0);
        secure.setHttpsConfigurator(new HttpsConfigurator(selfSigned(directory)));
        begin(secure);
        secure.createContext("/", exchange -> answer(exchange, 204, ""));
        var hook = to("https://127.0.0.1:" + secure.getAddress().getPort() + "/hook");

        try (var trusting = Poster.trusting(GUARD, 10)) {
            assertThat(poster.post(hook))
                    .isEqualTo(new Reply.Unanswered("tls: failed to verify certificate", false));
            assertThat(trusting.post(hook)).isEqualTo(new Reply.Answered(204, "", null));
        } finally {
            secure.stop(0);
        }
    }

    @Test
    void refusesLinkLocalAddressesUnlessAllowed() throws Exception {
        assertThat(poster.post(to("http://169.254.169.254/latest/meta-data")))
                .isEqualTo(new Reply.Unanswered(AddressGuard.REFUSED, false));
    }

    @Test
    void throughAProxyTheHostNeedNotBeKnownHere() throws Exception {
        on("/hook", exchange -> answer(exchange, 200, exchange.getRequestURI().toString()));

        try (var proxied =
                Poster.verifying(GUARD, Proxies.fixed(URI.create("http://" + authority())), 10)) {
            assertThat(proxied.post(to("http://hooks.example.invalid/hook")))
                    .isEqualTo(new Reply.Answered(200, "http://hooks.example.invalid/hook", null));
            assertThat(proxied.post(to("http://metadata.google.internal/hook")))
                    .isEqualTo(new Reply.Unanswered(AddressGuard.REFUSED, false));
        }
    }

    @Test
    void readsRetryAfterInBothForms() throws Exception {
        on(
                "/busy",
                exchange -> {
                    exchange.getResponseHeaders().set("Retry-After", "7");
                    answer(exchange, 503, "");
                });

        assertThat(post("/busy")).isEqualTo(new Reply.Answered(503, "", Duration.ofSeconds(7)));
        var now = Instant.parse("2026-11-22T10:00:00Z");
        assertThat(Poster.retryAfter("Sun, 22 Nov 2026 10:00:05 GMT", now))
                .isEqualTo(Duration.ofSeconds(5));
        assertThat(Poster.retryAfter("soon", now)).isNull();
    }

    private interface Behaviour {
        void answer(HttpExchange exchange) throws IOException, InterruptedException;
    }

    private void on(String path, Behaviour behaviour) {
        HttpHandler handler =
                exchange -> {
                    received.add(
                            exchange.getRequestMethod()
                                    + " "
                                    + exchange.getRequestURI().getPath()
                                    + " "
                                    + exchange.getRequestHeaders().getFirst("Content-Type")
                                    + " "
                                    + new String(exchange.getRequestBody().readAllBytes(), UTF_8));
                    try (exchange) {
                        behaviour.answer(exchange);
                    } catch (InterruptedException stop) {
                        Thread.currentThread().interrupt();
                    }
                };
        server.createContext(path, handler);
    }

    private static Behaviour redirect(int status, String location) {
        return exchange -> {
            exchange.getResponseHeaders().set("Location", location);
            answer(exchange, status, "");
        };
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        if (bytes.length > 0) {
            exchange.getResponseBody().write(bytes);
        }
        exchange.close();
    }

    private Reply post(String path) throws InterruptedException {
        return poster.post(to(url(path)));
    }

    private static Post to(String address) {
        return to(address, Duration.ofSeconds(20));
    }

    private static Post to(String address, Duration timeout) {
        return new Post(URI.create(address), "{\"a\":1}", Map.of(), timeout);
    }

    private String url(String path) {
        return "http://" + authority() + path;
    }

    private String authority() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    private static InetSocketAddress loopback() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    private static void begin(HttpServer server) {
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
    }

    private static SSLContext selfSigned(Path directory) throws Exception {
        Path store = directory.resolve("store.p12");
        var keytool =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "keytool")
                                        .toString(),
                                "-genkeypair",
                                "-keyalg",
                                "EC",
                                "-dname",
                                "CN=nobody",
                                "-keystore",
                                store.toString(),
                                "-storepass",
                                "changeit")
                        .redirectErrorStream(true)
                        .start();
        assertThat(keytool.waitFor()).isZero();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (var stream = Files.newInputStream(store)) {
            keys.load(stream, "changeit".toCharArray());
        }
        var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, "changeit".toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }
}
