package dev.serinus.watcher.metrics.provider;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;

class PrometheusTest extends ProviderContract implements RangeContract {

    @Override
    protected ProviderType type() {
        return Prometheus.TYPE;
    }

    @Override
    protected Map<String, String> credentials() {
        return Map.of("token", "lab-token", "username", "lab-user", "password", "lab-pass");
    }

    @Override
    protected Optional<Map<String, String>> incompleteCredentials() {
        return Optional.of(Map.of("username", "lab-user"));
    }

    @Override
    public String query() {
        return "up";
    }

    /** Several series: the last counts. */
    @Override
    public String measured(double... values) {
        return DoubleStream.of(values)
                .mapToObj("{\"metric\":{},\"value\":[1545905245.458,\"%s\"]}"::formatted)
                .collect(
                        Collectors.joining(
                                ",", "{\"status\":\"success\",\"data\":{\"result\":[", "]}}"));
    }

    @Override
    public String series(double... values) {
        return PrometheusBodies.minutes(values);
    }

    @Override
    public String twoSeries() {
        return PrometheusBodies.matrix("[1,\"5\"]", "[1,\"7\"]");
    }

    @Override
    public String nothing() {
        return "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[]}}";
    }

    @Override
    protected boolean sendsHeaders() {
        return true;
    }

    @Override
    protected boolean takesAnyCertificate() {
        return true;
    }

    @Override
    public String healthy() {
        return measured(1);
    }

    private MetricsProvider provider(
            String address, Map<String, List<String>> headers, Map<String, String> secret) {
        return provider(
                new ProviderSettings(
                        "prometheus",
                        address,
                        headers,
                        secret,
                        !secret.isEmpty(),
                        false,
                        null,
                        "1m"));
    }

    private String address(String userInfo, String path) {
        return server.url().replace("://", "://" + userInfo) + path;
    }

    private List<String> seen() {
        return server.requests().stream()
                .map(
                        request ->
                                request.line()
                                        + " "
                                        + request.headers().getOrDefault("Authorization", List.of())
                                        + request.headers().getOrDefault("X-two", List.of()))
                .toList();
    }

    @Test
    void collapsesWhiteSpaceAndEncodesTheQueryAsFlaggerDoes() throws Exception {
        provider(address("", "/prom/?x=1"), Map.of(), Map.of())
                .ask("\n  sum(\n\trate(up{a=~\"b.*~\"}[1m]))  *\n 100\n");

        assertThat(seen())
                .containsExactly(
                        "GET /prom/api/v1/query?query=+sum%28+rate%28up%7Ba%3D~%22b.%2A~%22%7D%5B1m%5D%29%29+%2A+100+"
                            + " [][]");
    }

    /** In one line a comment would take in the rest of the query. */
    @Test
    void commentsAreLeftOutAndWhatLooksLikeOneInAStringIsNot() {
        assertThat(
                        WhiteSpace.collapsedPromQl(
                                "sum(rate(a{\n  deployment=\"web\" # <- must match\n}[1m])) # all"))
                .isEqualTo("sum(rate(a{ deployment=\"web\" }[1m])) # all");
        assertThat(WhiteSpace.collapsedPromQl("a{b=\"#c$1\",d='#', e=`#`}\n  > 1"))
                .isEqualTo("a{b=\"#c$1\",d='#', e=`#`} > 1");
    }

    @Test
    void authorisesWithATokenBeforeAPasswordBeforeTheUrl() throws Exception {
        var both = Map.of("token", "lab-token", "username", "lab-user", "password", "lab-pass");
        var basic = Map.of("username", "lab-user", "password", "lab-pass");
        var headers = Map.of("X-Two", List.of("a", "b"));

        provider(address("u:p@", ""), headers, both).ask("up");
        provider(address("u:p@", ""), headers, basic).ask("up");
        provider(address("u:p@", ""), headers, Map.of()).ask("up");

        assertThat(seen())
                .containsExactly(
                        "GET /api/v1/query?query=up [Bearer lab-token][a, b]",
                        "GET /api/v1/query?query=up [Basic bGFiLXVzZXI6bGFiLXBhc3M=][a, b]",
                        "GET /api/v1/query?query=up [Basic dTpw][a, b]");
    }

