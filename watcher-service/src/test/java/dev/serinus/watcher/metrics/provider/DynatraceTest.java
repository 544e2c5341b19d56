package dev.serinus.watcher.metrics.provider;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

class DynatraceTest extends ProviderContract implements RangeContract {

    @Override
    protected ProviderType type() {
        return Dynatrace.TYPE;
    }

    @Override
    protected Map<String, String> credentials() {
        return Map.of("dynatrace_token", "lab-token");
    }

    @Override
    protected Optional<Map<String, String>> incompleteCredentials() {
        return Optional.of(Map.of("token", "lab-token"));
    }

    @Override
    public String query() {
        return "builtin:service.response.time:merge(0):avg";
    }

    /** It is asked for one value. */
    @Override
    public String measured(double... values) {
        double last = values[values.length - 1];
        return "{\"result\":[{\"data\":[{\"timestamps\":[1589455320000],\"values\":[%s]}]}]}"
                .formatted(Double.isNaN(last) ? "null" : String.valueOf(last));
    }

    @Override
    public String series(double... values) {
        return tuples(
                IntStream.range(0, values.length)
                        .mapToObj(
                                i ->
                                        String.valueOf(
                                                RangeContract.end(values.length, i).toEpochMilli()))
                        .collect(Collectors.joining(",")),
                DoubleStream.of(values)
                        .mapToObj(value -> Double.isNaN(value) ? "null" : String.valueOf(value))
                        .collect(Collectors.joining(",")));
    }

    private static String tuples(String times, String values) {
        return "{\"result\":[{\"data\":[{\"timestamps\":[%s],\"values\":[%s]}]}]}"
                .formatted(times, values);
    }

    @Override
    public String twoSeries() {
        return "{\"result\":[{\"data\":[{\"values\":[1]},{\"values\":[2]}]}]}";
    }

    /** It is not known whether a time is a minute's begin or its end. */
    @Override
    public double[] within(double... values) {
        return Arrays.copyOf(values, values.length - 1);
    }

    @Override
    public String nothing() {
        return "{\"totalCount\":0,\"nextPageKey\":null,\"result\":[]}";
    }

    @Override
    public String healthy() {
        return "{\"totalCount\":1,\"metrics\":[]}";
    }

    @Test
    void asksAboutTenIntervalsInMilliseconds() throws Exception {
        provider(settings(server.url() + "/e/lab", credentials())).ask("a:b(c)\n");

        var request = server.requests().getFirst();
        assertThat(request.line())
                .isEqualTo(
                        "GET /e/lab/api/v2/metrics/query?from=%d&metricSelector=a%%3Ab%%28c%%29%%0A&resolution=Inf&to=%d"
                                .formatted(NOW.toEpochMilli() - 600_000, NOW.toEpochMilli()));
        assertThat(request.headers())
                .containsEntry("Authorization", List.of("Api-Token lab-token"));
    }

    @Test
    void itsHealthIsTheListOfMetrics() throws Exception {
        provider(settings(server.url(), credentials())).available();

        assertThat(server.requests().getFirst().line()).isEqualTo("GET /api/v2/metrics?pageSize=1");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    a value          | {"result":[{"data":[{"timestamps":[1],"values":[1.11111]}]}]}                       | 1.11111
                    the last tuple   | {"result":[{"data":[{"values":[99,98]},{"values":[1.5,97]}]}]}                      | 1.5 of 2 series
                    null is no 0     | {"result":[{"data":[{"values":[null]}]}]}                                           | NoData[because=invalid response: {"result":[{"data":[{"values":[null]}]}]}: no values found]
                    no data          | {"result":[{"data":[]}]}                                                            | NoData[because=invalid response: {"result":[{"data":[]}]}: no values found]
                    an error            | {"error":"rate limited"} | Unavailable[because=error unmarshaling result: it has no result, '{"error":"rate limited"}']
                    a time of no calendar | {"result":[{"data":[{"timestamps":[1e300],"values":[2]}]}]} | 2.0
                    two metrics      | {"result":[{"data":[{"values":[3]}]},{"data":[{"values":[4]}]}]} | 3.0 of 2 series
                    another page     | {"nextPageKey":"k","result":[{"data":[{"values":[1]}]}]}                            | 1.0
                    """)
    void readsAnswers(String name, String given, String expected) throws Exception {
        server.answer(200, given);

        assertThat(text(ask())).isEqualTo(expected);
    }

    @Test
    void aRangeIsAskedInWholeMinutes() throws Exception {
        provider(settings(server.url(), credentials()))
                .range("a:b", FROM, TO, Duration.ofSeconds(90));

        assertThat(server.requests().getFirst().line())
                .isEqualTo(
                        "GET /api/v2/metrics/query?from=%d&metricSelector=a%%3Ab&resolution=2m&to=%d"
                                .formatted(FROM.toEpochMilli() - 90_000, TO.toEpochMilli()));
    }

    @Test
    void whatIsFoldedIsOfThePresentOnly() throws Exception {
        assertThat(
                        provider(settings(server.url(), credentials()))
                                .range("a:avg:fold", FROM, TO, STEP))
                .isEmpty();
        assertThat(server.requests()).isEmpty();
    }
}
