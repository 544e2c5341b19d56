package dev.serinus.bench.figures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

class PercentilesTest {

    /** 1 to {@code count} milliseconds, the largest first. */
    private static List<Long> milliseconds(int count) {
        return LongStream.rangeClosed(1, count)
                .map(n -> (count + 1 - n) * 1_000_000)
                .boxed()
                .collect(Collectors.toList());
    }

    @ParameterizedTest(name = "p{1} of 1..{0} is {2}")
    @CsvSource({
        "100, 50, 50",
        "100, 90, 90",
        "100, 99, 99",
        "100, 100, 100",
        "4, 50, 2",
        "4, 51, 3",
        "3, 99, 3",
        "1, 1, 1",
        "1, 100, 1",
        "1000, 99, 990"
    })
    void aPercentileIsTheSmallestSampleThatIsNotBelowThatShare(
            int count, int percent, int milliseconds) {
        assertThat(Percentiles.of(milliseconds(count)).at(percent))
                .isEqualTo(Duration.ofMillis(milliseconds));
    }

    @Test
    void nothingHasNoPercentiles() {
        assertThatThrownBy(() -> Percentiles.of(List.of()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void figuresAreInMillisecondsAndSayHowManySamplesTheyHave() {
        assertThat(Percentiles.of(milliseconds(200)).figures("latency", "answer"))
                .containsExactly(
                        new Figure("latency", "answer, p50", 100, "ms", 200),
                        new Figure("latency", "answer, p90", 180, "ms", 200),
                        new Figure("latency", "answer, p99", 198, "ms", 200),
                        new Figure("latency", "answer, max", 200, "ms", 200));
    }
}
