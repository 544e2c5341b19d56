package dev.serinus.watcher.metrics.provider;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

class InfluxDbTest extends ProviderContract {

    private static final String HEAD =
            """
            #datatype,string,long,dateTime:RFC3339,%s\r
            #group,false,false,false,false\r
            #default,_result,,,\r
            ,result,table,_time,_value\r
            """;

    @Override
    protected ProviderType type() {
        return InfluxDb.TYPE;
    }

    @Override
    protected Map<String, String> credentials() {
        return Map.of("token", "lab-token", "org", "lab-org");
    }

    /** The organisation is part of the address. */
    @Override
    protected Collection<String> secrets() {
        return List.of("lab-token");
    }

    @Override
    protected Optional<Map<String, String>> incompleteCredentials() {
        return Optional.of(Map.of("token", "lab-token"));
    }

    @Override
    public String query() {
        return "from(bucket: \"lab\") |> range(start: -1m)";
    }

    @Override
    public String measured(double... values) {
        return IntStream.range(0, values.length)
                .mapToObj(
                        i ->
                                ",,0,2026-01-01T00:%02d:00Z,%s\r\n"
                                        .formatted(i, Double.isNaN(values[i]) ? "NaN" : values[i]))
                .collect(Collectors.joining("", HEAD.formatted("double"), "\r\n"));
    }

    @Override
    protected double counted(double... values) {
        return values[0];
    }

    @Override
    public String nothing() {
        return "\r\n";
    }

    @Override
    public String healthy() {
        return "";
    }

    private static String rows(String type, String... rows) {
        return HEAD.formatted(type) + String.join("\r\n", rows) + "\r\n\r\n";
    }

    private String answered(String csv) throws Exception {
        server.answer(200, csv);
        return text(ask());
    }

    @Test
    void asksByPostInTheWordsOfFlagger() throws Exception {
        provider(settings(server.url() + "/influx", credentials())).ask("a |> b & <c>\n");

        var request = server.requests().getFirst();
        assertThat(request.line()).isEqualTo("POST /influx/api/v2/query?org=lab-org");
        assertThat(request.headers())
                .containsEntry("Authorization", List.of("Token lab-token"))
                .containsEntry("Content-type", List.of("application/json"));
        assertThat(request.body())
                .isEqualTo(
                        "{\"dialect\":{\"annotations\":[\"datatype\",\"group\",\"default\"],\"delimiter\":\",\",\"header\":true},\"query\":\"a"
                            + " |\\u003e b \\u0026 \\u003cc\\u003e\\n"
                            + "\",\"type\":\"flux\"}");
    }

    @Test
    void withoutASecretThereIsNoOrganisation() throws Exception {
        provider(settings(server.url(), Map.of())).ask(query());

        var request = server.requests().getFirst();
        assertThat(request.line()).isEqualTo("POST /api/v2/query?org=");
        assertThat(request.headers()).doesNotContainKey("Authorization");
    }

    @Test
    void wholeNumbersAreNumbers() throws Exception {
        assertThat(answered(rows("long", ",,0,2026-01-01T00:00:00Z,3"))).isEqualTo("3.0");
        assertThat(answered(rows("unsignedLong", ",,0,2026-01-01T00:00:00Z,3"))).isEqualTo("3.0");
    }

    @Test
    void aRowHasATime() throws Exception {
        server.answer(200, rows("double", ",,0,2026-01-01T00:00:00Z,3"));

        assertThat(((Answer.Samples) ask()).samples().getFirst().time())
                .isEqualTo("2026-01-01T00:00:00Z");
    }

    @Test
    void nullIsNoDataInTheWordsOfFlagger() throws Exception {
        assertThat(answered(rows("double", ",,0,2026-01-01T00:00:00Z,")))
                .isEqualTo(
                        "NoData[because=invalid response: _time:2026-01-01 00:00:00 +0000"
                                + " UTC,_value:<nil>,result:_result,table:0: no values found]");
    }

    @Test
    void aTextIsNoNumber() throws Exception {
        assertThat(answered(rows("string", ",,0,2026-01-01T00:00:00Z,3")))
                .isEqualTo(
                        "Unavailable[because=invalid response: _time:2026-01-01 00:00:00 +0000"
                                + " UTC,_value:3,result:_result,table:0]");
    }

    @Test
    void anErrorInTheMidstOfAnAnswerIsNoZero() throws Exception {
        String error =
                """
                #datatype,string,string\r
                #group,true,true\r
                #default,,\r
                ,error,reference\r
                ,"failed, to ""execute""\",897\r
                """;

        assertThat(answered(error))
                .isEqualTo("Unavailable[because=query failed: failed, to \"execute\"]");
        assertThat(answered(rows("double", ",,0,2026-01-01T00:00:00Z,1") + error))
                .isEqualTo("Unavailable[because=query failed: failed, to \"execute\"]");
    }

    @Test
    void theFirstOfSeveralTablesCounts() throws Exception {
        assertThat(
                        answered(
                                rows(
                                        "double",
                                        ",,0,2026-01-01T00:00:00Z,1",
                                        ",,1,2026-01-01T00:00:00Z,2")))
                .isEqualTo("1.0 of 2 series");
    }

    @Test
    void aTimeOfNoCalendarEndsNothing() throws Exception {
        assertThat(answered(rows("double", ",,0,+1000000000-01-01T00:00:00Z,")))
                .startsWith("NoData");
        assertThat(answered(rows("double", ",,0,+1000000000-01-01T00:00:00Z,3"))).isEqualTo("3.0");
    }

    @Test
    void aRecordOfNothingButCommasIsNoCsv() throws Exception {
        assertThat(answered("#datatype" + ",".repeat(2000) + "\r\n")).startsWith("Unavailable");
    }

