package dev.serinus.schemas.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.schemas.targets.TargetKind;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

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
        return ComparedQueries.problem(query, TargetKind.DEPLOYMENT, "podinfo", MINUTE, true)
                .orElse("");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    38 | pod=~"{{ target }}-[0-9a-z]+-[0-9a-z]+"                                  | false
                    39 | pod=~"{{ target }}-[0-9a-z]+-[0-9a-z]+"                                  | true
                    44 | pod=~"{{ target }}-[0-9a-z]+-[0-9a-z]+"                                  | true
                    44 | pod=~"{{ target }}-.*", pod!~"{{ target }}-primary-.*"                   | false
                    49 | pod=~"{{ target }}-.*", pod!~"{{ target }}-primary-.*"                   | false
                    50 | pod=~"{{ target }}-.*", pod!~"{{ target }}-primary-.*"                   | true
                    50 | pod=~"{{ target }}-.*", pod!~"{{ target }}-primary.*"                    | false
                    52 | pod=~"{{ target }}-.*", pod!~"{{ target }}-primary.*"                    | true
                    52 | workload="{{ target }}"                                                  | false
                    """)
    void ofALongNameWhatIsLeftInTheNamesOfPodsCounts(int length, String query, boolean told) {
        assertThat(found(query, length).isPresent()).isEqualTo(told);
    }

    @ParameterizedTest
    @ValueSource(ints = {7, 38, 39, 46, 47, 50, 51, 55})
    void whatIsAdvisedTellsTheSidesApart(int length) {
        var advised = found("pod=~\"{{ target }}.*\"", length).orElseThrow();
        var pods = Pattern.compile("name its pods as (\\S+)(?: beside (\\S+),)?").matcher(advised);
        assertThat(pods.find()).isTrue();
        String without = pods.group(2) == null ? "" : ", " + pods.group(2);

        assertThat(found("pod=~\"%s\"%s".formatted(pods.group(1), without), length)).isEmpty();
    }

    private static Optional<String> found(String matchers, int length) {
        return ComparedQueries.problem(
                "e{" + matchers + "}", TargetKind.DEPLOYMENT, "p".repeat(length), MINUTE, false);
    }

    @Test
    void onlyWhatTellsTheSidesOfAShortNameApartIsMisledByTheLength() {
        String flaggers = "e{pod=~\"{{ target }}-[0-9a-zA-Z]+(-[0-9a-zA-Z]+)\"}";

        assertThat(misled(flaggers, 44)).contains("{{ target }}-(primary).*");
        assertThat(misled(flaggers, 38)).isEmpty();
        assertThat(misled("e{pod=~\"{{ target }}.*\"}", 44)).isEmpty();
    }

    private static String misled(String query, int length) {
        return ComparedQueries.misledByLength(
                        query, TargetKind.DEPLOYMENT, "p".repeat(length), false)
                .orElse("");
    }
}
