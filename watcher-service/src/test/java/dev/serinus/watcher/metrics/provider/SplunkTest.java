package dev.serinus.watcher.metrics.provider;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.serinus.schemas.outgoing.SocketMessage;
import dev.serinus.watcher.metrics.GuardedHttpForTests;
import dev.serinus.watcher.metrics.provider.SignalFlowServer.Frame;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.zip.GZIPOutputStream;

class SplunkTest {

    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");
    private static final Frame START = Frame.control("STREAM_START");
    private static final Frame END = Frame.control("END_OF_CHANNEL");
    private static final Map<String, String> SECRET = Map.of("sf_token_key", "lab-token");

    private final GuardedHttpForTests client = new GuardedHttpForTests(64 * 1024);
    private final KubernetesClient kubernetes = new KubernetesClientBuilder().build();
    private SignalFlowServer server;
    private Duration limit = Duration.ofSeconds(10);

    @BeforeEach
    void serve() throws IOException {
        server = new SignalFlowServer();
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
        client.close();
        kubernetes.close();
    }

    @Test
    void saysWhoItIsAndRunsTheProgramOverTenIntervals() throws Exception {
        server.answer(START, data(2, 7, 9.0), data(2, 7, 2.5), END);

        assertThat(text(ask())).isEqualTo("2.5");
        assertThat(server.heads).contains("GET /v2/signalflow/connect HTTP/1.1");
        assertThat(server.said)
                .containsExactly(
                        "{\"type\":\"authenticate\",\"token\":\"lab-token\"}",
                        "{\"type\":\"execute\",\"program\":\"data('x').publish()\",\"channel\":\"ch-1\",\"start\":%d,\"stop\":%d,\"resolution\":0,\"maxDelay\":0,\"immediate\":true,\"timezone\":\"\"}"
                                .formatted(NOW.toEpochMilli() - 600_000, NOW.toEpochMilli()));
    }

    @Test
    void whoAsksMayBeSaidBesidesWhenTheConversationBegins() throws Exception {
        server.answer(data(2, 7, 2.5), END);
        var context = context(server.url("ws"), SECRET, client.http());
        var settings = context.settings().as(Authentication.bearing("of-a-file"));

        var setup = Splunk.TYPE.provide(context.with(settings), new AccessTokens());

        assertThat(text(((ProviderSetup.Ready) setup).provider().ask("data('x').publish()")))
                .isEqualTo("2.5");
        assertThat(server.heads).anyMatch("authorization: Bearer of-a-file"::equalsIgnoreCase);
        assertThat(server.said).anyMatch(said -> said.contains("\"token\":\"lab-token\""));
    }

    @Test
    void allValuesAreKeptWithTheirTimes() throws Exception {
        server.answer(data(2, 7, 9.0), data(2, 7, 2.5), END);

        assertThat(((Answer.Samples) ask()).samples())
                .containsExactly(new Answer.Sample(NOW, 9), new Answer.Sample(NOW, 2.5));
    }

    @Test
    void wholeNumbersCountAndWhatHasNoTypeDoesNot() throws Exception {
        server.answer(data(1, 7, 3L), END);
        assertThat(text(ask())).isEqualTo("3.0");

        server.answer(data(3, 7, 5L << 32), END);
        assertThat(text(ask())).isEqualTo("5.0");

        server.answer(data(0, 7, 5L), data(2, 8, Double.NaN), END);
        assertThat(text(ask())).isEqualTo("NoData[because=invalid response: no values found]");
    }

    @Test
    void whatIsCompressedOrJsonIsRead() throws Exception {
        byte[] json =
                "{\"type\":\"data\",\"logicalTimestampMs\":1,\"data\":[{\"tsId\":\"A\",\"value\":4.5}]}"
                        .getBytes(UTF_8);
        server.answer(Frame.data(1, packed(body(2, 7, 2.5))), END);
        assertThat(text(ask())).isEqualTo("2.5");

        server.answer(Frame.data(3, packed(json)), END);
        assertThat(text(ask())).isEqualTo("4.5");
    }

