package dev.serinus.schemas.outgoing;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.serinus.schemas.topic.CanaryKey;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.SSLException;

/** Connections in other protocols than HTTP, to a real socket. */
class ConversationTest {

    private static final CanaryKey CANARY = new CanaryKey("lab", "test", "podinfo");
    private static final Duration LONG = Duration.ofMinutes(1);

    private ServerSocket server;

    @BeforeEach
    void listen() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    /** What a connection does with each that comes. */
    @FunctionalInterface
    private interface Served {
        void with(Socket socket) throws IOException, InterruptedException;
    }

    private void serve(Served served) {
        Thread.startVirtualThread(
                () -> {
                    try (var socket = server.accept()) {
                        served.with(socket);
                    } catch (IOException | InterruptedException gone) {
                        Thread.currentThread().interrupt();
                    }
                });
    }

    private static OutgoingClient resolving(String... addresses) {
        NameLookup.Names names =
                _ -> {
                    var all = new InetAddress[addresses.length];
                    for (int place = 0; place < all.length; place++) {
                        all[place] = InetAddress.ofLiteral(addresses[place]);
                    }
                    return all;
                };
        return new OutgoingClient(
                new NettyTransport(),
                names,
                new AddressGuard(false),
                Proxies.none(),
                CallLimits.of(20));
    }

    private static String because(Reply reply) {
        return reply instanceof Reply.Unanswered(var because, _) ? because : reply.toString();
    }

    /** A certificate is compared with the name that was written, whatever the address says. */
    @Test
    void theConnectionGoesWhereTheNameLedAndBearsIt() throws Exception {
        serve(socket -> socket.getOutputStream().write("hello".getBytes(US_ASCII)));
        try (var client = resolving("127.0.0.1")) {
            String heard =
                    client.converse(
                            CANARY,
                            new Host("Mail.Example.", server.getLocalPort()),
                            LONG,
                            socket ->
                                    socket.getInetAddress().getHostName()
                                            + " "
                                            + new String(
                                                    socket.getInputStream().readAllBytes(),
                                                    US_ASCII),
                            ConversationTest::because);

            assertThat(heard).isEqualTo("mail.example hello");
        }
    }

    /** Whoever has as many connections waiting as it may have does not answer another. */
    @Test
    void anAddressThatDoesNotAnswerLeavesTimeForTheNextOne() throws Exception {
        serve(socket -> socket.getOutputStream().write(7));
        List<Socket> waiting = new ArrayList<>();
        try (var client = resolving("127.0.0.2", "127.0.0.1");
                var silent =
                        new ServerSocket(
                                server.getLocalPort(), 1, InetAddress.ofLiteral("127.0.0.2"))) {
            fill(silent, waiting);
            String heard =
                    client.converse(
                            CANARY,
                            new Host("mail.example", server.getLocalPort()),
                            Duration.ofSeconds(10),
                            socket -> "heard " + socket.getInputStream().read(),
                            ConversationTest::because);

            assertThat(heard).isEqualTo("heard 7");
        } finally {
            for (Socket each : waiting) {
                each.close();
            }
        }
    }

    private static void fill(ServerSocket silent, List<Socket> waiting) throws IOException {
        for (int count = 0; count < 20; count++) {
            var one = new Socket();
            waiting.add(one);
            try {
                one.connect(silent.getLocalSocketAddress(), 500);
            } catch (SocketTimeoutException full) {
                return;
            }
        }
        throw new IOException("it takes more connections than it was told to");
    }

    @Test
    void anAddressWhereNobodyListensLeavesTheNextOne() throws Exception {
        serve(socket -> socket.getOutputStream().write(7));
        try (var client = resolving("127.0.0.2", "127.0.0.1")) {
            String heard =
                    client.converse(
                            CANARY,
                            new Host("mail.example", server.getLocalPort()),
                            LONG,
                            socket -> "heard " + socket.getInputStream().read(),
                            ConversationTest::because);

            assertThat(heard).isEqualTo("heard 7");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "mail.example, 169.254.169.254",
        "metadata.google.internal, 127.0.0.1",
        "169.254.0.1, 127.0.0.1",
        "'[fe80::1]', 127.0.0.1"
    })
    void whereNoCallMayGoNoConnectionGoes(String name, String address) throws Exception {
        try (var client = resolving(address)) {
            String why =
                    client.converse(
                            CANARY,
                            new Host(name, server.getLocalPort()),
                            LONG,
                            _ -> "connected",
                            ConversationTest::because);

            assertThat(why).isEqualTo(AddressGuard.REFUSED);
        }
    }

