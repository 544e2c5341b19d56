package dev.serinus.schemas.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.schemas.targets.TargetKind;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.List;

class ComparedQueriesTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "e{path!~\"%s\",pod=~\"{{ target }}-.*\"}",
                "e{path!~'%s',pod=~'{{ target }}-.*'}",
                "e{%s=\"a\",pod=~\"{{ target }}-.*\"}"
            })
    void aLongMatcherIsReadAsAShortOne(String query) {
        assertThat(problem(query.formatted("a".repeat(100_000)))).contains("pod=~");
        assertThat(problem(query.formatted("\\\\n".repeat(100_000)))).contains("pod=~");
    }

    @ParameterizedTest
    @ValueSource(strings = {"(", "(?:", "a?", "()", "{{", "\\\\(", "[a", "a"})
    void aPatternThatCannotBeReadIsLeftToTheProvider(String part) {
        for (int times : List.of(2_000, 50_000)) {
            assertThat(problem("e{pod=~\"{{ target }}" + part.repeat(times) + "\"}")).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "1d,looks back 1d",
        "1w,looks back 1w",
        "1y,looks back 1y",
        "1d12h,looks back 1d12h",
        "1m1ms,looks back 1m1ms",
        "300,looks back 300",
        "60.5,looks back 60.5",
        "1d:,looks back 1d",
        "1d:30s,looks back 1d",
        "' 5m ',looks back 5m",
        "5m*2,no duration",
        "0x1F4,no duration",
        "$__range,no duration",
        "99999999999d,no duration",
    })
    void aRangeIsReadAsPrometheusReadsIt(String range, String because) {
        assertThat(problem("rate(e{pod=\"{{ target }}-0\"}[%s])".formatted(range)))
                .contains(because);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rate(e[60])",
                "rate(e[60s])",
                "rate(e[1m])",
                "rate(e[30000ms])",
                "rate(e[{{ interval }}])",
                "max_over_time(rate(e[30s])[1m:10s])",
                "e{pod=~\"{{ target }}-[0-9a-z]+\"}",
                "e{path=~'[0-9]\\'[1d]'}",
                "e{path=~\"\\\"[1d]\"}",
                "e{path=~`[1d]\\`}",
                "e # [1d]",
            })
    void aRangeWithinTheIntervalAndWhatIsNoRangePass(String query) {
        assertThat(problem(query)).isEmpty();
    }

    @Test
    void aRangeBehindALongStringIsFound() {
        var text = "a\\\"".repeat(100_000);

        assertThat(problem("rate(e{path!=\"" + text + "\"}[1d])")).contains("looks back 1d");
    }

    private static String problem(String query) {
        return ComparedQueries.problem(query, TargetKind.DEPLOYMENT, MINUTE, true).orElse("");
    }
}
