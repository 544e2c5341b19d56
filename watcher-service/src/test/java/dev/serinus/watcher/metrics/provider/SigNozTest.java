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
import java.util.stream.IntStream;

class SigNozTest extends ProviderContract implements RangeContract {

    private static final long MINUTE = 60_000;

    /** As its console writes one, with a time that is not used. */
    private static final String BUILDER =
            """
            {"start": 1, "end": 2, "requestType": "time_series", "compositeQuery": {"queries": [
              {"type": "builder_query", "spec": {"name": "A", "signal": "metrics",
               "aggregations": [{"metricName": "errors", "timeAggregation": "rate",
                                 "spaceAggregation": "sum"}]}}]}}
            """;

    @Override
    protected ProviderType type() {
        return SigNoz.TYPE;
    }

    @Override
    protected Map<String, String> credentials() {
        return Map.of("apiKey", "lab-key");
    }

    @Override
    protected Optional<Map<String, String>> incompleteCredentials() {
        return Optional.of(Map.of("token", "lab-key"));
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
        return "sum(rate(errors_total[1m]))";
    }

    /** A minute apart, the newest of now. */
    @Override
    public String measured(double... values) {
        return results(
                series(
                        IntStream.range(0, values.length)
                                .mapToObj(i -> value(i + 1 - values.length, values[i], ""))
                                .collect(Collectors.joining(","))));
    }

    private static String value(int minute, double value, String more) {
        return "{\"timestamp\":%d,\"value\":%s%s}"
                .formatted(
                        NOW.toEpochMilli() + minute * MINUTE,
                        Double.isNaN(value) ? "\"NaN\"" : value,
                        more);
    }

    private static String series(String values) {
        return "{\"labels\":[],\"values\":[" + values + "]}";
    }

    private static String results(String series) {
        return results(series, "{}");
    }

    private static String results(String series, String steps) {
        return "{\"status\":\"success\",\"data\":{\"type\":\"time_series\",\"meta\":{\"stepIntervals\":%s},\"data\":{\"results\":[{\"queryName\":\"A\",\"aggregations\":[{\"index\":0,\"series\":[%s]}]}]}}}"
                .formatted(steps, series);
    }

    @Override
    public String series(double... values) {
        return measured(values);
    }

    @Override
    public String twoSeries() {
        return results(series(value(0, 1, "")) + "," + series(value(0, 2, "")));
    }

    @Override
    public String nothing() {
        return "{\"status\":\"success\",\"data\":{\"type\":\"time_series\",\"data\":{\"results\":[{\"queryName\":\"A\",\"aggregations\":null}]}}}";
    }

    @Override
    public String healthy() {
        return measured(1);
    }

    @Test
    void promQlIsAskedAboutTenIntervalsWithTheKeyInAHeader() throws Exception {
        provider(settings(server.url(), credentials())).ask("sum(\n  up)");

        var request = server.requests().getFirst();
        assertThat(request.line()).isEqualTo("POST /api/v5/query_range");
        assertThat(request.headers())
                .containsEntry("Signoz-api-key", List.of("lab-key"))
                .containsEntry("Content-type", List.of("application/json"));
        assertThat(request.body())
                .isEqualTo(
                        "{\"compositeQuery\":{\"queries\":[{\"type\":\"promql\",\"spec\":{\"name\":\"A\",\"query\":\"sum("
                                + " up)\",\"step\":60}}]},\"requestType\":\"time_series\",\"start\":%d,\"end\":%d}"
                                        .formatted(
                                                NOW.toEpochMilli() - 9 * MINUTE,
                                                NOW.toEpochMilli()));
    }

    @Test
    void withoutASecretNoKeyIsSent() throws Exception {
        value(provider(settings(server.url(), Map.of())).ask(query()));

        assertThat(server.requests().getFirst().headers()).doesNotContainKey("Signoz-api-key");
    }

    @Test
    void itsOwnJsonIsAskedAboutTheSameTime() throws Exception {
        provider(settings(server.url(), credentials())).ask(BUILDER);

        assertThat(server.requests().getFirst().body())
                .startsWith(
                        "{\"start\":%d,\"end\":%d,"
                                .formatted(NOW.toEpochMilli() - 10 * MINUTE, NOW.toEpochMilli()))
                .contains("\"metricName\":\"errors\"")
                .contains("\"stepInterval\":60");
    }

    @Test
    void aStepThatATemplateSaysStays() throws Exception {
        provider(settings(server.url(), credentials()))
                .ask(
                        BUILDER.replace(
                                "\"name\": \"A\",", "\"name\": \"A\", \"stepInterval\": 300,"));

        assertThat(server.requests().getFirst().body()).contains("\"stepInterval\":300,");
    }