    /** A limit on each read alone would never end it. */
    @Test
    void whoSaysABitNowAndThenIsLateAllTheSame() throws Exception {
        serve(
                socket -> {
                    while (true) {
                        socket.getOutputStream().write('.');
                        TimeUnit.MILLISECONDS.sleep(20);
                    }
                });
        try (var client = resolving("127.0.0.1")) {
            String why =
                    client.converse(
                            CANARY,
                            new Host("mail.example", server.getLocalPort()),
                            Duration.ofMillis(300),
                            socket -> "heard " + socket.getInputStream().readAllBytes().length,
                            ConversationTest::because);

            assertThat(why).startsWith("context deadline exceeded");
        }
    }

    /** Libraries read lines of any length into memory. */
    @Test
    void whoNeverEndsIsNotHeardToTheEnd() throws Exception {
        serve(
                socket -> {
                    while (true) {
                        socket.getOutputStream().write(new byte[4_096]);
                    }
                });
        try (var client = resolving("127.0.0.1")) {
            String why =
                    client.converse(
                            CANARY,
                            new Host("mail.example", server.getLocalPort()),
                            LONG,
                            socket -> {
                                try {
                                    return "heard " + socket.getInputStream().readAllBytes().length;
                                } catch (IOException stopped) {
                                    // As TLS does it.
                                    throw new SSLException("readRecord", stopped);
                                }
                            },
                            ConversationTest::because);

            assertThat(why).isEqualTo("answer is larger than 65536 bytes");
        }
    }

    @Test
    void whatIsHeardTakesRoomFromTheNamespaceUntilTheConversationEnds() throws Exception {
        serve(socket -> socket.getOutputStream().write(new byte[1_000]));
        var limits = new CallLimits(20, 20, 20, 1_500, 1_500, Duration.ofSeconds(30));
        try (var client =
                new OutgoingClient(
                        new NettyTransport(),
                        _ -> new InetAddress[] {InetAddress.getLoopbackAddress()},
                        new AddressGuard(false),
                        Proxies.none(),
                        limits)) {
            var host = new Host("mail.example", server.getLocalPort());
            String why =
                    client.converse(
                            CANARY,
                            host,
                            LONG,
                            socket -> {
                                int first = socket.getInputStream().readAllBytes().length;
                                serve(other -> other.getOutputStream().write(new byte[1_000]));
                                return first + ", " + heard(client, host);
                            },
                            ConversationTest::because);
            assertThat(why).isEqualTo("1000, too many bytes of answers are being read at once");

            serve(socket -> socket.getOutputStream().write(new byte[1_000]));
            assertThat(heard(client, host)).as("given back").isEqualTo("1000");
        }
    }

    private static String heard(OutgoingClient client, Host host) throws IOException {
        try {
            return client.converse(
                    CANARY,
                    host,
                    LONG,
                    socket -> "" + socket.getInputStream().readAllBytes().length,
                    ConversationTest::because);
        } catch (InterruptedException stopped) {
            throw new IOException(stopped);
        }
    }

    @Test
    void nobodyThereIsToldInTheWordsOfCalls() throws Exception {
        try (var client = resolving("127.0.0.1");
                var silent = new Socket()) {
            // Its port is taken, and nobody listens there.
            silent.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            String why =
                    client.converse(
                            CANARY,
                            new Host("mail.example", silent.getLocalPort()),
                            LONG,
                            _ -> "connected",
                            ConversationTest::because);

            assertThat(why).isEqualTo("connect: connection refused");
        }
    }
}
