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

class DatadogTest extends ProviderContract implements RangeContract {

    @Override
    protected ProviderType type() {
        return Datadog.TYPE;
    }

    @Override
    protected Map<String, String> credentials() {
        return Map.of("datadog_api_key", "lab-api-key", "datadog_application_key", "lab-app-key");
    }

    @Override
    protected Optional<Map<String, String>> incompleteCredentials() {
        return Optional.of(Map.of("datadog_api_key", "lab-api-key"));
    }

    @Override
    protected Optional<String> vendor() {
        return Optional.of("https://api.datadoghq.com");
    }

    @Override
    public String query() {
        return "avg:errors{app:cart}";
    }

    @Override
    public String measured(double... values) {
        return IntStream.range(0, values.length)
                .mapToObj(
                        i ->
                                "[%d.0,%s]"
                                        .formatted(
                                                1_700_000_000_000L + 1000L * i,
                                                Double.isNaN(values[i]) ? "null" : values[i]))
                .collect(Collectors.joining(",", "{\"series\":[{\"pointlist\":[", "]}]}"));
    }

    /** The newest is usually still being filled. */
    @Override
    protected double counted(double... values) {
        return values[0];
    }

    @Override
    public String series(double... values) {
        return IntStream.range(0, values.length)
                .mapToObj(
                        i ->
                                "[%d.0,%s]"
                                        .formatted(
                                                RangeContract.begin(values.length, i)
                                                        .toEpochMilli(),
                                                Double.isNaN(values[i]) ? "null" : values[i]))
                .collect(
                        Collectors.joining(
                                ",", "{\"series\":[{\"interval\":60,\"pointlist\":[", "]}]}"));
    }

    @Override
    public String twoSeries() {
        return "{\"series\":[{\"pointlist\":[[1,1]]},{\"pointlist\":[]},{\"pointlist\":[[1,2]]}]}";
    }

    @Override
    public String nothing() {
        return "{\"status\":\"ok\",\"series\":[]}";
    }

    @Override
    public String healthy() {
        return "{\"valid\":true}";
    }

    @Test
    void asksAboutTenIntervalsWithBothKeys() throws Exception {
        provider(settings(server.url() + "/", credentials())).ask("avg:x{a:b}\n / y");

        var request = server.requests().getFirst();
        assertThat(request.line())
                .isEqualTo(
                        "GET /api/v1/query?from=%d&query=avg%%3Ax%%7Ba%%3Ab%%7D%%0A+%%2F+y&to=%d"
                                .formatted(NOW.getEpochSecond() - 600, NOW.getEpochSecond()));
        assertThat(request.headers())
                .containsEntry("Dd-api-key", List.of("lab-api-key"))
                .containsEntry("Dd-application-key", List.of("lab-app-key"));
    }

    @Test
    void itsHealthIsTheValidityOfTheKeys() throws Exception {
        provider(settings(server.url(), credentials())).available();

        assertThat(server.requests().getFirst().line()).isEqualTo("GET /api/v1/validate");
    }

    @Test
    void anIntervalThatIsNoneIsToldAsGoTellsIt() {
        assertThat(wrong(withInterval("1d")))
                .isEqualTo(
                        "error parsing metric interval: time: unknown unit \"d\" in duration"
                                + " \"1d\"");
        assertThat(wrong(withInterval("30")))
                .isEqualTo("error parsing metric interval: time: missing unit in duration \"30\"");
        assertThat(wrong(withInterval("")))
                .isEqualTo("error parsing metric interval: time: invalid duration \"\"");
        assertThat(wrong(withInterval("1m30")))
                .isEqualTo(
                        "error parsing metric interval: time: missing unit in duration \"1m30\"");
    }

    private ProviderSettings withInterval(String interval) {
        return new ProviderSettings(
                "datadog", server.url(), Map.of(), credentials(), true, false, null, interval);
    }

    @Test
    void aMissingKeyIsNamed() {
        assertThat(wrong(settings(server.url(), Map.of("datadog_api_key", "lab-api-key"))))
                .isEqualTo("datadog credentials does not contain datadog_application_key");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    the oldest counts   | {"series":[{"pointlist":[[1577232000000,1.11111],[1577318400000,56294.4]]}]} | 1.11111
                    null is no 0        | {"series":[{"pointlist":[[1577232000000,null],[1577318400000,4]]}]}          | 4.0
                    only null           | {"series":[{"pointlist":[[1577232000000,null]]}]}                             | NoData[because=invalid response: {"series":[{"pointlist":[[1577232000000,null]]}]}: no values found]
                    no points           | {"series":[{"pointlist":[]}]}                                                 | NoData[because=invalid response: {"series":[{"pointlist":[]}]}: no values found]
                    half a point        | {"series":[{"pointlist":[[1700000000000]]}]}                                  | NoData[because=invalid response: {"series":[{"pointlist":[[1700000000000]]}]}: no values found]
                    several series      | {"series":[{"pointlist":[[1,1]]},{"pointlist":[[1,2]]}]}                      | 1.0 of 2 series
                    one with data       | {"series":[{"pointlist":[]},{"pointlist":[[1,2]]}]}                           | 2.0
                    a number in a text  | {"series":[{"pointlist":[[1,"2.5"]]}]}                                        | 2.5
                    no number           | {"series":[{"pointlist":[[1,"many"]]}]}                                       | Unavailable[because=strconv.ParseFloat: parsing "many": invalid syntax]
                    an error of old     | {"errors":["Forbidden"]} | Unavailable[because=error unmarshaling result: it has no series, '{"errors":["Forbidden"]}']
                    no series at all    | {} | Unavailable[because=error unmarshaling result: it has no series, '{}']
                    series of null      | {"series":null} | NoData[because=invalid response: {"series":null}: no values found]
                    a time of no calendar | {"series":[{"pointlist":[[1e300,5]]}]} | 5.0
                    an error            | {"status":"error","error":"bad query","series":[]}                            | Unavailable[because=query failed: bad query]
                    """)
    void readsAnswers(String name, String given, String expected) throws Exception {
        server.answer(200, given);

        assertThat(text(ask())).isEqualTo(expected);
    }

    @Test
    void aRangeIsAskedFromItsFirstMinuteOn() throws Exception {
        provider(settings(server.url(), credentials())).range("avg:x", FROM, TO, STEP);

        assertThat(server.requests().getFirst().line())
                .isEqualTo(
                        "GET /api/v1/query?from=%d&query=avg%%3Ax&to=%d"
                                .formatted(FROM.minus(STEP).getEpochSecond(), TO.getEpochSecond()));
    }

    /** A bucket of five minutes is told once it is whole, and one that begins before is none. */
    @Test
    void aBucketIsAsLongAsDatadogSays() throws Exception {
        server.answer(
                200,
                "{\"series\":[{\"interval\":300,\"pointlist\":[[%d,1],[%d,2],[%d,3]]}]}"
                        .formatted(
                                TO.toEpochMilli() - 601_000,
                                TO.toEpochMilli() - 301_000,
                                TO.toEpochMilli() - 1_000));

        var answer =
                provider(settings(server.url(), credentials()))
                        .range(query(), FROM, TO, STEP)
                        .orElseThrow();

        assertThat(answer).isEqualTo(Answer.of(TO.minusSeconds(1), 2));
    }
}
