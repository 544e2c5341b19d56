package dev.serinus.conformance.real;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;

import dev.serinus.conformance.recording.Recorder;
import dev.serinus.conformance.scenario.Scenario;
import dev.serinus.conformance.scenario.SinkAddress;
import dev.serinus.conformance.sink.Sink;
import dev.serinus.conformance.sink.Sinks;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.function.Function;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

class SinkServerTest {

    private static final String SCENARIO =
            """
            about: a provider whose whole requests are recorded
            answers:
            - {path: /metrics, replies: [{json: {value: 1}}]}
            """;

    private final Recorder recorder = new Recorder();
    private SinkServer server;

    @BeforeEach
    void start() {
        var sinks = new Sinks();
        server = SinkServer.start(sinks);
        var scenario = Scenario.read("one", SCENARIO, server.address(), _ -> "");
        sinks.add("one", new Sink(scenario, recorder, () -> 1));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void recordsTheNamesOfHeadersAsTheyWereSent() throws Exception {
        // When
        String answer =
                said(plain(), "GET /one/metrics?q=1 HTTP/1.1\r\nDD-API-KEY: k\r\nx-a: 1\r\n\r\n");
        // Then
        assertThat(answer).startsWith("HTTP/1.1 200 OK").endsWith("{\"value\": 1}");
        assertThat(recorded().path("headers").toString())
                .isEqualTo("{\"DD-API-KEY\":\"k\",\"x-a\":\"1\"}");
        assertThat(recorded().path("query").asText()).isEqualTo("q=1");
    }

    @Test
    void readsABodyInPieces() throws Exception {
        // When
        said(
                plain(),
                """
                POST /one/metrics HTTP/1.1\r
                Transfer-Encoding: chunked\r
                \r
                3\r
                abc\r
                2\r
                de\r
                0\r
                \r
                """);
        // Then
        assertThat(recorded().path("body").asText()).isEqualTo("abcde");
    }

    @Test
    void answersWithTls() throws Exception {
        assertThat(said(secure(), "GET /one/metrics HTTP/1.1\r\n\r\n"))
                .startsWith("HTTP/1.1 200 OK");
    }

    @Test
    void isAProxyToItself() throws Exception {
        // When
        said(plain(), "GET http://elsewhere.example/one/metrics HTTP/1.1\r\n\r\n");
        // Then
        assertThat(recorded().path("path").asText()).isEqualTo("/metrics");
    }

    private JsonNode recorded() {
        return recorder.recording("one", "test", null, 2).http().getLast();
    }

    private Socket plain() throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), port(SinkAddress::http));
    }

    private int port(Function<SinkAddress, String> which) {
        return URI.create(which.apply(server.address())).getPort();
    }

    private Socket secure() throws IOException, GeneralSecurityException {
        var context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new Anybody()}, null);
        var socket =
                (SSLSocket)
                        context.getSocketFactory()
                                .createSocket("127.0.0.1", port(SinkAddress::https));
        socket.startHandshake();
        return socket;
    }

    /** One answer, up to the end of its body of known length. */
    private static String said(Socket socket, String request) throws IOException {
        try (socket) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(ISO_8859_1));
            socket.getOutputStream().flush();
            var answer = new StringBuilder();
            byte[] some = new byte[4096];
            while (!answer.toString().endsWith("}")) {
                int read = socket.getInputStream().read(some);
                if (read < 0) {
                    break;
                }
                answer.append(new String(some, 0, read, UTF_8));
            }
            return answer.toString();
        }
    }

    /** The certificate is self-signed. */
    private static final class Anybody implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String kind) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String kind) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
