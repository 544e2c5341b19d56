package dev.serinus.analysis.rollout.judge.compare;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * How often the judges fail. Over ten thousand trials, beside another judge, the benchmark's {@code
 * OperatingCharacteristics} says it; here as many as a build has time for.
 */
class RatesTest {

    private static final double ALPHA = 0.01;
    private static final int TRIALS = 1_000;

    /** Four standard errors: a right judge would be above once in thirty thousand runs. */
    private static final double MARGIN = 4 * Math.sqrt(ALPHA * (1 - ALPHA) / TRIALS);

    private enum Distribution {
        NORMAL,
        LOG_NORMAL,
        EXPONENTIAL;

        List<Double> draw(SplittableRandom random, int count) {
            return switch (this) {
                case NORMAL -> Draws.normal(random, count, 100, 10);
                case LOG_NORMAL -> Draws.lognormal(random, count, 0, 1);
                case EXPONENTIAL -> Draws.exponential(random, count);
            };
        }

        double deviation() {
            return switch (this) {
                case NORMAL -> 10;
                case LOG_NORMAL -> Math.sqrt((Math.E - 1) * Math.E);
                case EXPONENTIAL -> 1;
            };
        }
    }

    private static double failing(
            Method method, Distribution distribution, int size, int others, double shift) {
        return failing(method, Direction.EITHER, distribution, size, others, shift);
    }

    private static double failing(
            Method method,
            Direction direction,
            Distribution distribution,
            int size,
            int others,
            double shift) {
        var how = new Comparison(direction, 0, 0, method, ALPHA, 0);
        var random = new SplittableRandom(distribution.name().length() * 100L + size);
        int failed = 0;
        for (int i = 0; i < TRIALS; i++) {
            var canary =
                    distribution.draw(random, size).stream()
                            .map(value -> value + shift * distribution.deviation())
                            .toList();
            var other = distribution.draw(random, others);
            failed +=
                    Comparisons.compare("x", how, new Samples(canary), new Samples(other))
                                    .classification()
                                    .harm()
                            ? 1
                            : 0;
        }
        return (double) failed / TRIALS;
    }

