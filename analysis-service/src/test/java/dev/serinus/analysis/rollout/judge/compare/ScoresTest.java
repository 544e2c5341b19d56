package dev.serinus.analysis.rollout.judge.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serinus.analysis.rollout.judge.Verdict;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

class ScoresTest {

    private static final Thresholds USUAL = new Thresholds(95, 75);

    /**
     * Metrics by letters, "latency 60: H P; errors 40: P": a group's weight is spread evenly. P, H,
     * L as they say, N without data, F without data that must have some, U undecided; an
     * exclamation mark makes it critical.
     */
    private static List<Graded> metrics(String text) {
        List<Graded> metrics = new ArrayList<>();
        for (String part : text.split(";", -1)) {
            String[] head = part.split(":", -1)[0].trim().split(" ", -1);
            String[] letters = part.split(":", -1)[1].trim().split(" ", -1);
            for (String letter : letters) {
                metrics.add(
                        new Graded(
                                "m" + metrics.size(),
                                head[0],
                                Double.parseDouble(head[1]) / letters.length,
                                letter.endsWith("!"),
                                letter.startsWith("F"),
                                compared(letter, metrics.size())));
            }
        }
        return metrics;
    }

    private static Compared compared(String letter, int number) {
        Classification what =
                switch (letter.charAt(0)) {
                    case 'P' -> Classification.PASS;
                    case 'H' -> Classification.HIGH;
                    case 'L' -> Classification.LOW;
                    case 'N', 'F' -> Classification.NODATA;
                    case 'U' -> Classification.UNDECIDED;
                    default -> throw new IllegalArgumentException(letter);
                };
        return new Compared(
                what,
                Method.MANN_WHITNEY,
                50,
                50,
                1,
                1,
                Scale.DIFFERENCE,
                0,
                0,
                0,
                1,
                "m%d is %s".formatted(number, what));
    }

    /** The totals of Kayenta's scorer that are ours as well. */
    @ParameterizedTest(name = "{0}: {1} scores {2}")
    @CsvSource({
        "S1, g 100: P H L, 33.33",
        "S2, g1 75: P P; g2 25: H, 75",
        "S3, g1 50: P H; g2 50: H, 25",
        "S4, g1 50: P N; g2 50: H, 50",
        "S5, g1 15: H L P; g2 85: H, 5",
        "S6, g1 50: P P; g2 50: N, 100",
        "S7, g 100: N, 0",
        "S8, g 100: P H!, 0",
        "S9, g 100: P N!, 0",
        "S10, g 100: L P!, 50",
        "S11, A 60: P; B 20: H; C 20: P, 80",
        "S13, A 100: P F, 50",
    })
    void totalsAreThoseOfKayenta(String vector, String metrics, double total) {
        assertThat(Scores.score(metrics(metrics), USUAL).total()).isEqualTo(total);
    }

    /** S12 and S15: what is absent or silent takes no share there; Kayenta says 50 and 70. */
    @ParameterizedTest(name = "{0}: {1} scores {2}")
    @CsvSource({
        "S12, A 50: P, 100",
        "S15, latency 60: H P; errors 30: P; saturation 10: N, 66.67",
    })
    void groupsWithoutAnswerDoNotCount(String vector, String metrics, double total) {
        assertThat(Scores.score(metrics(metrics), USUAL).total()).isEqualTo(total);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "g 100: P P P, PASS",
        "g 95: P; h 5: H, PASS",
        "g 90: P; h 10: H, INCONCLUSIVE",
        "g 75: P; h 25: H, INCONCLUSIVE",
        "g 74: P; h 26: H, FAIL",
        "g 99: P; h 1: H!, FAIL",
        "g 99: P; h 1: N!, FAIL",
        "g 99: P; h 1: F, PASS",
        "g 60: P; h 40: F, FAIL",
        "g 100: P P N, PASS",
        "g 100: P N, INCONCLUSIVE",
        "g 100: N N, INCONCLUSIVE",
        "g 100: H N, FAIL",
        "g 100: U, INCONCLUSIVE",
        "g 99: P; h 1: U, INCONCLUSIVE",
        "g 99: P; h 1: U!, INCONCLUSIVE",
        "g 50: H; h 50: U, FAIL",
        "g 20: H; h 80: U, INCONCLUSIVE",
    })
    void verdictsWithinThresholds(String metrics, Verdict verdict) {
        assertThat(Scores.score(metrics(metrics), USUAL).verdict()).isEqualTo(verdict);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "g 100: P P, PASS",
        "g 100: P P P P P P P P P P P P P P P P P P P H, FAIL",
        "g 100: P U, INCONCLUSIVE",
        "g 100: P N, INCONCLUSIVE",
        "g 100: P F, FAIL",
        "g 100: U H, FAIL",
    })
    void withoutThresholdsEveryMetricHasToPass(String metrics, Verdict verdict) {
        assertThat(Scores.score(metrics(metrics), null).verdict()).isEqualTo(verdict);
    }

    @Test
    void noMetricsAreNoPass() {
        assertThat(Scores.score(List.of(), null).verdict()).isEqualTo(Verdict.INCONCLUSIVE);
        assertThat(Scores.score(List.of(), USUAL).verdict()).isEqualTo(Verdict.INCONCLUSIVE);
    }

    @Test
    void aMetricWithoutWeightIsNotCounted() {
        var metrics = metrics("g 100: P; muted 0: H");
        // When
        var score = Scores.score(metrics, USUAL);
        // Then
        assertThat(score.total()).isEqualTo(100);
        assertThat(score.verdict()).isEqualTo(Verdict.PASS);
        assertThat(score.groups()).containsOnlyKeys("g");
    }

    @Test
    void aCriticalMetricFailsAloneAndIsNamedFirst() {
        // When
        var score = Scores.score(metrics("g 60: H P; h 40: P L!"), USUAL);
        // Then
        assertThat(score.total()).isZero();
        assertThat(score.verdict()).isEqualTo(Verdict.FAIL);
        assertThat(score.groups()).containsEntry("g", 50.0).containsEntry("h", 50.0);
        assertThat(score.because()).containsExactly("m3 is LOW", "m0 is HIGH", "m3 is critical");
    }

    @Test
    void aMarginalScoreSaysWhatWasMissing() {
        // When
        var score = Scores.score(metrics("g 100: P P P P P P P P P H"), USUAL);
        // Then
        assertThat(score.because())
                .containsExactly(
                        "m9 is HIGH", "the score is 90; 95 and more pass, less than 75 fails");
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void orderDoesNotMatter(long seed) {
        var metrics =
                new ArrayList<>(metrics("a 0.1: P H P; b 0.7: P P H; c 0.3: P N; d 11.1: H P P"));
        var expected = Scores.score(metrics, USUAL);
        Collections.shuffle(metrics, new Random(seed));
        // When
        var score = Scores.score(metrics, USUAL);
        // Then
        assertThat(score).isEqualTo(expected);
    }

    @Test
    void thresholdsAndWeightsOutOfRangeAreRefused() {
        for (double[] pair : Arrays.asList(new double[] {75, 95}, new double[] {101, 5})) {
            assertThatThrownBy(() -> new Thresholds(pair[0], pair[1]))
                    .hasMessageStartingWith("thresholds must be 0 <= marginal <= pass <= 100");
        }
        assertThatThrownBy(() -> new Graded("latency", "", -1, false, false, compared("P", 0)))
                .hasMessage("weight of latency must be 0 or more, was -1.0");
    }
}