    @Test
    void aUserWithoutAPasswordHasAnEmptyOneAndTheTemplatesHeaderComesFirst() throws Exception {
        var own = Map.of("authorization", List.of("Bearer of-the-template"));

        provider(address("api-token@", ""), Map.of(), Map.of()).ask("up");
        provider(address("u:p@", ""), own, Map.of()).ask("up");
        provider(address("u:p@", ""), own, Map.of("token", "lab-token")).ask("up");

        assertThat(seen())
                .containsExactly(
                        "GET /api/v1/query?query=up [Basic YXBpLXRva2VuOg==][]",
                        "GET /api/v1/query?query=up [Bearer of-the-template][]",
                        "GET /api/v1/query?query=up [Bearer lab-token][]");
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

        assertThat(seen().get(1)).isEqualTo(seen().get(0));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    a value                  | {"data":{"result":[{"value":[1,"100"]}]}}                    | 100.0 at 1970-01-01T00:00:01Z
                    nothing                  | {"data":{"result":[]}}                                       | NoData[because=no values found]
                    NaN                      | {"data":{"result":[{"value":[1,"NaN"]}]}}                    | NoData[because=no values found, NaN at [1970-01-01T00:00:01Z]]
                    infinite                 | {"data":{"result":[{"value":[1,"+Inf"]}]}}                   | Infinity at 1970-01-01T00:00:01Z
                    the last series counts   | {"data":{"result":[{"value":[1,"5"]},{"value":[1,"7"]}]}}    | 7.0 of 2 series at 1970-01-01T00:00:01Z
                    a range                  | {"data":{"result":[{"values":[[1,"1"]]}]}}                   | Unavailable[because=query returned multiple values]
                    a scalar                 | {"data":{"resultType":"scalar","result":[1,"5"]}}            | Unavailable[because=error unmarshaling result: the result is a scalar, wrap it in vector()]
                    a native histogram       | {"data":{"result":[{"histogram":[1,{}]}]}}                   | Unavailable[because=error unmarshaling result: a series has no plain value (a native histogram?)]
                    an error with a result   | {"status":"error","error":"x","data":{"result":[{"value":[1,"3"]}]}} | Unavailable[because=query failed: x]
                    no number                | {"data":{"result":[{"value":[1,"abc"]}]}}                    | Unavailable[because=strconv.ParseFloat: parsing "abc": invalid syntax]
                    HTML                     | <html>oops</html>                                            | Unavailable[because=error unmarshaling result: invalid character '<' looking for beginning of value, '<html>oops</html>']
                    """)
    void readsAnswers(String name, String given, String expected) throws Exception {
        server.answer(200, given);

        assertThat(timed(ask())).isEqualTo(expected);
    }

    @Test
    void whenThereWasNoNumberIsSaidBesideTheNumbersOfARange() throws Exception {
        server.answer(
                200, "{\"data\":{\"result\":[{\"values\":[[1,\"NaN\"],[2,\"7\"],[3,\"NaN\"]]}]}}");

        var answer =
                provider(address("", ""), Map.of(), Map.of())
                        .range(
                                "up",
                                Instant.EPOCH,
                                Instant.EPOCH.plusSeconds(9),
                                Duration.ofSeconds(1))
                        .orElseThrow();

        assertThat(answer)
                .isEqualTo(
                        new Answer.Samples(
                                List.of(new Answer.Sample(Instant.ofEpochSecond(2), 7)),
                                List.of(Instant.ofEpochSecond(1), Instant.ofEpochSecond(3))));
        assertThat(Answer.endsWithoutNumber(answer)).isTrue();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    a series               | {"data":{"resultType":"matrix","result":[{"values":[[1,"5"],[61.5,"7"]]}]}} | [Sample[time=1970-01-01T00:00:01Z, value=5.0], Sample[time=1970-01-01T00:01:01.500Z, value=7.0]]
                    NaN in between         | {"data":{"result":[{"values":[[1,"NaN"],[2,"7"]]}]}}                     | [Sample[time=1970-01-01T00:00:02Z, value=7.0]]
                    NaN only               | {"data":{"result":[{"values":[[1,"NaN"]]}]}}                             | NoData[because=no values found, NaN at [1970-01-01T00:00:01Z]]
                    nothing                | {"data":{"result":[]}}                                                   | NoData[because=no values found]
                    several series         | {"data":{"result":[{"values":[[1,"5"]]},{"values":[[1,"7"]]}]}}          | Unavailable[because=query returned multiple values: 2 series; make one of them, as by sum() or max()]
                    a native histogram     | {"data":{"result":[{"histograms":[[1,{}]]}]}}                            | Unavailable[because=error unmarshaling result: a series has no plain values (a native histogram?)]
                    an error               | {"status":"error","error":"x"}                                           | Unavailable[because=query failed: x]
                    no number              | {"data":{"result":[{"values":[[1,"abc"]]}]}}                             | Unavailable[because=strconv.ParseFloat: parsing "abc": invalid syntax]
                    HTML                   | <html>oops</html>                                                        | Unavailable[because=error unmarshaling result: invalid character '<' looking for beginning of value, '<html>oops</html>']
                    """)
    void readsRanges(String name, String given, String expected) throws Exception {
        server.answer(200, given);

        var answer =
                provider(address("", ""), Map.of(), Map.of())
                        .range(
                                " up \n",
                                Instant.ofEpochMilli(1_000),
                                Instant.ofEpochMilli(121_500),
                                Duration.ofSeconds(60))
                        .orElseThrow();

        assertThat(
                        answer instanceof Answer.Samples(var samples, _, _, _)
                                ? samples.toString()
                                : answer.toString())
                .isEqualTo(expected);
        assertThat(seen().getLast())
                .startsWith(
                        "GET /api/v1/query_range?query=+up+&start=1.000&end=121.500&step=60.000 ");
    }