    @ParameterizedTest
    @EnumSource(value = Method.class, names = "PROPORTION", mode = EnumSource.Mode.EXCLUDE)
    void equalSidesFailAtMostAtTheDeclaredRate(Method method) {
        for (Distribution distribution : Distribution.values()) {
            for (int size : List.of(10, 30, 50, 100)) {
                // When
                double rate = failing(method, distribution, size, size, 0);
                // Then
                System.out.printf(
                        "%s, %s, n %d: %.2f %% false alarms%n",
                        method.word(), distribution, size, 100 * rate);
                assertThat(rate)
                        .as("%s, %s, n %d", method.word(), distribution, size)
                        .isLessThanOrEqualTo(ALPHA + MARGIN);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(value = Method.class, names = "PROPORTION", mode = EnumSource.Mode.EXCLUDE)
    void twoStandardDeviationsAtFiftyValuesFail(Method method) {
        for (Distribution distribution : Distribution.values()) {
            // When
            double rate = failing(method, distribution, 50, 50, 2);
            // Then
            assertThat(rate).as("%s, %s", method.word(), distribution).isGreaterThanOrEqualTo(0.99);
        }
    }

    /** Some of the canary's values are ten times the primary's: one pod of several, say. */
    @ParameterizedTest
    @CsvSource({"20, 40, 0.8", "30, 30, 0.9", "30, 50, 0.95", "50, 20, 0.8", "50, 30, 0.99"})
    void harmInLessThanHalfOfTheValuesFails(int size, int percent, double least) {
        var both = new Comparison(Direction.INCREASE, 0.1, 0, Method.RANKS_AND_MEANS, ALPHA, 0);
        var ranks = new Comparison(Direction.INCREASE, 0.1, 0, Method.MANN_WHITNEY, ALPHA, 0);
        var random = new SplittableRandom(size * 100L + percent);
        int slow = size * percent / 100;
        int failed = 0;
        int byRank = 0;
        for (int i = 0; i < TRIALS; i++) {
            List<Double> canary = new ArrayList<>(Draws.normal(random, size - slow, 100, 10));
            canary.addAll(Draws.normal(random, slow, 1_000, 100));
            var some = new Samples(canary);
            var other = new Samples(Draws.normal(random, size, 100, 10));
            failed += Comparisons.compare("x", both, some, other).classification().harm() ? 1 : 0;
            byRank += Comparisons.compare("x", ranks, some, other).classification().harm() ? 1 : 0;
        }
        System.out.printf(
                "%d %% of %d values ten times as high: %.1f %% fail, by rank alone %.1f %%%n",
                percent, size, 100.0 * failed / TRIALS, 100.0 * byRank / TRIALS);
        assertThat((double) failed / TRIALS).isGreaterThanOrEqualTo(least);
    }

    /** Where the rank sum test alone would fail six in a hundred. */
    @ParameterizedTest
    @CsvSource({"10, 100, 3", "10, 100, 5", "50, 50, 5"})
    void moreSpreadAloneIsNoHarmByRank(int size, int others, double times) {
        var how = new Comparison(Direction.EITHER, 0, 0, Method.MANN_WHITNEY, ALPHA, 0);
        var random = new SplittableRandom(11);
        int failed = 0;
        for (int i = 0; i < TRIALS; i++) {
            var canary = new Samples(Draws.normal(random, size, 100, 10 * times));
            var other = new Samples(Draws.normal(random, others, 100, 10));
            // When
            failed += Comparisons.compare("x", how, canary, other).classification().harm() ? 1 : 0;
        }
        // Then
        System.out.printf(
                "spread x %.0f, %d against %d: %.2f %%%n",
                times, size, others, 100.0 * failed / TRIALS);
        assertThat((double) failed / TRIALS).isLessThanOrEqualTo(2 * ALPHA + MARGIN);
    }

    @ParameterizedTest(name = "{0}: {1} of {2}, and of {3}")
    @CsvSource({
        "PROPORTION, 0.001, 1000, 1000",
        "PROPORTION, 0.01, 1000, 1000",
        "PROPORTION, 0.05, 200, 1800",
        "PROPORTION, 0.5, 200, 200",
        "RATIO, 0.01, 1000, 1000",
        "SEQUENTIAL, 0.01, 5000, 5000",
        "SEQUENTIAL, 0.05, 200, 1800",
    })
    void equalSharesFailAtMostAtTheDeclaredRate(Method method, double share, int of, int others) {
        var how = new Comparison(Direction.INCREASE, 0, 0, method, ALPHA, 0);
        var random = new SplittableRandom(5);
        int failed = 0;
        for (int i = 0; i < TRIALS; i++) {
            var canary = new Counts(events(random, share, of), of);
            var other = new Counts(events(random, share, others), others);
            // When
            failed += Comparisons.compare("x", how, canary, other).classification().harm() ? 1 : 0;
        }
        // Then
        System.out.printf(
                "%s, %s of %d and of %d: %.2f %%%n",
                method.word(), share, of, others, 100.0 * failed / TRIALS);
        assertThat((double) failed / TRIALS).isLessThanOrEqualTo(ALPHA + MARGIN);
    }

    /** Asked after every hundred requests, twenty times over: the promise is about all of them. */
    @ParameterizedTest
    @CsvSource({"0.01, 500, 500", "0.05, 100, 900"})
    void sequentialKeepsItsWordOverAllLooks(double share, int canaryStep, int otherStep) {
        var how = new Comparison(Direction.INCREASE, 0, 0, Method.SEQUENTIAL, ALPHA, 0);
        var random = new SplittableRandom(6);
        int failed = 0;
        for (int i = 0; i < TRIALS; i++) {
            double canary = 0;
            double other = 0;
            for (int look = 1; look <= 20; look++) {
                canary += events(random, share, canaryStep);
                other += events(random, share, otherStep);
                // When
                var found =
                        Comparisons.compare(
                                "x",
                                how,
                                new Counts(canary, (double) look * canaryStep),
                                new Counts(other, (double) look * otherStep));
                if (found.classification().harm()) {
                    failed++;
                    break;
                }
            }
        }
        // Then
        assertThat((double) failed / TRIALS).isLessThanOrEqualTo(ALPHA + MARGIN);
    }

    private static double events(SplittableRandom random, double share, int trials) {
        int events = 0;
        for (int i = 0; i < trials; i++) {
            events += random.nextDouble() < share ? 1 : 0;
        }
        return events;
    }
}
