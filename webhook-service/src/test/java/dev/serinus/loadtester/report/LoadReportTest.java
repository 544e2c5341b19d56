package dev.serinus.loadtester.report;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.util.Objects;

/**
 * Reports as the tools print them: those in files as they really did, against a server that refused
 * one request of forty, and those written here as their documentation or an earlier version has it.
 */
class LoadReportTest {

    @ParameterizedTest
    @CsvSource({
        "hey-0.1.5.txt, hey, 45.9, 94.9, 138.5, 200, 5",
        "hey-0.1.5-refused.txt, hey, , , , 20, 20",
        "wrk-4.1.0-latency.txt, wrk, 44.72, , 70.06, 88, 2",
        "wrk-4.1.0.txt, wrk, , , , 38, 1",
        "ghz-0.93.0.txt, ghz, 0.19, 0.88, 1.23, 100, 0",
        "ghz-0.93.0-failing.txt, ghz, , , , 30, 30",
        "ghz-0.93.0.json, ghz, 0.736, 2.616, 2.728, 20, 0",
        "ghz-0.93.0-pretty.json, ghz, 0.105, 5.644, 5.644, 10, 0",
        "k6-1.8.1.txt, k6, 47.09, 55.16, , 40, 1",
        "k6-1.8.1-p99.txt, k6, 44.34, 49.6, 51.95, 40, 1",
        "k6-1.8.1-summary-export.txt, k6, 43.861, 45.747, , 40, 1",
        "k6-1.8.1-handle-summary.json, k6, 43.906, 53.188, , 40, 1",
        "artillery-2.0.21.txt, artillery, 1, 39.3, 50.9, 40, 1",
        "artillery-2.0.21.json, artillery, 1, 39.3, 50.9, 40, 1",
    })
    void recorded(
            String file,
            String tool,
            @Nullable Double p50,
            @Nullable Double p95,
            @Nullable Double p99,
            long requests,
            long errors)
            throws IOException {
        String output = read(file);
        var expected = new LoadReport(tool, p50, p95, p99, requests, errors);

        assertThat(LoadReport.in(output)).contains(expected);
        assertThat(LoadReport.in("{\"level\": \"info\"}\nhello {\n" + output + "\nbye }\n"))
                .as("with what a script prints around it")
                .contains(expected);
    }

    /** Of a long output the middle is left out. */
    @ParameterizedTest
    @ValueSource(strings = {"ghz-0.93.0.json", "k6-1.8.1-summary-export.txt"})
    void ofBrokenJsonThereIsNone(String file) throws IOException {
        String output = read(file);

        assertThat(LoadReport.in(output.substring(0, 500) + " … " + output.substring(700)))
                .isEmpty();
    }

    private static String read(String file) throws IOException {
        try (var recorded = LoadReportTest.class.getResourceAsStream("/reports/" + file)) {
            return new String(Objects.requireNonNull(recorded).readAllBytes(), UTF_8);
        }
    }

    @Test
    void ofHey() {
        String output =
                """

                Summary:
                  Total:\t1.0103 secs
                  Slowest:\t0.0311 secs
                  Requests/sec:\t197.9608

                Latency distribution:
                  10% in 0.0002 secs
                  50% in 0.0004 secs
                  95% in 0.0021 secs
                  99% in 0.0150 secs

                Status code distribution:
                  [200]\t195 responses
                  [503]\t3 responses

                Error distribution:
                  [2]\tGet "http://podinfo": context deadline exceeded
                """;

        assertThat(LoadReport.in(output)).contains(new LoadReport("hey", 0.4, 2.1, 15.0, 200L, 5L));
    }

    @Test
    void ofK6BeforeAndSinceVersion1() {
        String before =
                """
                     http_req_duration..............: avg=5.32ms  min=1.1ms med=4.9ms   max=1.2s p(90)=8ms p(95)=11.5ms p(99)=250µs
                       { expected_response:true }...: avg=5.32ms  min=1.1ms med=4ms   max=1.2s p(90)=8ms p(95)=1ms
                     http_req_failed................: 1.50%   ✓ 3        ✗ 197
                     http_reqs......................: 200     19.86/s
                """;
        String since =
                """
                    HTTP
                    http_req_duration..............: avg=117.25ms min=1s med=116ms max=1s p(90)=1s p(95)=1.19s
                    http_req_failed................: 0.00%  0 out of 10
                    http_reqs......................: 10     1.93/s
                """;

        assertThat(LoadReport.in(before)).contains(new LoadReport("k6", 4.9, 11.5, 0.25, 200L, 3L));
        assertThat(LoadReport.in(since))
                .contains(new LoadReport("k6", 116.0, 1190.0, null, 10L, 0L));
    }

