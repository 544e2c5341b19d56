package dev.serinus.watcher.metrics.provider;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

class WebhookTest extends ProviderContract implements RangeContract {

    @Override
    protected ProviderType type() {
        return Webhook.TYPE;
    }

    @Override
    protected Map<String, String> credentials() {
        return Map.of("token", "lab-token");
    }

    @Override
    protected Optional<Map<String, String>> incompleteCredentials() {
        return Optional.of(Map.of("username", "lab"));
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
    public String query() {
        return "orders of cart";
    }

    @Override
    public String measured(double... values) {
        return IntStream.range(0, values.length)
                .mapToObj(
                        i ->
                                "{\"time\":\"2026-03-01T09:%02d:00Z\",\"value\":%s}"
                                        .formatted(i, Double.isNaN(values[i]) ? "null" : values[i]))
                .collect(Collectors.joining(",", "{\"samples\":[", "]}"));
    }

    @Override
    public String nothing() {
        return "{\"samples\":[]}";
    }

    @Override
    public String series(double... values) {
        return IntStream.range(0, values.length)
                .mapToObj(
                        i ->
                                "{\"time\":\"%s\",\"value\":%s}"
                                        .formatted(
                                                RangeContract.end(values.length, i),
                                                Double.isNaN(values[i]) ? "\"NaN\"" : values[i]))
                .collect(Collectors.joining(",", "{\"samples\":[", "]}"));
    }

    @Override
    public String twoSeries() {
        return "{\"error\":\"query returned multiple values: 2 shops\"}";
    }

    /** There is no place for two in an answer; whoever finds them says so. */
    @Override
    @Test
    public void severalSeriesAreNoSpan() throws Exception {
        server.answer(200, twoSeries());

        assertThat(assertUnavailable(range().orElseThrow()))
                .isEqualTo("query failed: query returned multiple values: 2 shops");
    }

    private Optional<Answer> range() throws InterruptedException {
        return provider(settings(server.url(), credentials())).range(query(), FROM, TO, STEP);
    }

    @Test
    void aSpanIsAskedForWithItsBeginEndAndStep() throws Exception {
        range();

        assertThat(server.requests().getFirst().body())
                .isEqualTo(
                        "{\"name\":\"\",\"namespace\":\"\",\"query\":\"orders of"
                            + " cart\",\"intervalSeconds\":60.0,\"start\":\"2026-03-01T09:55:00Z\",\"end\":\"2026-03-01T10:00:00Z\",\"stepSeconds\":60.0}");
    }

    /** So that it is asked for the present, as before there were spans. */
    @Test
    void aServerThatAnswersWithAValueKnowsNoSpans() throws Exception {
        for (String body : List.of("{\"value\":1.5}", "{\"value\":null}")) {
            server.answer(200, body);

            assertThat(range()).isEmpty();
        }
    }

    @Test
    void whatIsNoNumberInASpanIsToldWithItsTime() throws Exception {
        server.answer(200, series(1, Double.NaN, 3));

        assertThat(range().orElseThrow())
                .isEqualTo(
                        new Answer.Samples(
                                List.of(
                                        new Answer.Sample(RangeContract.end(3, 0), 1),
                                        new Answer.Sample(RangeContract.end(3, 2), 3)),
                                List.of(RangeContract.end(3, 1))));
    }

    @Override
    public String healthy() {
        return "whatever";
    }

    @Test
    void tellsWhatIsAskedAndWhatForWhom() throws Exception {
        var http =
                new ProviderHttp() {
                    @Override
                    public Reply send(Request request) throws NoReply, InterruptedException {
                        return server.http().send(request);
                    }

                    @Override
                    public String namespace() {
                        return "shop";
                    }

                    @Override
                    public String canary() {
                        return "cart";
                    }
                };
        made(settings(server.url() + "/orders", credentials()), http).ask("a \"b\"\n{c}");

        var request = server.requests().getFirst();
        assertThat(request.line()).isEqualTo("POST /orders");
        assertThat(request.body())
                .isEqualTo(
                        "{\"name\":\"cart\",\"namespace\":\"shop\",\"query\":\"a \\\"b\\\"\\n"
                                + "{c}\",\"intervalSeconds\":60.0}");
        assertThat(request.headers())
                .containsEntry("Authorization", List.of("Bearer lab-token"))
                .containsEntry("Content-type", List.of("application/json"));
    }

    @Test
    void withoutASecretItIsAskedWithoutCredentials() throws Exception {
        assertThat(value(provider(settings(server.url(), Map.of())).ask(query()))).isEqualTo(42.5);
        assertThat(server.requests().getFirst().headers()).doesNotContainKey("Authorization");
    }

    @Test
    void whoTakesNoGetIsThereToo() throws Exception {
        server.answer(405, "use POST");

        assertThat(provider(settings(server.url(), credentials())).available())
                .isInstanceOf(Answer.Samples.class);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    a value             | {"value": 1.5}                                        | 1.5
                    a text that is one  | {"value": "1.5"}                                      | 1.5
                    infinite            | {"value": "+Inf"}                                     | Infinity
                    the newest counts   | {"samples":[{"time":20,"value":2},{"time":10,"value":1}]} | 2.0
                    gaps                | {"samples":[{"time":20,"value":null},{"time":10,"value":1}]} | 1.0
                    none                | {"samples":[]}                                        | NoData
                    null                | {"samples":null}                                      | NoData
                    neither             | {"result": 3}                                         | the answer must have either value or samples
                    both                | {"value": 1, "samples": []}                           | the answer must have either value or samples
                    an error            | {"error": "no shop", "value": 1}                      | query failed: no shop
                    no number           | {"value": "many"}                                     | parsing "many"
                    no list             | {"samples": 3}                                        | it has no list of samples
                    no time             | {"samples":[{"value":1}]}                             | time of a sample must be such as
                    a list              | [{"value": 1}]                                        | the answer must have either value or samples
                    """)
    void readsAnswers(String name, String given, String expected) throws Exception {
        server.answer(200, given);

        assertThat(text(ask())).as(name).contains(expected);
    }
}