    @Test
    void tablesWithoutRowsAreNoData() throws Exception {
        assertThat(answered(rows("double"))).isEqualTo("NoData[because=no values found]");
    }

    @Test
    void whatItRefusesIsToldInTheWordsOfFlagger() throws Exception {
        server.answer(401, "{\"code\":\"unauthorized\",\"message\":\"unauthorized access\"}");

        assertThat(text(ask()))
                .isEqualTo(
                        "Unavailable[because=error accessing influxdb query api: unauthorized:"
                                + " unauthorized access]");
    }

    @Test
    void csvThatIsBrokenIsUnavailable() throws Exception {
        assertThat(answered("<html>\n<b>a,b\"\n")).startsWith("Unavailable");
        assertThat(answered(rows("double", ",,0,\"2026-01-01T00:00:00Z,1")))
                .startsWith("Unavailable");
        assertThat(answered(rows("double", ",,0,1"))).startsWith("Unavailable");
    }

    private static final String VARIABLE =
            "from(bucket: \"lab\") |> range(start: v.timeRangeStart, stop: v.timeRangeStop) |>"
                    + " aggregateWindow(every: v.windowPeriod, fn: mean)";

    private static String minute(int table, int back, Object value) {
        return ",,%d,%s,%s".formatted(table, NOW.minusSeconds(60L * back), value);
    }

    private Answer range(String csv) throws Exception {
        server.answer(200, csv);
        return provider(settings(server.url(), credentials()))
                .range(VARIABLE, NOW.minusSeconds(60), NOW, Duration.ofMinutes(1))
                .orElseThrow();
    }

    /** In the words of InfluxDB's own console. */
    @Test
    void aQueryMayTakeItsTimeFromVariables() throws Exception {
        provider(settings(server.url(), credentials()))
                .range(VARIABLE, NOW.minusSeconds(85), NOW.plusSeconds(5), Duration.ofMinutes(1));

        assertThat(server.requests().getFirst().body())
                .contains(
                        "\"header\":true},\"extern\":{\"type\":\"File\",\"package\":null,\"imports\":null,\"body\":[{\"type\":\"OptionStatement\",\"assignment\":{\"type\":\"VariableAssignment\",\"id\":{\"type\":\"Identifier\",\"name\":\"v\"},\"init\":{\"type\":\"ObjectExpression\",\"properties\":[")
                .contains(
                        "{\"type\":\"Property\",\"key\":{\"type\":\"Identifier\",\"name\":\"timeRangeStart\"},\"value\":{\"type\":\"DateTimeLiteral\",\"value\":\"2026-03-01T09:58:00Z\"}},{\"type\":\"Property\",\"key\":{\"type\":\"Identifier\",\"name\":\"timeRangeStop\"},\"value\":{\"type\":\"DateTimeLiteral\",\"value\":\"2026-03-01T10:00:00Z\"}},{\"type\":\"Property\",\"key\":{\"type\":\"Identifier\",\"name\":\"windowPeriod\"},\"value\":{\"type\":\"DurationLiteral\",\"values\":[{\"magnitude\":60000,\"unit\":\"ms\"}]}}");
    }

    @Test
    void aRangeHasTheRowsOfTheOneTableThatLieWithinIt() throws Exception {
        assertThat(
                        range(
                                rows(
                                        "double",
                                        minute(0, 2, 1),
                                        minute(0, 1, 2),
                                        minute(0, 0, 3),
                                        minute(0, -1, 4))))
                .isEqualTo(
                        new Answer.Samples(
                                List.of(
                                        new Answer.Sample(NOW.minusSeconds(60), 2),
                                        new Answer.Sample(NOW, 3))));
        assertThat(range(rows("double", minute(0, 1, ""), minute(0, 0, 3))))
                .isEqualTo(Answer.of(NOW, 3));
        assertThat(range(rows("double", minute(0, 1, "NaN"), minute(0, 0, 3))))
                .isEqualTo(
                        new Answer.Samples(
                                List.of(new Answer.Sample(NOW, 3)), List.of(NOW.minusSeconds(60))));
        assertThat(range("\r\n")).isInstanceOf(Answer.NoData.class);
    }

    @Test
    void whatIsNotOneTableOfNumbersIsNoRange() throws Exception {
        assertThat(assertUnavailable(range(rows("double", minute(0, 1, 2), minute(1, 1, 2)))))
                .startsWith("query returned multiple values: 2 tables; make one of them");
        assertThat(
                        assertUnavailable(
                                range(
                                        rows("double", minute(0, 1, 2))
                                                + rows("long", minute(0, 1, 2)))))
                .startsWith("query returned multiple values: 2 tables");
        assertThat(assertUnavailable(range(rows("string", minute(0, 1, "many")))))
                .startsWith("invalid response: ");
        assertUnavailable(range("<html>"));
    }

    /** The newest row counts: a dashboard's query gives many. */
    @Test
    void thePresentOfSuchAQueryIsItsNewestRow() throws Exception {
        server.answer(200, rows("double", minute(0, 1, 2), minute(0, 0, 3)));

        assertThat(value(provider(settings(server.url(), credentials())).ask(VARIABLE)))
                .isEqualTo(3);
        assertThat(server.requests().getFirst().body())
                .contains("2026-03-01T09:50:00Z", "2026-03-01T10:00:00Z");
    }

    @Test
    void aQueryThatSaysItsOwnTimeIsOfThePresentOnly() throws Exception {
        assertThat(
                        provider(settings(server.url(), credentials()))
                                .range(query(), NOW.minusSeconds(60), NOW, Duration.ofMinutes(1)))
                .isEmpty();
        assertThat(server.requests()).isEmpty();
    }
}