    @Test
    void ofGhz() {
        String output =
                """

                Summary:
                  Count:\t200
                  Total:\t181.57 ms
                  Requests/sec:\t1101.53

                Latency distribution:
                  10 % in 33.81 ms
                  50 % in 42.06 ms
                  95 % in 59.87 ms
                  99 % in 60.25 ms

                Status code distribution:
                  [OK]            198 responses
                  [Unavailable]   2 responses
                """;

        assertThat(LoadReport.in(output))
                .contains(new LoadReport("ghz", 42.06, 59.87, 60.25, 200L, 2L));
    }

    @Test
    void ofArtillery() {
        String output =
                """
                --------------------------------
                Summary report @ 10:00:00(+0000)
                --------------------------------

                errors.ETIMEDOUT: .......................................... 1
                http.codes.200: ............................................ 96
                http.codes.500: ............................................ 3
                http.request_rate: ......................................... 10/sec
                http.requests: ............................................. 100
                http.response_time:
                  min: ..................................................... 1
                  max: ..................................................... 33
                  median: .................................................. 4
                  p95: ..................................................... 7.9
                  p99: ..................................................... 12.1
                vusers.failed: ............................................. 0
                """;

        assertThat(LoadReport.in(output))
                .contains(new LoadReport("artillery", 4.0, 7.9, 12.1, 100L, 4L));
    }

    @Test
    void ofWrk() {
        String output =
                """
                Running 1s test @ http://podinfo/
                  2 threads and 10 connections
                  Latency Distribution
                     50%  250.00us
                     75%  491.00us
                     99%    1.02ms
                  22464 requests in 1.00s, 17.76MB read
                  Socket errors: connect 0, read 1, write 0, timeout 2
                  Non-2xx or 3xx responses: 4
                Requests/sec: 22400.48
                """;

        assertThat(LoadReport.in(output))
                .contains(new LoadReport("wrk", 0.25, null, 1.02, 22464L, 7L));
    }

    /** A script that warms up with one program and measures with another is told by the second. */
    @ParameterizedTest
    @CsvSource({
        "k6-1.8.1.txt, hey-0.1.5.txt, hey",
        "k6-1.8.1-summary-export.txt, wrk-4.1.0.txt, wrk",
        "hey-0.1.5.txt, wrk-4.1.0.txt, wrk",
        "wrk-4.1.0.txt, hey-0.1.5.txt, hey",
        "hey-0.1.5.txt, ghz-0.93.0.txt, ghz",
        "ghz-0.93.0.txt, hey-0.1.5.txt, hey",
        "ghz-0.93.0.json, artillery-2.0.21.txt, artillery",
        "artillery-2.0.21.txt, ghz-0.93.0-pretty.json, ghz",
    })
    void ofSeveralReportsTheLastCountsWhateverItsForm(String first, String last, String tool)
            throws IOException {
        String alone = read(last);

        assertThat(LoadReport.in(read(first) + "\n" + alone))
                .isEqualTo(LoadReport.in(alone))
                .hasValueSatisfying(found -> assertThat(found.tool()).isEqualTo(tool));
        assertThat(LoadReport.in("serinus-test-report: tool=newman, requests=5\n" + alone))
                .as("also after a script's own line")
                .isEqualTo(LoadReport.in(alone));
    }

    @Test
    void ofJsonBehindManyLinesOfALogInJson() throws IOException {
        String log = "{\"level\": \"info\"}\n".repeat(500);
        String report = read("ghz-0.93.0.json");

        assertThat(LoadReport.in(log + report + "\n" + log)).isEqualTo(LoadReport.in(report));
    }

    @ParameterizedTest
    @CsvSource({
        "1m2.5s, 62500",
        "1m0s, 60000",
        "1h0m3s, 3603000",
        "1.5s, 1500",
        "7m, 420000",
        "2.00h, 7200000",
        "250µs, 0.25",
        "3, 3",
        "3d, ",
        "1m2.5x, ",
        "1.2.3s, ",
    })
    void aTimeOfMoreThanOneUnitIsSummedAndAnUnknownUnitIsNone(
            String written, @Nullable Double millis) {
        String output =
                "http_req_duration..............: avg=1s med=%s p(95)=1s\n".formatted(written);

        assertThat(LoadReport.in(output))
                .hasValueSatisfying(found -> assertThat(found.p50()).isEqualTo(millis));
    }

    @Test
    void ofAScriptsOwnLineAfterWhateverElseIsThere() throws IOException {
        String output =
                read("hey-0.1.5.txt")
                        + """
                        Serinus-Test-Report: tool=newman, requests=5
                        serinus-test-report: tool=newman, p99-ms=12.5, requests=12, errors=1
                        bye
                        """;

        assertThat(LoadReport.in(output))
                .contains(new LoadReport("newman", null, null, 12.5, 12L, 1L));
        assertThat(LoadReport.in("Serinus-Test-Report: all is well")).isEmpty();
    }

    @Test
    void ofNothingElse() {
        assertThat(LoadReport.in("hello\n  50% in 3 secs\n")).isEmpty();
        assertThat(LoadReport.in("")).isEmpty();
        assertThat(LoadReport.in("99999999999999999999 requests in 1s\nRequests/sec: 1")).isEmpty();
    }
}
