package dev.serinus.schemas.outgoing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;
import static org.awaitility.Awaitility.await;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;

import dev.serinus.broker.FreePort;
import dev.serinus.schemas.topic.CanaryKey;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

class OutgoingClientTest {

    private static final AddressGuard GUARD = new AddressGuard(false);
    private static final CanaryKey CANARY = new CanaryKey("lab", "test", "podinfo");
    private static final CallLimits LIMITS = CallLimits.of(20);

    private final List<String> received = new CopyOnWriteArrayList<>();
    private final CountDownLatch end = new CountDownLatch(1);
    private HttpServer server;
    private OutgoingClient client;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(loopback(), 0);
        begin(server);
        client = client(GUARD);
    }

    @AfterEach
    void stop() {
        end.countDown();
        client.close();
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

        var reply = client.send(CANARY, to("http://me:p%40ss@" + authority() + "/hook"));

        var withoutPassword = client.send(CANARY, to("http://api-token@" + authority() + "/hook"));

        assertThat(((Reply.Answered) reply).body()).isEqualTo("Basic bWU6cEBzcw==");
        assertThat(((Reply.Answered) withoutPassword).body()).isEqualTo("Basic YXBpLXRva2VuOg==");
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

        var reply = client.send(CANARY, to(url("/slow"), Duration.ofMillis(50)));

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

        var reply =
                (Reply.Answered) client.send(CANARY, to(url("/endless"), Duration.ofSeconds(20)));

        assertThat(reply.status()).isEqualTo(403);
        assertThat(reply.body()).hasSize(16 * 1024);
    }

    @Test
    void aClosedPortIsNamedInGosWordsAndWorthRepeating() throws Exception {
        int free = FreePort.next();
        assertThat(client.send(CANARY, to("http://127.0.0.1:" + free + "/x")))
                .isEqualTo(new Reply.Unanswered("connect: connection refused", true));
    }

    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aKeptConnectionThatEndsWithoutAByteIsReplacedAtOnce(boolean reset) throws Exception {
        try (var socket = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            var hook = to("http://127.0.0.1:" + socket.getLocalPort() + "/hook");
            Thread.startVirtualThread(
                    () -> {
                        try (var connection = socket.accept()) {
                            awaitBody(connection);
                            connection.getOutputStream().write(OK.getBytes(UTF_8));
                            awaitBody(connection);
                            connection.setSoLinger(reset, 0);
                        } catch (IOException over) {
                            return;
                        }
                        serve(socket, OK);
                    });

            assertThat(client.send(CANARY, hook)).isEqualTo(new Reply.Answered(200, "ok", null));
            assertThat(client.send(CANARY, hook)).isEqualTo(new Reply.Answered(200, "ok", null));
        }
    }

    @Test
    void whoEndsANewConnectionWithoutAByteIsNotAskedAgain() throws Exception {
        try (var socket = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            var hook = to("http://127.0.0.1:" + socket.getLocalPort() + "/hook");
            serve(socket, "", OK);

            assertThat(client.send(CANARY, hook)).isEqualTo(new Reply.Unanswered("EOF", true));
            assertThat(client.send(CANARY, hook)).isEqualTo(new Reply.Answered(200, "ok", null));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.0 200 OK\r\n\r\nok",
                "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nok",
                "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + OK,
                "HTTP/1.1 100 Continue\r\n\r\n" + OK,
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nA: b\r\n\r\n"
            })
    void anAnswerIsReadInEveryFormOfHttp(String answer) throws Exception {
        try (var socket = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            var hook = to("http://127.0.0.1:" + socket.getLocalPort() + "/hook");
            serve(socket, answer);

            assertThat(client.send(CANARY, hook)).isEqualTo(new Reply.Answered(200, "ok", null));
        }
    }

    private static void awaitBody(Socket connection) throws IOException {
        var request = connection.getInputStream();
        int read = request.read();
        while (read != '}') {
            if (read < 0) {
                throw new EOFException();
            }
            read = request.read();
        }
    }

    /** Answers one connection after the other, raw, and closes it. */
    private static void serve(ServerSocket socket, String... answers) {
        Thread.startVirtualThread(
                () -> {
                    for (String answer : answers) {
                        try (var connection = socket.accept()) {
                            awaitBody(connection);
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

        try {
            assertThat(client.send(CANARY, hook))
                    .isEqualTo(new Reply.Unanswered("tls: failed to verify certificate", false));
            assertThat(client.send(CANARY, hook.trustingAnybody()))
                    .isEqualTo(new Reply.Answered(204, "", null));
        } finally {
            secure.stop(0);
        }
    }

    @Test
    void refusesLinkLocalAddressesUnlessAllowed() throws Exception {
        assertThat(client.send(CANARY, to("http://169.254.169.254/latest/meta-data")))
                .isEqualTo(new Reply.Unanswered(AddressGuard.REFUSED, false));
    }

    @Test
    void throughAProxyTheHostNeedNotBeKnownHere() throws Exception {
        on("/hook", exchange -> answer(exchange, 200, exchange.getRequestURI().toString()));

        var proxy = Proxies.fixed(URI.create("http://" + authority()));
        assertThat(client.send(CANARY, to("http://hooks.example.invalid/hook").through(proxy)))
                .isEqualTo(new Reply.Answered(200, "http://hooks.example.invalid/hook", null));
        assertThat(client.send(CANARY, to("http://metadata.google.internal/hook").through(proxy)))
                .isEqualTo(new Reply.Unanswered(AddressGuard.REFUSED, false));
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
        assertThat(RetryAfter.read("Sun, 22 Nov 2026 10:00:05 GMT", now))
                .isEqualTo(Duration.ofSeconds(5));
        assertThat(RetryAfter.read("soon", now)).isNull();
    }

    private static OutgoingClient client(AddressGuard guard) {
        return client(guard, LIMITS);
    }

    private static OutgoingClient client(AddressGuard guard, CallLimits limits) {
        return new OutgoingClient(guard, Proxies.none(), limits);
    }

    private static OutgoingClient resolving(NameLookup.Names names) {
        return new OutgoingClient(new NettyTransport(), names, GUARD, Proxies.none(), LIMITS);
    }

    @Test
    void anyMethodHeadersAndBodyAreSentAsGiven() throws Exception {
        on(
                "/x",
                exchange ->
                        answer(
                                exchange,
                                200,
                                exchange.getRequestHeaders().get("X-Two")
                                        + exchange.getRequestURI().toString()));

        for (String method : List.of("PUT", "PATCH", "DELETE", "GET")) {
            var call =
                    new Call(
                            method,
                            URI.create(url("/x?a=%20b")),
                            Map.of("X-Two", List.of("one", "two")),
                            method.equals("GET") ? null : "b",
                            Duration.ofSeconds(20),
                            Call.Reading.whole(100),
                            null,
                            false);
            assertThat(client.send(CANARY, call))
                    .isEqualTo(new Reply.Answered(200, "[one, two]/x?a=%20b", null));
        }
        assertThat(received)
                .containsExactly(
                        "PUT /x null b", "PATCH /x null b", "DELETE /x null b", "GET /x null ");
    }

    @Test
    void headersThatWouldFrameTheMessageAnewAreRefused() {
        for (String name : List.of("Host", "content-length", "Transfer-Encoding", "a b", "")) {
            assertThatThrownBy(
                            () ->
                                    Call.get(
                                            URI.create("http://x"),
                                            Map.of(name, List.of("s3cr3t")),
                                            Duration.ofSeconds(1),
                                            1))
                    .hasMessage("a header cannot be sent as it is given");
        }
        assertThatThrownBy(
                        () ->
                                Call.get(
                                        URI.create("http://x"),
                                        Map.of("X", List.of("a\r\nHost: b")),
                                        Duration.ofSeconds(1),
                                        1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void anAnswerThatIsLongerThanAllowedIsAFailureWhereAllOfItIsNeeded() throws Exception {
        on("/long", exchange -> answer(exchange, 200, "x".repeat(101)));

        assertThat(client.send(CANARY, get("/long", 100)))
                .isEqualTo(new Reply.Unanswered("answer is larger than 100 bytes", false));
        assertThat(client.send(CANARY, get("/long", 101)))
                .isEqualTo(new Reply.Answered(200, "x".repeat(101), null));
    }

    /** A second answer for the name would lead to the metadata address. */
    @ParameterizedTest
    @ValueSource(strings = {"evil.example", "Evil.example", "evil.example.", "EVIL.EXAMPLE."})
    void aNameIsResolvedOnceAndTheJudgedAddressConnectedTo(String host) throws Exception {
        on("/hook", exchange -> answer(exchange, 200, "loopback"));
        List<String> asked = new CopyOnWriteArrayList<>();
        NameLookup.Names rebinding =
                name -> {
                    asked.add(name);
                    return new InetAddress[] {
                        asked.size() == 1
                                ? InetAddress.getLoopbackAddress()
                                : InetAddress.ofLiteral("169.254.169.254")
                    };
                };
        try (var rebound = resolving(rebinding)) {
            var call = to("http://" + host + ":" + server.getAddress().getPort() + "/hook");

            assertThat(rebound.send(CANARY, call))
                    .isEqualTo(new Reply.Answered(200, "loopback", null));
            assertThat(rebound.send(CANARY, call))
                    .as("a kept connection is no way around a new judgement")
                    .isEqualTo(new Reply.Unanswered(AddressGuard.REFUSED, false));
            assertThat(asked).containsExactly("evil.example", "evil.example");
        }
    }

    @Test
    void aRedirectOnTheSameHostIsJudgedAnew() throws Exception {
        on("/kept", redirect(307, "/end"));
        on("/end", exchange -> answer(exchange, 200, "here"));
        List<String> asked = new CopyOnWriteArrayList<>();
        NameLookup.Names rebinding =
                name -> {
                    asked.add(name);
                    return new InetAddress[] {
                        InetAddress.ofLiteral(asked.size() == 1 ? "127.0.0.1" : "169.254.1.1")
                    };
                };
        try (var rebound = resolving(rebinding)) {
            assertThat(
                            rebound.send(
                                    CANARY,
                                    to(
                                            "http://a.example:"
                                                    + server.getAddress().getPort()
                                                    + "/kept")))
                    .isEqualTo(new Reply.Unanswered(AddressGuard.REFUSED, false));
        }
    }

    @Test
    void theNextAddressOfANameIsTriedWhereTheFirstRefuses() throws Exception {
        on("/hook", exchange -> answer(exchange, 200, "second"));
        NameLookup.Names two =
                _ ->
                        new InetAddress[] {
                            InetAddress.ofLiteral("127.0.0.2"), InetAddress.ofLiteral("127.0.0.1")
                        };
        try (var both = resolving(two)) {
            assertThat(
                            both.send(
                                    CANARY,
                                    to(
                                            "http://a.example:"
                                                    + server.getAddress().getPort()
                                                    + "/hook")))
                    .isEqualTo(new Reply.Answered(200, "second", null));
        }
    }

    /** Such as one of IPv6 where there is none, or a pod that is gone. */
    @Test
    void theNextAddressOfANameIsTriedWhereTheFirstCannotBeReached() throws Exception {
        on("/hook", exchange -> answer(exchange, 200, "second"));

        assertThat(sentTo("255.255.255.255")).isEqualTo(new Reply.Answered(200, "second", null));
    }

    @Test
    void theNextAddressOfANameIsTriedWhereTheFirstDoesNotAnswer() throws Exception {
        on("/hook", exchange -> answer(exchange, 200, "second"));
        int port = server.getAddress().getPort();
        try (var full = new ServerSocket(port, 1, InetAddress.ofLiteral("127.0.0.2"));
                var one = new Socket(full.getInetAddress(), port);
                var two = new Socket(full.getInetAddress(), port)) {
            assertThat(one.isConnected() && two.isConnected()).isTrue();

            assertThat(sentTo("127.0.0.2")).isEqualTo(new Reply.Answered(200, "second", null));
        }
    }

    /** To a name whose second address answers. */
    private Reply sentTo(String first) throws InterruptedException {
        NameLookup.Names two =
                _ ->
                        new InetAddress[] {
                            InetAddress.ofLiteral(first), InetAddress.ofLiteral("127.0.0.1")
                        };
        try (var both = resolving(two)) {
            return both.send(
                    CANARY,
                    to(
                            "http://a.example:" + server.getAddress().getPort() + "/hook",
                            Duration.ofSeconds(2)));
        }
    }

    @Test
    void whatComesForACallThatWasGivenUpIsNotCounted() throws Exception {
        List<Transport.Request> givenUp = new CopyOnWriteArrayList<>();
        var limits = new CallLimits(20, 20, 20, 100, 100, Duration.ofSeconds(5));
        Transport slow =
                new Transport() {
                    @Override
                    public Response exchange(Request request, Duration left) throws IOException {
                        if (!givenUp.isEmpty()) {
                            return request.bytes().take(100)
                                    ? new Response(200, Map.of(), "x".repeat(100))
                                    : fail("there is no room");
                        }
                        givenUp.add(request);
                        throw new SocketTimeoutException();
                    }

                    @Override
                    public void close() {}
                };
        try (var bounded = OutgoingClient.over(slow, GUARD, limits)) {
            bounded.send(CANARY, to("http://a.example/"));
            assertThat(givenUp.getFirst().bytes().take(60)).isFalse();

            assertThat(bounded.send(CANARY, to("http://a.example/")))
                    .isInstanceOf(Reply.Answered.class);
        }
    }

    @Test
    void aNameThatIsNeverFoundCountsAgainstTheTimeLimit() throws Exception {
        NameLookup.Names hanging =
                name -> {
                    try {
                        end.await();
                    } catch (InterruptedException stop) {
                        Thread.currentThread().interrupt();
                    }
                    throw new UnknownHostException(name);
                };
        try (var waiting = resolving(hanging)) {
            assertThat(waiting.send(CANARY, to("http://slow.example/", Duration.ofMillis(50))))
                    .isEqualTo(Trouble.LATE);
        }
    }

    @Test
    void aNameThatNobodyKnowsIsSaidInGosWords() throws Exception {
        NameLookup.Names nobody =
                name -> {
                    throw new UnknownHostException(name);
                };
        try (var lost = resolving(nobody)) {
            assertThat(lost.send(CANARY, to("http://nowhere.example/")))
                    .isEqualTo(new Reply.Unanswered("no such host", true));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://169.254.169.254:3128",
                "http://[fe80::1]:3128",
                "http://metadata.google.internal",
                "http://0xa9fea9fe"
            })
    void aProxyThatAManifestNamesIsJudgedToo(String proxy) throws Exception {
        assertThat(
                        client.send(
                                CANARY,
                                to("http://hooks.example.invalid/")
                                        .through(Proxies.fixed(URI.create(proxy)))))
                .isEqualTo(new Reply.Unanswered(AddressGuard.REFUSED, false));
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://0xA9FEA9FE/", "http://2852039166/", "http://[fe80::1%25eth0]/"})
    void throughAProxyAnAddressIsJudgedInEverySpelling(String address) throws Exception {
        on("/", exchange -> answer(exchange, 200, "told"));

        assertThat(
                        client.send(
                                CANARY,
                                to(address)
                                        .through(
                                                Proxies.fixed(
                                                        URI.create("http://" + authority())))))
                .isEqualTo(new Reply.Unanswered(AddressGuard.REFUSED, false));
        assertThat(client.send(CANARY, to(address)))
                .isEqualTo(new Reply.Unanswered(AddressGuard.REFUSED, false));
        assertThat(received).isEmpty();
    }

    @Test
    void whatTheOperatorDeniesIsRefused() throws Exception {
        var guard = new AddressGuard(true, Network.list("127.0.0.0/8"));
        try (var denying = client(guard)) {
            assertThat(denying.send(CANARY, to(url("/hook"))))
                    .isEqualTo(new Reply.Unanswered(AddressGuard.DENIED, false));
        }
    }

    /** For TLS a proxy is asked for a tunnel. */
    @Test
    void aProxyThatGivesNoTunnelIsSaid() throws Exception {
        try (var socket = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            List<String> asked = new CopyOnWriteArrayList<>();
            Thread.startVirtualThread(
                    () -> {
                        try (var connection = socket.accept()) {
                            var reader =
                                    new BufferedReader(
                                            new InputStreamReader(
                                                    connection.getInputStream(), UTF_8));
                            for (String line = reader.readLine();
                                    line != null && !line.isEmpty();
                                    line = reader.readLine()) {
                                asked.add(line);
                            }
                            connection
                                    .getOutputStream()
                                    .write(
                                            "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"
                                                    .getBytes(UTF_8));
                        } catch (IOException over) {
                            return;
                        }
                    });
            var proxy = URI.create("http://me:pass@127.0.0.1:" + socket.getLocalPort());

            assertThat(
                            client.send(
                                    CANARY,
                                    to("https://hooks.example.invalid/x")
                                            .through(Proxies.fixed(proxy))))
                    .isEqualTo(new Reply.Unanswered("the proxy did not connect", true));
            assertThat(asked.getFirst()).isEqualTo("CONNECT hooks.example.invalid:443 HTTP/1.1");
            assertThat(asked)
                    .anyMatch(
                            line ->
                                    line.toLowerCase(Locale.ROOT)
                                            .equals("proxy-authorization: basic bwu6cgfzcw=="));
        }
    }

    @Test
    void connectionsAreKeptForTheNextCallAndLeftBehindByNobody() throws Exception {
        on("/hook", exchange -> answer(exchange, 200, "" + exchange.getRemoteAddress().getPort()));
        var transport = new NettyTransport();
        try (var kept =
                new OutgoingClient(
                        transport, InetAddress::getAllByName, GUARD, Proxies.none(), LIMITS)) {
            var first = kept.send(CANARY, to(url("/hook")));
            assertThat(kept.send(CANARY, to(url("/hook")))).isEqualTo(first);

            for (int i = 0; i < 200; i++) {
                kept.send(
                        CANARY,
                        to("http://any.example/hook")
                                .through(
                                        Proxies.fixed(
                                                URI.create(
                                                        "http://text" + i + "@" + authority()))));
            }
            assertThat(transport.kept()).isLessThanOrEqualTo(64);
        }
    }

    @Test
    void aCanaryAndANamespaceHaveTheirShareOfCallsAndNobodyWaitsForThem() throws Exception {
        on("/hang", _ -> end.await());
        on("/hook", exchange -> answer(exchange, 200, "ok"));
        var limits = new CallLimits(20, 5, 2, 1 << 20, 1 << 20, Duration.ofMillis(100));
        var other = new CanaryKey("lab", "other", "podinfo");
        try (var shared = client(GUARD, limits);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Reply>> replies = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                var greedy = new CanaryKey("lab", "test", "podinfo" + i % 10);
                replies.add(
                        threads.submit(
                                () ->
                                        shared.send(
                                                greedy, to(url("/hang"), Duration.ofSeconds(5)))));
            }
            await().until(() -> replies.stream().filter(Future::isDone).count() == 45);

            assertThat(shared.send(other, to(url("/hook"))))
                    .isEqualTo(new Reply.Answered(200, "ok", null));
            for (var reply : replies) {
                if (reply.isDone()) {
                    assertThat(reply.get())
                            .isEqualTo(
                                    new Reply.NoTurn(
                                            "too many calls of namespace test are under way"));
                }
            }
            end.countDown();
        }
    }

    @Test
    void answersBeingReadHaveABoundForANamespaceAndForAll() throws Exception {
        on("/large", exchange -> answer(exchange, 200, "x".repeat(1000)));
        var limits = new CallLimits(20, 20, 20, 4000, 2500, Duration.ofSeconds(5));
        var other = new CanaryKey("lab", "other", "podinfo");
        try (var bounded = client(GUARD, limits)) {
            Reply third =
                    bounded.send(
                            CANARY,
                            get("/large", 1000),
                            _ -> sent(bounded, CANARY, _ -> sent(bounded, CANARY, reply -> reply)));
            Reply others =
                    bounded.send(
                            CANARY,
                            get("/large", 1000),
                            _ -> sent(bounded, CANARY, _ -> sent(bounded, other, reply -> reply)));

            assertThat(third).isEqualTo(Trouble.NO_ROOM);
            assertThat(others).isInstanceOf(Reply.Answered.class);
            assertThat(sent(bounded, CANARY, reply -> reply))
                    .as("given back once it is read")
                    .isInstanceOf(Reply.Answered.class);
        }
    }

    private Reply sent(OutgoingClient sender, CanaryKey owner, Function<Reply, Reply> reader) {
        try {
            return sender.send(owner, get("/large", 1000), reader);
        } catch (InterruptedException stop) {
            throw new IllegalStateException(stop);
        }
    }

    private Call get(String path, int most) {
        return Call.get(URI.create(url(path)), Map.of(), Duration.ofSeconds(20), most);
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
        return client.send(CANARY, to(url(path)));
    }

    private static Call to(String address) {
        return to(address, Duration.ofSeconds(20));
    }

    private static Call to(String address, Duration timeout) {
        return Call.post(URI.create(address), "{\"a\":1}", Map.of(), timeout);
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