    /** A server that hears nothing takes whoever listens for gone. */
    @Test
    void aPingIsAnsweredWithWhatItSays() throws Exception {
        server.answer(START, Frame.ping("still there?"), data(2, 7, 2.5), END);

        assertThat(text(ask())).isEqualTo("2.5");
        assertThat(server.pongs).containsExactly("still there?");
    }

    @Test
    void severalSeriesAreAnError() throws Exception {
        server.answer(data(2, 7, 1.0), data(2, 8, 1.0), END);

        assertThat(text(ask()))
                .isEqualTo("Unavailable[because=invalid response: query returned multiple values]");
    }

    @Test
    void nothingMeasuredIsNoData() throws Exception {
        server.answer(START, END);

        assertThat(text(ask())).isEqualTo("NoData[because=invalid response: no values found]");
    }

    @Test
    void whatEndsOtherwiseIsTold() throws Exception {
        server.answer(
                data(2, 7, 1.0),
                Frame.text(
                        "{\"type\":\"control-message\",\"event\":\"CHANNEL_ABORT\",\"abortInfo\":{\"sf_job_abortReason\":\"too"
                            + " much\"}}"));
        assertThat(text(ask()))
                .isEqualTo(
                        "Unavailable[because=invalid response: the program was ended: too much]");

        server.answer(
                Frame.text("{\"type\":\"error\",\"error\":401,\"message\":\"no lab-token here\"}"));
        assertThat(text(ask()))
                .startsWith("Unavailable[because=invalid response: error 401: no ")
                .doesNotContain("lab-token");
    }

    @Test
    void whatIsNoMessageIsAnError() throws Exception {
        for (byte[] broken :
                List.of(new byte[0], new byte[5], ByteBuffer.allocate(12).putInt(8, 9).array())) {
            server.answer(Frame.data(0, broken), END);
            assertThat(text(ask()))
                    .isEqualTo("Unavailable[because=invalid response: a message is too short]");
        }
        server.answer(Frame.data(1, new byte[20]), END);
        assertThat(text(ask()))
                .isEqualTo("Unavailable[because=invalid response: a message cannot be unpacked]");
    }

    @Test
    void aRefusalIsToldWithItsStatusAndWithoutTheToken() throws Exception {
        server.refuse(401, "lab-token is nobody");

        assertThat(text(ask()))
                .startsWith("Unavailable[because=error response: Status 401 Unauthorized: ")
                .doesNotContain("lab-token");
    }

    @Test
    void aServerThatSaysNothingMoreIsUnavailableInTime() throws Exception {
        limit = Duration.ofMillis(300);
        server.answer(START, data(2, 7, 1.0));

        assertThat(text(ask())).startsWith("Unavailable[because=request failed: context deadline");
    }

    @Test
    void aServerThatIsDownIsUnavailable() throws Exception {
        server.close();

        assertThat(text(ask()))
                .isEqualTo("Unavailable[because=request failed: connect: connection refused]");
    }

    @Test
    void itsHealthIsAskedWithTheToken() throws Exception {
        assertThat(provider(server.url("wss").replace("wss", "ws")).available())
                .isInstanceOf(Answer.Samples.class);
        assertThat(server.heads)
                .contains("GET /v2/metric?limit=1 HTTP/1.1", "x-sf-token: lab-token");

        server.refuse(401, "");
        assertThat(text(provider(server.url("http")).available())).contains("401");
    }

    @Test
    void eitherHostOfARealmMayBeNamedInEitherScheme() throws Exception {
        for (String named :
                List.of("https://api.us1.signalfx.com", "wss://stream.us1.signalfx.com/")) {
            List<String> asked = new ArrayList<>();
            var provider =
                    made(
                            named,
                            SECRET,
                            new ProviderHttp() {
                                @Override
                                public Reply send(Request request) {
                                    asked.add(request.uri().toString());
                                    return new Reply(200, "", null, null);
                                }

                                @Override
                                public Reply converse(
                                        Request request,
                                        List<String> said,
                                        Predicate<SocketMessage> more) {
                                    asked.add(request.uri().toString());
                                    return new Reply(101, "", null, null);
                                }
                            });
            provider.ask("p");
            provider.available();

            assertThat(asked)
                    .containsExactly(
                            "https://stream.us1.signalfx.com/v2/signalflow/connect",
                            "https://api.us1.signalfx.com/v2/metric?limit=1");
        }
    }