    private static String timed(Answer answer) {
        return answer instanceof Answer.Samples samples
                ? text(samples) + " at " + samples.samples().getLast().time()
                : answer.toString();
    }

    @Test
    void anErrorStatusIsQuotedAsFlaggerQuotesIt() throws Exception {
        server.answer(500, "broken");

        assertThat(ask())
                .isEqualTo(
                        new Answer.Unavailable(
                                "error response: Status 500 Internal Server Error: broken"));
    }

    @Test
    void aServerThatEchoesCredentialsDoesNotMakeUsTellThem() throws Exception {
        server.answer(401, "bad token lab-token from tenant-7");
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
    void isAvailableWhenVectorOneIsOne() throws Exception {
        var provider = provider(address("", ""), Map.of(), Map.of());

        assertThat(provider.available())
                .isEqualTo(new Answer.Unavailable("value is not 1 for query: vector(1)"));
        assertThat(seen().getLast()).startsWith("GET /api/v1/query?query=vector%281%29 ");

        server.answer(502, "bad gateway");
        assertThat(provider.available())
                .isEqualTo(
                        new Answer.Unavailable(
                                "running query failed: error response: Status 502 Bad Gateway: bad"
                                        + " gateway"));
    }

    @Test
    void anAddressMustBeGiven() {
        assertThat(wrong(settings("", Map.of()))).isEqualTo("prometheus endpoint is not set");
    }

    @Test
    void theSecretsAuthorizationReplacesTheHeadersOne() throws Exception {
        provider(
                        address("", ""),
                        Map.of("authorization", List.of("Bearer of-the-header")),
                        Map.of("token", "lab-token"))
                .ask("up");

        assertThat(seen()).containsExactly("GET /api/v1/query?query=up [Bearer lab-token][]");
    }

    /** As with Go's client, which sends its own. */
    @Test
    void headersOfHttpItselfAreLeftOut() throws Exception {
        provider(
                        address("", ""),
                        Map.of("Host", List.of("other"), "Connection", List.of("close")),
                        Map.of())
                .ask("up");

        assertThat(server.requests().getFirst().headers().getOrDefault("Host", List.of()))
                .doesNotContain("other");
    }

    @Test
    void anAnswerWithoutAResultIsNotNoData() throws Exception {
        for (String body : List.of("{}", "{\"status\":\"success\"}", "{\"errors\":[\"x\"]}")) {
            server.answer(200, body);

            assertThat(text(ask())).startsWith("Unavailable[because=error unmarshaling result");
        }
    }
}
