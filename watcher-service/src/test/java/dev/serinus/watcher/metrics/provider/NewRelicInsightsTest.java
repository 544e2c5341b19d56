package dev.serinus.watcher.metrics.provider;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

class NewRelicInsightsTest extends NewRelicContract {

    NewRelicInsightsTest() {
        super("newrelic_query_key", "lab-query-key");
    }

    @Override
    protected Optional<String> vendor() {
        return Optional.of("https://insights-api.newrelic.com");
    }

    @Override
    public String query() {
        return "SELECT sum(nginx_ingress_controller_requests) / 1 FROM Metric";
    }

    @Override
    public String measured(double... values) {
        double last = values[values.length - 1];
        return "{\"results\":[{\"result\":%s}]}"
                .formatted(Double.isNaN(last) ? "null" : String.valueOf(last));
    }

    @Override
    public String nothing() {
        return "{\"results\":[]}";
    }

    @Override
    public String healthy() {
        return "{\"results\":[]}";
    }

    @Test
    void asksAboutOneIntervalWithTheKeyInAHeader() throws Exception {
        provider(settings(server.url(), credentials())).ask("Q");

        var request = server.requests().getFirst();
        assertThat(request.line())
                .isEqualTo("GET /v1/accounts/51312/query?nrql=Q+SINCE+60+seconds+ago");
        assertThat(request.headers()).containsEntry("X-query-key", List.of("lab-query-key"));
    }

    @Test
    void itsHealthIsAQueryThatItTakes() throws Exception {
        provider(settings(server.url(), credentials())).available();

        assertThat(server.requests().getFirst().line())
                .isEqualTo(
                        "GET /v1/accounts/51312/query?nrql=SELECT+%2A+FROM+Metric+SINCE+60+seconds"
                                + "+ago");
    }

    @Test
    void anAccountCannotLeadElsewhere() throws Exception {
        provider(
                        settings(
                                server.url(),
                                Map.of(
                                        "newrelic_account_id",
                                        "1/../../x?y",
                                        "newrelic_query_key",
                                        "lab-query-key")))
                .ask("Q");

        assertThat(server.requests().getFirst().line())
                .startsWith("GET /v1/accounts/1%2F..%2F..%2Fx%3Fy/query?");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    a value       | {"results":[{"result":1.11111}]}              | 1.11111
                    nothing       | {"results":[]}                                | NoData[because=invalid response: {"results":[]}: no values found]
                    another name  | {"results":[{"count":5}]}                     | NoData[because=invalid response: {"results":[{"count":5}]}: no values found]
                    several rows  | {"results":[{"result":1},{"result":2}]}       | NoData[because=invalid response: {"results":[{"result":1},{"result":2}]}: no values found]
                    an error            | {"error":"rate limited"} | Unavailable[because=error unmarshaling result: it has no results, '{"error":"rate limited"}']
                    null          | {"results":[{"result":null}]}                 | NoData[because=invalid response: {"results":[{"result":null}]}: no values found]
                    """)
    void readsAnswers(String name, String given, String expected) throws Exception {
        server.answer(200, given);

        assertThat(text(ask())).isEqualTo(expected);
    }

    /** The Secret may be shared with other tools, which want the key of a user. */
    @Test
    void aQueryKeyIsUsedThoughThereIsTheKeyOfAUserToo() throws Exception {
        var both = new HashMap<>(credentials());
        both.put("newrelic_api_key", "NRAK-LAB");

        provider(settings(server.url(), both)).ask("Q");

        assertThat(server.requests().getFirst().line()).startsWith("GET /v1/accounts/");
    }
}
