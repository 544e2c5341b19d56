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

class GraphiteTest extends ProviderContract implements RangeContract {

    @Override
    protected ProviderType type() {
        return Graphite.TYPE;
    }

    @Override
    protected Map<String, String> credentials() {
        return Map.of("username", "lab-user", "password", "lab-pass");
    }

    @Override
    protected Optional<Map<String, String>> incompleteCredentials() {
        return Optional.of(Map.of("username", "lab-user"));
    }

    @Override
    public String query() {
        return "target=app.cart.errors&from=-2min";
    }

    @Override
    public String measured(double... values) {
        return IntStream.range(0, values.length)
                .mapToObj(
                        i ->
                                "[%s,%d]"
                                        .formatted(
                                                Double.isNaN(values[i]) ? "\"NaN\"" : values[i],
                                                1_700_000_000 + 60 * i))
                .collect(Collectors.joining(",", "[{\"target\":\"t\",\"datapoints\":[", "]}]"));
    }

    @Override
    public String series(double... values) {
        return IntStream.range(0, values.length)
                .mapToObj(
                        i ->
                                "[%s,%d]"
                                        .formatted(
                                                Double.isNaN(values[i]) ? "null" : values[i],
                                                RangeContract.begin(values.length, i)
                                                        .getEpochSecond()))
                .collect(Collectors.joining(",", "[{\"target\":\"t\",\"datapoints\":[", "]}]"));
    }

    @Override
    public String twoSeries() {
        return "[{\"datapoints\":[[1,1]]},{\"datapoints\":[[null,1]]},{\"datapoints\":[[2,1]]}]";
    }

    @Override
    public String nothing() {
        return "[]";
    }

    @Override
    protected boolean takesAnyCertificate() {
        return true;
    }

    @Override
    public String healthy() {
        return "[]";
    }

    @Test
    void sendsTheQueryInTheOrderOfItsNames() throws Exception {
        provider(settings(server.url() + "/g", credentials()))
                .ask("target=summarize(\n  a.*,\n'1m')&from=-2min&format=png&target=b&zeta=1\n");

        var request = server.requests().getFirst();
        assertThat(request.line())
                .isEqualTo(
                        "GET /g/render?format=json&from=-2min&target=summarize%28+a.%2A%2C+%271m%27%29"
                            + "&target=b&zeta=1+");
        assertThat(request.headers())
                .containsEntry("Authorization", List.of("Basic bGFiLXVzZXI6bGFiLXBhc3M="));
    }

    /** Flagger leaves out the whole parameter, and asks for nothing. */
    @Test
    void whatIsNotEncodedIsMeantAsItIsWritten() throws Exception {
        provider(settings(server.url(), credentials()))
                .ask("target=seriesByTag('a=b';'c=d')&target=alias(x,'5%')");

        assertThat(server.requests().getFirst().line())
                .isEqualTo(
                        "GET /render?format=json&target=seriesByTag%28%27a%3Db%27%3B%27c%3Dd%27%29"
                                + "&target=alias%28x%2C%275%25%27%29");
    }

    @Test
    void withoutASecretNothingIsSent() throws Exception {
        provider(settings(server.url(), Map.of())).ask(query());

        assertThat(server.requests().getFirst().headers()).doesNotContainKey("Authorization");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    the newest counts   | [{"datapoints":[[10,1],[75,2],[25,3],[100,4]]}]                                          | 100.0
                    null is passed over | [{"datapoints":[[10,1],[null,2]]}]                                                       | 10.0
                    the last with data  | [{"datapoints":[[100,1]]},{"datapoints":[[2,1],[null,2]]},{"datapoints":[[null,1]]}]     | 2.0 of 2 series
                    texts are numbers   | [{"datapoints":[["7.5","1700000000"]]}]                                                  | 7.5
                    without a time      | [{"datapoints":[[7.5,null]]}]                                                            | 7.5
                    NaN is nothing      | [{"datapoints":[["NaN",1]]}]                                                             | NoData[because=no values found, NaN at [1970-01-01T00:00:01Z]]
                    half a point        | [{"datapoints":[[1]]}]                                                                   | Unavailable[because=error unmarshaling result: a point is [1]]
                    a time of no calendar | [{"datapoints":[[1,1e300]]}] | 1.0
                    an infinite time    | [{"datapoints":[[1,"+Inf"]]}] | 1.0
                    no targets          | [1,2] | Unavailable[because=error unmarshaling result: it has no datapoints, '[1,2]']
                    targets of nothing  | [{"datapoints":null}] | NoData[because=no values found]
                    no list             | {"error":"x"}                                                                            | Unavailable[because=error unmarshaling result: this is no list of targets, '{"error":"x"}']
                    """)
    void readsAnswers(String name, String given, String expected) throws Exception {
        server.answer(200, given);

        assertThat(text(ask())).isEqualTo(expected);
    }

    @Test
    void aRangeIsAskedInPlaceOfTheTimeThatTheQueryNames() throws Exception {
        provider(settings(server.url(), credentials()))
                .range("target=a&from=-2min&until=-1min", FROM, TO, STEP);

        assertThat(server.requests().getFirst().line())
                .isEqualTo(
                        "GET /render?format=json&from=%d&target=a&until=%d"
                                .formatted(FROM.minus(STEP).getEpochSecond(), TO.getEpochSecond()));
    }

    /** What is measured every ten seconds gives a value a minute, and the last is a whole one. */
    @Test
    void finerValuesAreAStepApart() throws Exception {
        server.answer(
                200,
                IntStream.rangeClosed(0, 12)
                        .mapToObj(i -> "[%d,%d]".formatted(i, TO.getEpochSecond() - 120 + 10L * i))
                        .collect(Collectors.joining(",", "[{\"datapoints\":[", "]}]")));

        var answer =
                provider(settings(server.url(), credentials()))
                        .range(query(), TO.minus(STEP), TO, STEP)
                        .orElseThrow();

        assertThat(((Answer.Samples) answer).samples())
                .containsExactly(
                        new Answer.Sample(TO.minusSeconds(110), 0),
                        new Answer.Sample(TO.minusSeconds(50), 6));
    }
}