    @Test
    void whatIsMissingIsTheManifestsFault() {
        assertThat(wrong(null, SECRET)).isEqualTo("splunk endpoint is not set");
        assertThat(wrong("nowhere", SECRET)).isEqualTo("splunk endpoint is no URL with a host");
        assertThat(wrong(server.url("http"), Map.of()))
                .isEqualTo("splunk credentials does not contain sf_token_key");
    }

    private Answer ask() throws InterruptedException {
        return provider(server.url("http")).ask("data('x').publish()");
    }

    private MetricsProvider provider(String address) {
        var real = client.http();
        return made(
                address,
                SECRET,
                new ProviderHttp() {
                    @Override
                    public Reply send(Request request) throws NoReply, InterruptedException {
                        return real.send(request);
                    }

                    @Override
                    public Reply converse(
                            Request request, List<String> said, Predicate<SocketMessage> more)
                            throws NoReply, InterruptedException {
                        return real.converse(request.within(limit), said, more);
                    }
                });
    }

    private MetricsProvider made(String address, Map<String, String> secret, ProviderHttp http) {
        return ((ProviderSetup.Ready) setUp(address, secret, http)).provider();
    }

    private String wrong(@Nullable String address, Map<String, String> secret) {
        return ((ProviderSetup.Wrong) setUp(address, secret, client.http())).because();
    }

    private ProviderSetup setUp(
            @Nullable String address, Map<String, String> secret, ProviderHttp http) {
        return Splunk.TYPE.setUp().apply(context(address, secret, http));
    }

    private ProviderContext context(
            @Nullable String address, Map<String, String> secret, ProviderHttp http) {
        return new ProviderContext(
                new ProviderSettings("splunk", address, Map.of(), secret, true, false, null, "1m"),
                http,
                http,
                kubernetes,
                _ -> true,
                () -> NOW,
                _ -> {},
                Map.of());
    }

    private static String text(Answer answer) {
        return ProviderContract.text(answer);
    }

    private static Frame data(int type, long series, double value) {
        return Frame.data(0, body(type, series, value));
    }

    private static Frame data(int type, long series, long value) {
        return Frame.data(0, body(type, series, Double.longBitsToDouble(value)));
    }

    private static byte[] body(int type, long series, double value) {
        return body(NOW, type, series, value);
    }

    private static byte[] body(Instant time, int type, long series, double value) {
        return ByteBuffer.allocate(29)
                .putLong(time.toEpochMilli())
                .putInt(1)
                .put((byte) type)
                .putLong(series)
                .putDouble(value)
                .array();
    }

    private static byte[] packed(byte[] body) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var packing = new GZIPOutputStream(bytes)) {
            packing.write(body);
        }
        return bytes.toByteArray();
    }

    @Test
    void aRangeRunsTheProgramOverItInSteps() throws Exception {
        server.answer(
                data(NOW.minusSeconds(180), 1.0),
                data(NOW.minusSeconds(120), 2.0),
                data(NOW.minusSeconds(60), 3.0),
                data(NOW, 4.0),
                END);

        var answer =
                provider(server.url("http"))
                        .range(
                                "data('x').publish()",
                                NOW.minusSeconds(60),
                                NOW,
                                Duration.ofMinutes(1))
                        .orElseThrow();

        assertThat(((Answer.Samples) answer).samples())
                .containsExactly(
                        new Answer.Sample(NOW.minusSeconds(60), 2), new Answer.Sample(NOW, 3));
        assertThat(server.said.get(1))
                .contains(
                        "\"start\":%d,\"stop\":%d,\"resolution\":60000,"
                                .formatted(NOW.toEpochMilli() - 120_000, NOW.toEpochMilli()));
    }

    @Test
    void severalSeriesAreNoRange() throws Exception {
        server.answer(data(2, 7, 1.0), data(2, 8, 1.0), END);

        assertThat(
                        text(
                                provider(server.url("http"))
                                        .range("p", NOW, NOW, Duration.ofMinutes(1))
                                        .orElseThrow()))
                .isEqualTo("Unavailable[because=invalid response: query returned multiple values]");
    }

    private static Frame data(Instant time, double value) {
        return Frame.data(0, body(time, 2, 7, value));
    }
}
