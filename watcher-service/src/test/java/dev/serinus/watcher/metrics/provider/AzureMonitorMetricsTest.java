package dev.serinus.watcher.metrics.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Metrics of Azure's own resources. */
class AzureMonitorMetricsTest extends AzureContract implements RangeContract {

    private static final String GATEWAY =
            "/subscriptions/s-1/resourceGroups/lab/providers/Microsoft.Network/applicationGateways/gw";

    @Override
    protected String fixed() {
        return "https://management.azure.com";
    }

    @Override
    String resource() {
        return "https://management.azure.com";
    }

    @Override
    public String query() {
        return GATEWAY + "?metricnames=FailedRequests&aggregation=Total";
    }

    @Override
    public String measured(double... values) {
        return series(values);
    }

    @Override
    public String series(double... values) {
        return reply(
                timeseries(
                        IntStream.range(0, values.length)
                                .mapToObj(
                                        i ->
                                                Double.isNaN(values[i])
                                                        ? "{\"timeStamp\":\"%s\"}"
                                                                .formatted(
                                                                        RangeContract.begin(
                                                                                values.length, i))
                                                        : "{\"timeStamp\":\"%s\",\"total\":%s}"
                                                                .formatted(
                                                                        RangeContract.begin(
                                                                                values.length, i),
                                                                        values[i]))
                                .collect(Collectors.joining(","))));
    }

    private static String timeseries(String data) {
        return "{\"metadatavalues\":[],\"data\":[" + data + "]}";
    }

    private static String reply(String timeseries) {
        return "{\"interval\":\"PT1M\",\"value\":[{\"name\":{\"value\":\"FailedRequests\"},\"errorCode\":\"Success\",\"timeseries\":[%s]}]}"
                .formatted(timeseries);
    }

    @Override
    public String twoSeries() {
        return reply(timeseries("") + "," + timeseries(""));
    }

    @Override
    public String nothing() {
        return reply("");
    }

    @Override
    public String healthy() {
        return "{\"value\":[]}";
    }

    @Test
    void asksAboutTenIntervalsOfTheResource() throws Exception {
        provider(settings(null, credentials()))
                .ask(
                        query()
                                + "&metricnamespace=Microsoft.Network/applicationGateways&$filter=Pool"
                                + " eq 'cart'\n");

        assertThat(server.requests().getFirst().line())
                .isEqualTo(
                        "GET "
                                + GATEWAY
                                + "/providers/microsoft.insights/metrics?%24filter=Pool+eq+%27cart%27&aggregation=Total&api-version=2018-01-01&interval=PT1M&metricnames=FailedRequests&metricnamespace=Microsoft.Network%2FapplicationGateways&timespan=2026-03-01T09%3A50%3A00Z%2F2026-03-01T10%3A00%3A00Z");
    }

    @Test
    void aBucketIsOneThatAzureKnowsAndNoShorterThanAStep() throws Exception {
        var provider = provider(settings(null, credentials()));
        provider.range(query(), FROM, TO, Duration.ofSeconds(90));
        provider.range(query() + "&interval=PT1H", FROM, TO, STEP);
        provider.range(query(), FROM, TO, Duration.ofDays(2));

        assertThat(server.requests())
                .extracting(seen -> seen.line().replaceFirst(".*&interval=(\\w+)&.*", "$1"))
                .containsExactly("PT5M", "PT1H", "P1D");
    }

    @Test
    void theBucketThatIsBeingFilledDoesNotCount() throws Exception {
        server.answer(
                200,
                reply(
                        timeseries(
                                "{\"timeStamp\":\"2026-03-01T09:59:00Z\",\"total\":4},{\"timeStamp\":\"2026-03-01T09:59:30Z\",\"total\":1}")));

        assertThat(value(ask())).isEqualTo(4);
    }

    @Test
    void aValueOfLastWeekIsNone() throws Exception {
        server.answer(
                200, reply(timeseries("{\"timeStamp\":\"2026-02-22T09:59:00Z\",\"total\":4}")));

        assertThat(ask()).isInstanceOf(Answer.NoData.class);
    }

    @Test
    void severalSeriesAreAnError() throws Exception {
        server.answer(200, twoSeries());

        assertThat(assertUnavailable(ask()))
                .isEqualTo(
                        "query returned multiple values: 2 series; make one of them, by $filter"
                                + " with eq");
    }

    @Test
    void anErrorOfTheMetricIsToldThoughItSaysSuccess() throws Exception {
        server.answer(
                200,
                "{\"value\":[{\"errorCode\":\"InvalidSamplingType\",\"errorMessage\":\"no such"
                        + " type\",\"timeseries\":[]}]}");

        assertThat(assertUnavailable(ask()))
                .isEqualTo("query failed: InvalidSamplingType: no such type");
    }

    @Test
    void itsHealthIsAListThatMayBeEmpty() throws Exception {
        server.answer(200, healthy());
        provider(settings(null, credentials())).available();

        assertThat(server.requests().getFirst().line())
                .isEqualTo("GET /subscriptions?api-version=2022-12-01");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    nothing at all    | x                                                            | it must begin with a resource's id, /subscriptions/…; metricnames must name one metric; aggregation must be one of Average, Count, Maximum, Minimum, Total
                    another parameter | /subscriptions/a?metricnames=m&aggregation=Total&top=3       | there is no parameter top, known are $filter, aggregation, interval, metricnames, metricnamespace
                    two metrics       | /subscriptions/a?metricnames=m,n&aggregation=Total           | metricnames must name one metric
                    another step      | /subscriptions/a?metricnames=m&aggregation=Total&interval=2m | interval must be a step of Azure Monitor, such as PT1M or PT1H
                    said twice        | /subscriptions/a?metricnames=m&aggregation=Total&aggregation=Count | aggregation is said twice
                    """)
    void aQueryThatIsNoneIsTheManifestsFault(String name, String query, String expected)
            throws Exception {
        assertThat(provider(settings(null, credentials())).ask(query))
                .isEqualTo(new Answer.Misconfigured("query of Azure Monitor: " + expected));
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void aResourceCannotLeadElsewhere() throws Exception {
        provider(settings(null, credentials()))
                .ask("/subscriptions/../x;y?metricnames=m&aggregation=Total");

        assertThat(server.requests()).isNotEmpty();
        assertThat(List.of(server.requests().getFirst().line()))
                .allMatch(line -> line.startsWith("GET /subscriptions/%2E%2E/x%3By/providers/"));
    }

    @Test
    void aLongIdOfAResourceIsReadLikeAnyOther() throws Exception {
        String id = "/subscriptions" + "/a".repeat(30_000);

        assertThat(AzureMetricQuery.read(id + "?metricnames=m&aggregation=Total").path())
                .isEqualTo(id + "/providers/microsoft.insights/metrics");
        assertThatThrownBy(() -> AzureMetricQuery.read(id + "//?metricnames=m&aggregation=Total"))
                .isInstanceOf(WrongSettings.class);
    }
}
