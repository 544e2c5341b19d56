package dev.serinus.watcher.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import dev.serinus.schemas.outgoing.AddressGuard;
import dev.serinus.schemas.outgoing.Proxies;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

class PrometheusTest {

    private static final String ONE_HUNDRED =
            "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[{\"metric\":{},\"value\":[1545905245.458,\"100\"]}]}}";

    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final Http http = new Http(new AddressGuard(false), Proxies.none(), 64 * 1024);
    private HttpServer server;
    private volatile int status = 200;
    private volatile String body = ONE_HUNDRED;
    private volatile @Nullable String location;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
        http.close();
    }

    private void answer(HttpExchange exchange) throws IOException {
        var headers = exchange.getRequestHeaders();
        requests.add(
                exchange.getRequestURI()
                        + " "
                        + headers.getOrDefault("Authorization", List.of())
                        + headers.getOrDefault("X-two", List.of()));
        if (location != null && !exchange.getRequestURI().getPath().startsWith("/there")) {
            exchange.getResponseHeaders().set("Location", location);
        }
        boolean redirect =
                location != null && !exchange.getRequestURI().getPath().startsWith("/there");
        byte[] bytes = body.getBytes(UTF_8);
        exchange.sendResponseHeaders(redirect ? 307 : status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private String address(String userInfo, String path) {
        return "http://%s127.0.0.1:%d%s".formatted(userInfo, server.getAddress().getPort(), path);
    }

    private MetricsProvider provider(
            String address, Map<String, List<String>> headers, Map<String, String> secret) {
        var provision =
                Prometheus.of(
                        new ProviderSettings(
                                "prometheus",
                                address,
                                headers,
                                secret,
                                !secret.isEmpty(),
                                false,
                                null,
                                "1m"),
                        http);
        return ((ProviderSetup.Ready) provision).provider();
    }

    private Answer ask() throws InterruptedException {
        return provider(address("", ""), Map.of(), Map.of()).ask("up");
    }

    @Test
    void collapsesWhiteSpaceAndEncodesTheQueryAsFlaggerDoes() throws Exception {
        provider(address("", "/prom/?x=1"), Map.of(), Map.of())
                .ask("\n  sum(\n\trate(up{a=~\"b.*~\"}[1m]))  *\n 100\n");

        assertThat(requests)
                .containsExactly(
                        "/prom/api/v1/query?query=+sum%28+rate%28up%7Ba%3D~%22b.%2A~%22%7D%5B1m%5D%29%29+%2A+100+"
                            + " [][]");
    }

    @Test
    void authorisesWithATokenBeforeAPasswordBeforeTheUrl() throws Exception {
        var both = Map.of("token", "lab-token", "username", "lab-user", "password", "lab-pass");
        var basic = Map.of("username", "lab-user", "password", "lab-pass");
        var headers = Map.of("X-Two", List.of("a", "b"));

        provider(address("u:p@", ""), headers, both).ask("up");
        provider(address("u:p@", ""), headers, basic).ask("up");
        provider(address("u:p@", ""), headers, Map.of()).ask("up");

        assertThat(requests)
                .containsExactly(
                        "/api/v1/query?query=up [Bearer lab-token][a, b]",
                        "/api/v1/query?query=up [Basic bGFiLXVzZXI6bGFiLXBhc3M=][a, b]",
                        "/api/v1/query?query=up [Basic dTpw][a, b]");
    }

    @Test
    void askingOftenAddsNoHeaders() throws Exception {
        var provider =
                provider(
                        address("", ""),
                        Map.of("X-Two", List.of("a")),
                        Map.of("token", "lab-token"));
        provider.ask("up");
        provider.ask("up");

        assertThat(requests.get(1)).isEqualTo(requests.get(0));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    a value                  | {"data":{"result":[{"value":[1,"100"]}]}}                    | Value[value=100.0]
                    nothing                  | {"data":{"result":[]}}                                       | NoData[because=no values found]
                    no result                | {}                                                           | NoData[because=no values found]
                    NaN                      | {"data":{"result":[{"value":[1,"NaN"]}]}}                    | NoData[because=no values found]
                    infinite                 | {"data":{"result":[{"value":[1,"+Inf"]}]}}                   | Value[value=Infinity]
                    the last series counts   | {"data":{"result":[{"value":[1,"5"]},{"value":[1,"7"]}]}}    | Value[value=7.0]
                    a range                  | {"data":{"result":[{"values":[[1,"1"]]}]}}                   | Unavailable[because=query returned multiple values]
                    a scalar                 | {"data":{"resultType":"scalar","result":[1,"5"]}}            | Unavailable[because=error unmarshaling result: the result is a scalar, wrap it in vector()]
                    a native histogram       | {"data":{"result":[{"histogram":[1,{}]}]}}                   | Unavailable[because=error unmarshaling result: a series has no plain value (a native histogram?)]
                    an error with a result   | {"status":"error","error":"x","data":{"result":[{"value":[1,"3"]}]}} | Unavailable[because=query failed: x]
                    no number                | {"data":{"result":[{"value":[1,"abc"]}]}}                    | Unavailable[because=strconv.ParseFloat: parsing "abc": invalid syntax]
                    HTML                     | <html>oops</html>                                            | Unavailable[because=error unmarshaling result: invalid character '<' looking for beginning of value, '<html>oops</html>']
                    """)
    void readsAnswers(String name, String given, String expected) throws Exception {
        body = given;

        assertThat(ask()).hasToString(expected);
    }

    @Test
    void anErrorStatusIsQuotedAsFlaggerQuotesIt() throws Exception {
        status = 500;
        body = "broken";

        assertThat(ask())
                .isEqualTo(
                        new Answer.Unavailable(
                                "error response: Status 500 Internal Server Error: broken"));
    }

    @Test
    void aServerThatEchoesCredentialsDoesNotMakeUsTellThem() throws Exception {
        status = 401;
        body = "bad token lab-token from tenant-7";
        var answer =
                provider(
                                address("", ""),
                                Map.of("X-Two", List.of("tenant-7")),
                                Map.of("token", "lab-token"))
                        .ask("up");

        assertThat(answer)
                .isEqualTo(
                        new Answer.Unavailable(
                                "error response: Status 401 Unauthorized: bad token [hidden] from"
                                        + " [hidden]"));
    }

    @Test
    void anAnswerWithoutEndIsRefused() throws Exception {
        body = "x".repeat(65 * 1024);

        assertThat(ask())
                .isEqualTo(
                        new Answer.Unavailable(
                                "request failed: answer is larger than 65536 bytes"));
    }

    @Test
    void aServerThatIsDownIsAnAnswerThatDoesNotNameItsAddress() throws Exception {
        server.stop(0);

        assertThat(ask())
                .isEqualTo(new Answer.Unavailable("request failed: connect: connection refused"));
    }

    @Test
    void followsARedirectOnTheSameHostOnly() throws Exception {
        location = "/there";
        assertThat(ask()).isEqualTo(new Answer.Value(100));

        location = "http://localhost:" + server.getAddress().getPort() + "/there";
        assertThat(ask())
                .isEqualTo(
                        new Answer.Unavailable(
                                "request failed: redirected to another host, which is not"
                                        + " followed"));
        assertThat(requests).filteredOn(request -> request.startsWith("/there")).hasSize(1);
    }

    @Test
    void isAvailableWhenVectorOneIsOne() throws Exception {
        assertThat(provider(address("", ""), Map.of(), Map.of()).available())
                .isEqualTo(new Answer.Unavailable("value is not 1 for query: vector(1)"));

        body = ONE_HUNDRED.replace("\"100\"", "\"1\"");
        assertThat(provider(address("", ""), Map.of(), Map.of()).available())
                .isEqualTo(new Answer.Value(1));
        assertThat(requests.getLast()).startsWith("/api/v1/query?query=vector%281%29 ");

        status = 502;
        body = "bad gateway";
        assertThat(provider(address("", ""), Map.of(), Map.of()).available())
                .isEqualTo(
                        new Answer.Unavailable(
                                "running query failed: error response: Status 502 Bad Gateway: bad"
                                        + " gateway"));
    }

    @ParameterizedTest
    @CsvSource({"'',is not set", "prometheus:9090,no URL", "'http://a b',no URL"})
    void anAddressThatIsNoneIsTheManifestsFault(String address, String expected) {
        assertThat(
                        Prometheus.of(
                                new ProviderSettings(
                                        "prometheus",
                                        address,
                                        Map.of(),
                                        Map.of(),
                                        false,
                                        false,
                                        null,
                                        "1m"),
                                http))
                .isInstanceOfSatisfying(
                        ProviderSetup.Wrong.class,
                        wrong -> assertThat(wrong.because()).contains(expected));
    }

    @Test
    void aSecretWithoutCredentialsIsTheManifestsFault() {
        assertThat(
                        Prometheus.of(
                                new ProviderSettings(
                                        "prometheus",
                                        address("", ""),
                                        Map.of(),
                                        Map.of("username", "lab-user"),
                                        true,
                                        false,
                                        null,
                                        "1m"),
                                http))
                .isInstanceOf(ProviderSetup.Wrong.class);
    }
}
