package dev.serinus.schemas.canary;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;

class DurationsTest {
    private static final Duration TEN_SECONDS = Duration.ofSeconds(10);

    @ParameterizedTest(name = "{0} lasts {1}")
    @CsvSource({
        "90s, PT1M30S",
        "1m30s, PT1M30S",
        "60ms, PT0.06S",
        "1.5h, PT1H30M",
        ".5s, PT0.5S",
        "1.s, PT1S",
        "-2m, PT-2M",
        "+3s, PT3S",
        "0, PT0S",
        "1h2m3s4ms5us6ns, PT1H2M3.004005006S",
        "2µs, PT0.000002S"
    })
    void readsWhatGoReads(String written, Duration length) {
        assertThat(Durations.parse(written)).contains(length);
    }

    @ParameterizedTest(name = "\"{0}\"")
    @ValueSource(
            strings = {
                "",
                "1",
                "1mfoo",
                "foo",
                "1d",
                "m",
                ".s",
                "-",
                "1m 30s",
                "9999999999h",
                "1m-30s"
            })
    void refusesWhatGoRefuses(String written) {
        assertThat(Durations.parse(written)).isEmpty();
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "1m, PT1M",
        "1mfoo, PT1M",
        "'', PT1M",
        "60ms, PT10S",
        "0s, PT10S",
        "-5m, PT10S",
        "1h, PT1H"
    })
    void intervalFallsBackToAMinuteAndIsRaisedToTheMinimumAsFlaggerDoes(
            String written, Duration interval) {
        assertThat(Durations.interval(written, TEN_SECONDS)).isEqualTo(interval);
    }

    @Test
    void anAbsentIntervalIsAMinute() {
        assertThat(Durations.interval(null, TEN_SECONDS)).isEqualTo(Duration.ofMinutes(1));
    }

    @ParameterizedTest(name = "{0} is printed {1}")
    @CsvSource({
        "PT0S, 0s",
        "PT1M, 1m0s",
        "PT1H, 1h0m0s",
        "PT0.5S, 500ms",
        "PT1.205S, 1.205s",
        "PT0.0000015S, 1.5µs",
        "PT0.000000007S, 7ns",
        "PT-90S, -1m30s",
        "PT26H3M, 26h3m0s"
    })
    void printsAsGoPrints(Duration length, String printed) {
        assertThat(Durations.print(length)).isEqualTo(printed);
    }
}