    @Test
    void aBucketCountsOnceItIsWhole() throws Exception {
        server.answer(
                200,
                results(
                        series(
                                value(-10, 1, ",\"partial\":true")
                                        + ","
                                        + value(-2, 2, "")
                                        + ","
                                        + value(-1, 3, "")
                                        + ","
                                        + value(0, 9, "")),
                        "{\"A\":60}"));

        assertThat(provider(settings(server.url(), credentials())).ask(BUILDER))
                .isEqualTo(
                        new Answer.Samples(
                                List.of(
                                        new Answer.Sample(NOW.minusSeconds(60), 2),
                                        new Answer.Sample(NOW, 3))));
    }

    /** It takes a minute for metrics where less is asked for. */
    @Test
    void aBucketIsAsLongAsSigNozSays() throws Exception {
        server.answer(
                200, results(series(value(-2, 1, "") + "," + value(-1, 2, "")), "{\"A\":120}"));

        assertThat(value(provider(settings(server.url(), credentials())).ask(BUILDER)))
                .isEqualTo(1);
    }

    @Test
    void aRangeIsAskedForInPromQl() throws Exception {
        Instant from = NOW.minusSeconds(120);
        var answer =
                provider(settings(server.url(), credentials()))
                        .range("up", from, NOW, Duration.ofSeconds(60));

        assertThat(((Answer.Samples) answer.orElseThrow()).samples())
                .extracting(Answer.Sample::time)
                .containsExactly(from, NOW.minusSeconds(60), NOW);
        assertThat(server.requests().getFirst().body())
                .endsWith(
                        "\"start\":%d,\"end\":%d}"
                                .formatted(from.toEpochMilli(), NOW.toEpochMilli()));
    }

    @Test
    void aRangeOfBucketsHasWhatLiesWithinIt() throws Exception {
        server.answer(
                200,
                results(
                        series(
                                IntStream.rangeClosed(-4, 0)
                                        .mapToObj(i -> value(i, i, ""))
                                        .collect(Collectors.joining(",")))));

        var answer =
                provider(settings(server.url(), credentials()))
                        .range(BUILDER, NOW.minusSeconds(120), NOW, Duration.ofSeconds(60));

        assertThat(((Answer.Samples) answer.orElseThrow()).samples())
                .containsExactly(
                        new Answer.Sample(NOW.minusSeconds(120), -3),
                        new Answer.Sample(NOW.minusSeconds(60), -2),
                        new Answer.Sample(NOW, -1));
    }

    @Test
    void whatIsNoNumberIsToldBesideTheNumbers() throws Exception {
        server.answer(200, measured(1, Double.NaN));

        assertThat(ask())
                .isEqualTo(
                        new Answer.Samples(
                                List.of(new Answer.Sample(NOW.minusSeconds(60), 1)), List.of(NOW)));
    }

    @Test
    void severalSeriesAreAnError() throws Exception {
        server.answer(200, results(series(value(0, 1, "")) + "," + series(value(0, 2, ""))));

        assertThat(assertUnavailable(ask()))
                .isEqualTo(
                        "query returned multiple values: 2 series; make one of them, as by sum(),"
                                + " and disable queries that others build on");
    }

    @Test
    void aValueOfLastWeekIsNone() throws Exception {
        server.answer(200, results(series(value(-7 * 24 * 60, 1, ""))));

        assertThat(ask()).isInstanceOf(Answer.NoData.class);
    }

    @Test
    void anErrorThatSaysSuccessIsToldInItsWords() throws Exception {
        server.answer(
                200,
                "{\"status\":\"error\",\"error\":{\"code\":\"x\",\"message\":\"no such metric\"}}");

        assertThat(assertUnavailable(ask())).isEqualTo("query failed: no such metric");
    }

    /** A selector of PromQL may begin as JSON does. */
    @Test
    void aSelectorIsPromQl() throws Exception {
        provider(settings(server.url(), credentials())).ask("{\"http.errors\", job=\"a\"}");

        assertThat(server.requests().getFirst().body())
                .contains("\"query\":\"{\\\"http.errors\\\", job=\\\"a\\\"}\"");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    broken JSON   | {"compositeQuery": {                                                   | query of SigNoz: this is no JSON object
                    no queries    | {"compositeQuery": {}}                                                 | query of SigNoz: compositeQuery.queries must be a list of queries
                    another JSON  | {"a": 1}                                                               | query of SigNoz: compositeQuery.queries must be a list of queries
                    no spec       | {"compositeQuery": {"queries": [1]}}                                   | query of SigNoz: each of compositeQuery.queries must have a spec
                    a table       | {"requestType": "scalar", "compositeQuery": {"queries": [{"spec": {}}]}} | query of SigNoz: requestType must be time_series, or left out
                    """)
    void aQueryThatIsNoneIsTheManifestsFault(String name, String query, String expected)
            throws Exception {
        assertThat(provider(settings(server.url(), credentials())).ask(query))
                .isEqualTo(new Answer.Misconfigured(expected));
        assertThat(server.requests()).isEmpty();
    }
}
