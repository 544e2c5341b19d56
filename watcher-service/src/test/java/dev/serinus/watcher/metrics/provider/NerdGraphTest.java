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

class NerdGraphTest extends NewRelicContract implements RangeContract {

    NerdGraphTest() {
        super("newrelic_api_key", "NRAK-LAB");
    }

    @Override
    protected Optional<String> vendor() {
        return Optional.of("https://api.newrelic.com");
    }

    @Override
    public String query() {
        return "SELECT average(duration) FROM Transaction TIMESERIES";
    }

    @Override
    public String measured(double... values) {
        return results(
                IntStream.range(0, values.length)
                        .mapToObj(
                                i ->
                                        "{\"average.duration\":%s,\"beginTimeSeconds\":%d,\"endTimeSeconds\":%d}"
                                                .formatted(
                                                        Double.isNaN(values[i])
                                                                ? "null"
                                                                : values[i],
                                                        1_700_000_000 + 60 * i,
                                                        1_700_000_060 + 60 * i))
                        .collect(Collectors.joining(",")));
    }

    private static String results(String rows) {
        return "{\"data\":{\"actor\":{\"account\":{\"nrql\":{\"results\":[" + rows + "]}}}}}";
    }

    @Override
    public String series(double... values) {
        return results(
                IntStream.range(0, values.length)
                        .mapToObj(
                                i ->
                                        "{\"average.duration\":%s,\"beginTimeSeconds\":%d,\"endTimeSeconds\":%d}"
                                                .formatted(
                                                        Double.isNaN(values[i])
                                                                ? "null"
                                                                : values[i],
                                                        RangeContract.begin(values.length, i)
                                                                .getEpochSecond(),
                                                        RangeContract.end(values.length, i)
                                                                .getEpochSecond()))
                        .collect(Collectors.joining(",")));
    }

    @Override
    public String twoSeries() {
        return results("{\"facet\":\"a\",\"count\":1},{\"facet\":\"b\",\"count\":2}");
    }

    @Override
    public String nothing() {
        return results("");
    }

    @Override
    public String healthy() {
        return results("{\"count\":5}");
    }

    @Test
    void asksByPostWithTheKeyInAHeader() throws Exception {
        ask();

        var request = server.requests().getFirst();
        assertThat(request.line()).isEqualTo("POST /graphql");
        assertThat(request.headers())
                .containsEntry("Api-key", List.of("NRAK-LAB"))
                .containsEntry("Content-type", List.of("application/json"));
        assertThat(request.body())
                .endsWith(
                        "\"variables\":{\"account\":51312,\"nrql\":\"SELECT average(duration) FROM"
                                + " Transaction TIMESERIES SINCE 60 seconds ago\"}}");
    }

    @Test
    void aQueryThatNamesItsTimeKeepsIt() throws Exception {
        provider(settings(server.url(), credentials())).ask("SELECT 1 since 5 minutes ago");

        assertThat(server.requests().getFirst().body())
                .contains("\"SELECT 1 since 5 minutes ago\"");
    }

    @Test
    void anAccountIsANumber() {
        assertThat(
                        wrong(
                                settings(
                                        server.url(),
                                        Map.of(
                                                "newrelic_account_id",
                                                "mine",
                                                "newrelic_api_key",
                                                "NRAK-LAB"))))
                .isEqualTo("newrelic credentials: newrelic_account_id must be a number");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    any name      | {"count":5}                                        | 5.0
                    a percentile  | {"percentile.duration":{"95":1.5}}                 | 1.5
                    two numbers   | {"a":1,"b":2}                                      | Unavailable[because=query returned multiple values: 2 numbers in a row; select one in the query]
                    by facet      | {"facet":"a","count":1},{"facet":"b","count":2}    | Unavailable[because=query returned multiple values: 2 rows; select one, without FACET]
                    """)
    void readsRows(String name, String rows, String expected) throws Exception {
        server.answer(200, results(rows));

        assertThat(text(ask())).isEqualTo(expected);
    }

    @Test
    void whatItRefusesIsToldThoughItSaysSuccess() throws Exception {
        server.answer(200, "{\"errors\":[{\"message\":\"NRQL Syntax Error\"}],\"data\":null}");

        assertThat(text(ask())).isEqualTo("Unavailable[because=query failed: NRQL Syntax Error]");
    }

    @Test
    void aTimeOfNoCalendarEndsNothing() throws Exception {
        server.answer(200, results("{\"count\":5,\"endTimeSeconds\":9e18}"));

        assertThat(text(ask())).isEqualTo("5.0");
    }

    @Test
    void anAnswerWithoutResultsIsNotNoData() throws Exception {
        server.answer(200, "{\"data\":{\"actor\":{\"account\":{\"nrql\":null}}}}");

        assertThat(text(ask())).startsWith("Unavailable[because=error unmarshaling result");
    }

    @Test
    void aWordWithinATextIsNoTime() throws Exception {
        String query = "SELECT count(*) FROM T WHERE a = 'it\\'s since then' OR `since` = 1";
        provider(settings(server.url(), credentials())).ask(query);

        assertThat(server.requests().getFirst().body()).contains("= 1 SINCE 60 seconds ago");
    }

    @Test
    void aRangeIsAskedInWholeBuckets() throws Exception {
        var provider = provider(settings(server.url(), credentials()));
        provider.range("SELECT count(*) FROM T", FROM, TO.plusSeconds(20), STEP);
        provider.range("SELECT count(*) FROM T TIMESERIES", FROM, TO, STEP);
        provider.range("SELECT count(*) FROM T", TO.minusSeconds(86_340), TO, STEP);

        String span = "SELECT count(*) FROM T%s SINCE %d UNTIL %d%s\"";
        long begin = FROM.minus(STEP).toEpochMilli();
        assertThat(server.requests().get(0).body())
                .contains(span.formatted("", begin, TO.toEpochMilli(), " TIMESERIES 60 seconds"));
        assertThat(server.requests().get(1).body())
                .contains(span.formatted(" TIMESERIES", begin, TO.toEpochMilli(), ""));
        // New Relic gives 366 buckets at most.
        assertThat(server.requests().get(2).body()).contains(" TIMESERIES 237 seconds\"");
    }

    @Test
    void aQueryThatNamesItsTimeIsOfThePresentOnly() throws Exception {
        var provider = provider(settings(server.url(), credentials()));

        assertThat(provider.range("SELECT 1 since 5 minutes ago", FROM, TO, STEP)).isEmpty();
        assertThat(provider.range("SELECT 1 until 5 minutes ago", FROM, TO, STEP)).isEmpty();
        assertThat(server.requests()).isEmpty();
    }
}
