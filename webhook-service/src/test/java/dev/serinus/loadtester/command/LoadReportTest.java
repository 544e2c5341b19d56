package dev.serinus.loadtester.command;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Reports as the tools print them. */
class LoadReportTest {

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

        assertThat(LoadReport.in(output))
                .contains(new LoadReport(LoadReport.Tool.HEY, 0.4, 2.1, 15.0, 200L, 5L));
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

        assertThat(LoadReport.in(before))
                .contains(new LoadReport(LoadReport.Tool.K6, 4.9, 11.5, 0.25, 200L, 3L));
        assertThat(LoadReport.in(since))
                .contains(new LoadReport(LoadReport.Tool.K6, 116.0, 1190.0, null, 10L, 0L));
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
                .contains(new LoadReport(LoadReport.Tool.GHZ, 42.06, 59.87, 60.25, 200L, 2L));
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
                .contains(new LoadReport(LoadReport.Tool.ARTILLERY, 4.0, 7.9, 12.1, 100L, 4L));
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
                .contains(new LoadReport(LoadReport.Tool.WRK, 0.25, null, 1.02, 22464L, 7L));
    }

    @Test
    void ofNothingElse() {
        assertThat(LoadReport.in("hello\n  50% in 3 secs\n")).isEmpty();
        assertThat(LoadReport.in("")).isEmpty();
        assertThat(LoadReport.in("99999999999999999999 requests in 1s\nRequests/sec: 1")).isEmpty();
    }
}
