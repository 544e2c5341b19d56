package dev.serinus.analysis.rollout.judge.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;

class ComparisonsTest {

    private static Comparison how(Method method, Direction direction, double tolerance) {
        return new Comparison(direction, tolerance, 0, method, 0.01, 0);
    }

    private static Samples samples(double... values) {
        return new Samples(DoubleStream.of(values).boxed().toList());
    }

    private static Samples constant(double value, int count) {
        return new Samples(Collections.nCopies(count, value));
    }

    /** Values that look like measurements, always the same. */
    private static Samples around(double mean, double deviation, int count) {
        return new Samples(Draws.normal(new SplittableRandom(count), count, mean, deviation));
    }

    private static Samples times(Samples samples, double factor) {
        return new Samples(samples.values().stream().map(value -> value * factor).toList());
    }

    private static Compared compare(Comparison how, Side canary, Side other) {
        return Comparisons.compare("latency", how, canary, other);
    }

    // The three answers.

    @ParameterizedTest
    @EnumSource(value = Method.class, names = "PROPORTION", mode = EnumSource.Mode.EXCLUDE)
    void harmIsShownInItsDirectionOnly(Method method) {
        var fast = around(100, 5, 60);
        var slow = around(150, 5, 61);
        // When
        var rise = compare(how(method, Direction.INCREASE, 0.1), slow, fast);
        var fall = compare(how(method, Direction.INCREASE, 0.1), fast, slow);
        var unwanted = compare(how(method, Direction.DECREASE, 0.1), fast, slow);
        var either = compare(how(method, Direction.EITHER, 0.1), fast, slow);
        // Then
        assertThat(rise.classification()).isEqualTo(Classification.HIGH);
        assertThat(fall.classification()).isEqualTo(Classification.PASS);
        assertThat(unwanted.classification()).isEqualTo(Classification.LOW);
        assertThat(either.classification()).isEqualTo(Classification.LOW);
    }

    @ParameterizedTest
    @EnumSource(value = Method.class, names = "PROPORTION", mode = EnumSource.Mode.EXCLUDE)
    void whatIsToleratedIsNoHarm(Method method) {
        var fast = around(100, 1, 60);
        var slower = around(108, 1, 61);
        // When
        var tolerant = compare(how(method, Direction.INCREASE, 0.1), slower, fast);
        var strict = compare(how(method, Direction.INCREASE, 0.05), slower, fast);
        // Then
        assertThat(tolerant.classification()).isEqualTo(Classification.PASS);
        assertThat(strict.classification()).isEqualTo(Classification.HIGH);
    }

    @ParameterizedTest
    @EnumSource(value = Method.class, names = "PROPORTION", mode = EnumSource.Mode.EXCLUDE)
    void harmHasToExceedTheFloorToo(Method method) {
        var fast = around(5, 0.1, 60);
        var slow = around(10, 0.1, 61);
        // When
        var small = new Comparison(Direction.INCREASE, 0.1, 20, method, 0.01, 0);
        var large = new Comparison(Direction.INCREASE, 0.1, 2, method, 0.01, 0);
        // Then
        assertThat(compare(small, slow, fast).classification()).isEqualTo(Classification.PASS);
        assertThat(compare(large, slow, fast).classification()).isEqualTo(Classification.HIGH);
    }

    @Test
    void theSentenceSaysHowMuchAndHowCertain() {
        var canary = samples(118, 125, 131, 109, 140, 122, 127, 135);
        var primary = samples(101, 97, 110, 105, 99, 104, 112, 95);
        // When
        var found =
                compare(
                        new Comparison(Direction.INCREASE, 0.1, 0, Method.RATIO, 0.01, 8),
                        canary,
                        primary);
        // Then
        assertThat(found.effect()).isCloseTo(1.2235723, within(1e-7));
        assertThat(found.classification()).isEqualTo(Classification.HIGH);
        assertThat(found.because())
                .isEqualTo(
                        "latency of the canary is 22.4 % above the primary's (98 % interval 11.7 %"
                                + " to 34.1 %, tolerance 10 %)");
    }

    @Test
    void theOtherSideIsCalledByItsName() {
        var how = how(Method.MANN_WHITNEY, Direction.EITHER, 0);
        // When
        var found =
                Comparisons.compare("latency", how, constant(2, 20), "baseline", constant(1, 20));
        // Then
        assertThat(found.because())
                .isEqualTo(
                        "latency of the canary is 100 % above the baseline's (99 % interval 100 %"
                                + " to 100 %, tolerance 0 %)");
    }

    // Too little.

    @ParameterizedTest
    @EnumSource(value = Method.class, names = "PROPORTION", mode = EnumSource.Mode.EXCLUDE)
    void aSilentSideIsNoDataAndNeverAPass(Method method) {
        var some = around(100, 5, 60);
        var how = how(method, Direction.EITHER, 0.1);
        // When
        var canary = compare(how, samples(), some);
        var other = compare(how, some, samples(Double.NaN, Double.POSITIVE_INFINITY));
        var both = compare(how, samples(), samples());
        // Then
        assertThat(List.of(canary, other, both))
                .extracting(Compared::classification)
                .containsOnly(Classification.NODATA);
        assertThat(List.of(canary, other, both))
                .extracting(Compared::because)
                .containsExactly(
                        "latency has no values of the canary",
                        "latency has no values of the primary; 2 that are no finite numbers were"
                                + " left out",
                        "latency has no values of either side");
    }

    @ParameterizedTest
    @CsvSource({"RATIO, 10", "MANN_WHITNEY, 10", "RANKS_AND_MEANS, 10", "SEQUENTIAL, 30"})
    void tooFewSamplesAreUndecided(Method method, int least) {
        var how = how(method, Direction.INCREASE, 0.1);
        // When
        var few = compare(how, constant(9, least - 1), constant(9, 100));
        var enough = compare(how, constant(9, least), constant(9, 100));
        // Then
        assertThat(few.classification()).isEqualTo(Classification.UNDECIDED);
        assertThat(few.because())
                .isEqualTo(
                        "latency has %d values of the canary and 100 of the primary; %d of each"
                                + " are needed",
                        least - 1, least);
        assertThat(enough.classification()).isEqualTo(Classification.PASS);
    }

    @Test
    void ranksTooFewToShowAnythingAreUndecidedWhateverTheMinimum() {
        var how = new Comparison(Direction.INCREASE, 0, 0, Method.MANN_WHITNEY, 0.01, 1);
        // When
        var four = compare(how, samples(5, 6, 7, 8), samples(1, 2, 3, 4));
        var five = compare(how, samples(6, 7, 8, 9, 10), samples(1, 2, 3, 4, 5));
        // Then
        assertThat(four.classification()).isEqualTo(Classification.UNDECIDED);
        assertThat(five.classification()).isEqualTo(Classification.HIGH);
        assertThat(five.p()).isCloseTo(1.0 / 252, within(1e-12));
    }

    // Counts.

    @ParameterizedTest(name = "{0} of {1} against {2} of {3}: {4}")
    @CsvSource({
        "30, 1000, 12, 1000, HIGH",
        "5, 200, 1, 1800, HIGH",
        "0, 500, 4, 500, PASS",
        "620, 50000, 540, 50000, PASS",
        "0, 99, 0, 5000, UNDECIDED",
        "2, 1000, 0, 1000, PASS",
        "20, 20, 0, 500, HIGH",
        "5, 10, 0, 500, UNDECIDED",
        "0, 0, 3, 500, NODATA",
        "1, NaN, 3, 500, NODATA",
        "-1, 500, 3, 500, NODATA",
        "499.7, 499.4, 3, 500, HIGH",
        "0, 1e9, 0, 1e9, PASS",
        "1.2e6, 1e9, 1e6, 1e9, HIGH",
    })
    void proportions(
            double events, double trials, double others, double of, Classification expected) {
        var how = how(Method.PROPORTION, Direction.INCREASE, 0.1);
        // When
        var found = compare(how, new Counts(events, trials), new Counts(others, of));
        // Then
        assertThat(found.classification()).isEqualTo(expected);
    }

    @Test
    void proportionsAreToldAsPercentages() {
        var how = new Comparison(Direction.INCREASE, 0.1, 0.001, Method.PROPORTION, 0.01, 0);
        // When
        var found =
                Comparisons.compare("errors", how, new Counts(30, 1_000), new Counts(12, 1_000));
        // Then
        assertThat(found.because())
                .isEqualTo(
                        "errors of the canary is 3 % against 1.2 % of the primary (difference 1.8"
                                + " %, 98 % interval 0.295 % to 3.44 %, tolerance 10 % and 0.001)");
    }

    @ParameterizedTest(name = "{0} of {1} against {2} of {3}: {4}")
    @CsvSource({
        "0, 50, 0, 50, UNDECIDED",
        "0, 1000, 0, 1000, PASS",
        "3, 1000, 3, 1000, UNDECIDED",
        "60, 10000, 60, 10000, PASS",
        "30, 1000, 5, 1000, HIGH",
        "38, 1000, 14, 1000, UNDECIDED",
        "8, 20, 0, 20, UNDECIDED",
        "16, 20, 0, 20, HIGH",
    })
    void sequentialCountsEndBothWays(
            double events, double trials, double others, double of, Classification expected) {
        var how = how(Method.SEQUENTIAL, Direction.INCREASE, 0.1);
        // When
        var found = compare(how, new Counts(events, trials), new Counts(others, of));
        // Then
        assertThat(found.classification()).isEqualTo(expected);
    }

    @Test
    void sequentialCountsMayFallToo() {
        var how = how(Method.SEQUENTIAL, Direction.EITHER, 0.1);
        // When
        var found = compare(how, new Counts(5, 1_000), new Counts(60, 1_000));
        // Then
        assertThat(found.classification()).isEqualTo(Classification.LOW);
    }

    @ParameterizedTest
    @CsvSource({
        "PROPORTION, false, true",
        "MANN_WHITNEY, true, false",
        "RANKS_AND_MEANS, true, false"
    })
    void aMethodSaysWhatItCompares(Method method, boolean ofSamples, boolean ofCounts) {
        var values = samples(1, 2);
        var counts = new Counts(1, 2);
        assertThat(method.compares(values, values)).isEqualTo(ofSamples);
        assertThat(method.compares(counts, counts)).isEqualTo(ofCounts);
        assertThat(method.compares(values, counts)).isFalse();
        assertThatThrownBy(() -> compare(how(method, Direction.EITHER, 0), values, counts))
                .hasMessage(
                        "latency: %s does not compare samples with counts of events and trials",
                        method.word());
    }

    // Values that are not as one would like.

    @ParameterizedTest
    @EnumSource(value = Method.class, names = "PROPORTION", mode = EnumSource.Mode.EXCLUDE)
    void constantSidesAreComparedAsTheyAre(Method method) {
        var how = how(method, Direction.EITHER, 0.1);
        // When
        var equal = compare(how, constant(0.3, 40), constant(0.3, 40));
        var atTolerance = compare(how, constant(0.33, 40), constant(0.3, 40));
        var above = compare(how, constant(0.34, 40), constant(0.3, 40));
        var below = compare(how, constant(0.2, 40), constant(0.3, 40));
        var zero = compare(how, constant(-0.0, 40), constant(0.0, 40));
        var risen = compare(how, constant(5, 40), constant(0, 40));
        // Then
        assertThat(equal.classification()).isEqualTo(Classification.PASS);
        assertThat(atTolerance.classification()).isNotIn(Classification.HIGH, Classification.LOW);
        assertThat(above.classification()).isEqualTo(Classification.HIGH);
        assertThat(below.classification()).isEqualTo(Classification.LOW);
        assertThat(zero.classification()).isEqualTo(Classification.PASS);
        assertThat(risen.classification()).isEqualTo(Classification.HIGH);
    }

    @ParameterizedTest
    @EnumSource(value = Method.class, names = "PROPORTION", mode = EnumSource.Mode.EXCLUDE)
    void theLastBitOfARoundedValueIsNoHarm(Method method) {
        var how = how(method, Direction.EITHER, 0);
        List<Double> mixed = new ArrayList<>(Collections.nCopies(35, 0.1 + 0.2));
        mixed.addAll(Collections.nCopies(5, 0.3));
        // When
        var all = compare(how, constant(0.1 + 0.2, 40), constant(0.3, 40));
        var most = compare(how, new Samples(mixed), constant(0.3, 40));
        // Then
        assertThat(all.classification().harm()).isFalse();
        assertThat(most.classification().harm()).isFalse();
    }

    @ParameterizedTest
    @EnumSource(value = Method.class, names = "PROPORTION", mode = EnumSource.Mode.EXCLUDE)
    void whatIsNoFiniteNumberIsLeftOutAndCounted(Method method) {
        var fast = around(100, 5, 60);
        List<Double> with = new ArrayList<>(around(150, 5, 61).values());
        var how = how(method, Direction.INCREASE, 0.1);
        var without = compare(how, new Samples(with), fast);
        with.addAll(17, List.of(Double.NaN, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY));
        // When
        var found = compare(how, new Samples(with), fast);
        // Then
        assertThat(found.because())
                .isEqualTo(without.because() + "; 3 that are no finite numbers were left out");
        assertThat(found.p()).isEqualTo(without.p());
        assertThat(found.canarySamples()).isEqualTo(61);
    }

    @ParameterizedTest(name = "{0} of {1}")
    @CsvSource({"-1, 1000", "5, -1000", "NaN, 1000", "Infinity, 1000", "5, 1e300"})
    void whatIsNoCountIsNoDataAndSaysSo(double events, double trials) {
        for (Method method : List.of(Method.RATIO, Method.PROPORTION, Method.SEQUENTIAL)) {
            var how = how(method, Direction.INCREASE, 0.1);
            // When
            var ofCanary = compare(how, new Counts(events, trials), new Counts(1, 1_000));
            var ofOther = compare(how, new Counts(1, 1_000), new Counts(events, trials));
            // Then
            assertThat(ofCanary.classification()).isEqualTo(Classification.NODATA);
            assertThat(ofCanary.because()).endsWith("of the canary, which are no counts");
            assertThat(ofOther.classification()).isEqualTo(Classification.NODATA);
            assertThat(ofOther.because()).endsWith("of the primary, which are no counts");
        }
    }

    @ParameterizedTest
    @EnumSource(value = Method.class, names = "PROPORTION", mode = EnumSource.Mode.EXCLUDE)
    void aCanaryOutOfAllProportionIsHarm(Method method) {
        var how = how(method, Direction.INCREASE, 0.1);
        // When
        var constant = compare(how, constant(1e308, 40), around(1.2, 0.5, 41));
        var varied = compare(how, times(around(1, 0.1, 40), 1e307), around(1.2, 0.5, 41));
        var small = compare(how, around(1.2, 0.1, 40), constant(1e-320, 41));
        // Then
        // A sequential test looks for differences of about the tolerance, and never passes others.
        assertThat(List.of(constant, varied, small))
                .extracting(Compared::classification)
                .containsOnly(
                        method == Method.SEQUENTIAL
                                ? Classification.UNDECIDED
                                : Classification.HIGH);
    }

    /** Whatever is measured there is an answer, which order does not change. */
    @Test
    void oddValuesAreJudgedLikeAllOthers() {
        double[] odd = {
            0,
            -0.0,
            1,
            -1,
            100,
            0.1 + 0.2,
            1e-320,
            Double.MIN_VALUE,
            1e-30,
            1e30,
            1e308,
            -Double.MAX_VALUE,
            Double.MAX_VALUE,
            Double.NaN,
            Double.POSITIVE_INFINITY
        };
        double[] counts = {0, 0.4, 1, 5, 99, 1e3, 1e9, 1e15, 1e300, -1, Double.NaN};
        var directions = List.of(Direction.values());
        var methods = List.of(Method.values());
        for (int seed = 0; seed < 5_000; seed++) {
            var random = new SplittableRandom(seed);
            var how =
                    new Comparison(
                            directions.get(random.nextInt(directions.size())),
                            new double[] {0, 0.1, 100}[random.nextInt(3)],
                            new double[] {0, 1e-300, 1e6}[random.nextInt(3)],
                            methods.get(random.nextInt(methods.size())),
                            new double[] {0.01, 1e-6}[random.nextInt(2)],
                            2 * random.nextInt(2));
            boolean counted = !how.method().isByRank() && random.nextBoolean();
            boolean ofCounts = counted || how.method() == Method.PROPORTION;
            var canary = ofCounts ? drawnCounts(random, counts) : drawn(random, odd);
            var other = ofCounts ? drawnCounts(random, counts) : drawn(random, odd);
            // When
            var found = compare(how, canary, other);
            var again = compare(how, shuffled(random, canary), shuffled(random, other));
            var same = compare(how, canary, canary);
            // Then
            assertThat(found.p()).as("seed %d: %s", seed, found).isBetween(0.0, 1.0);
            assertThat(again).as("seed %d", seed).isEqualTo(found);
            assertThat(same.classification().harm()).as("seed %d: %s", seed, same).isFalse();
        }
    }

    private static Counts drawnCounts(SplittableRandom random, double[] from) {
        return new Counts(from[random.nextInt(from.length)], from[random.nextInt(from.length)]);
    }

    private static Samples drawn(SplittableRandom random, double[] from) {
        boolean few = random.nextBoolean();
        double usual = random.nextGaussian();
        return new Samples(
                DoubleStream.generate(
                                () ->
                                        few && random.nextInt(4) > 0
                                                ? usual
                                                : from[random.nextInt(from.length)])
                        .limit(random.nextInt(25))
                        .boxed()
                        .toList());
    }

    private static Side shuffled(SplittableRandom random, Side side) {
        return side instanceof Samples samples
                ? new Samples(Draws.shuffled(random, samples.values()))
                : side;
    }

    @ParameterizedTest
    @EnumSource(value = Method.class, names = "PROPORTION", mode = EnumSource.Mode.EXCLUDE)
    void negativeMeansAreCompared(Method method) {
        var how = how(method, Direction.INCREASE, 0.1);
        // When
        var better = compare(how, around(-150, 5, 60), around(-100, 5, 61));
        var worse = compare(how, around(-50, 5, 60), around(-100, 5, 61));
        var tolerable = compare(how, around(-96, 5, 60), around(-100, 5, 61));
        // Then
        assertThat(better.classification()).isEqualTo(Classification.PASS);
        assertThat(worse.classification()).isEqualTo(Classification.HIGH);
        assertThat(tolerable.classification()).isNotEqualTo(Classification.HIGH);
    }

    @Test
    void twoModesOfWhichTheSlowOneTakesHalfAreHarm() {
        // Half of the canary's values are ten times as slow.
        var primary = around(100, 10, 50);
        List<Double> half = new ArrayList<>(around(100, 10, 25).values());
        half.addAll(around(1_000, 100, 26).values());
        // When
        var found =
                compare(
                        how(Method.MANN_WHITNEY, Direction.INCREASE, 0.05),
                        new Samples(half),
                        primary);
        // Then
        assertThat(found.classification()).isEqualTo(Classification.HIGH);
    }

    @Test
    void harmInAThirdOfTheValuesIsShownByTheirMean() {
        var primary = around(100, 10, 50);
        List<Double> third = new ArrayList<>(around(100, 10, 34).values());
        third.addAll(around(1_000, 100, 17).values());
        // When
        var both =
                compare(
                        how(Method.RANKS_AND_MEANS, Direction.INCREASE, 0.05),
                        new Samples(third),
                        primary);
        var byRank =
                compare(
                        how(Method.MANN_WHITNEY, Direction.INCREASE, 0.05),
                        new Samples(third),
                        primary);
        // Then
        assertThat(byRank.classification()).isEqualTo(Classification.PASS);
        assertThat(both.classification()).isEqualTo(Classification.HIGH);
        assertThat(both.because()).startsWith("the mean of latency of the canary is ");
        assertThat(both.effect()).isGreaterThan(2);
    }

    @Test
    void whatIsShownByRankIsToldByRank() {
        var how = how(Method.RANKS_AND_MEANS, Direction.INCREASE, 0.05);
        // When
        var found = compare(how, around(150, 5, 60), around(100, 5, 60));
        // Then
        assertThat(found.classification()).isEqualTo(Classification.HIGH);
        assertThat(found.because()).startsWith("latency of the canary is ");
        assertThat(found.method()).isEqualTo(Method.RANKS_AND_MEANS);
    }

    @Test
    void aHundredThousandValuesAreCompared() {
        var many = around(100, 10, 100_000);
        var more = around(100.5, 10, 100_001);
        // When
        var found = compare(how(Method.MANN_WHITNEY, Direction.INCREASE, 0), more, many);
        // Then
        assertThat(found.classification()).isEqualTo(Classification.HIGH);
        assertThat(found.effect()).isCloseTo(0.5, within(0.15));
    }

    // What must not matter.

    @ParameterizedTest
    @EnumSource(value = Method.class, names = "PROPORTION", mode = EnumSource.Mode.EXCLUDE)
    void orderChangesNoBit(Method method) {
        var random = new SplittableRandom(7);
        for (int i = 0; i < 50; i++) {
            var canary = Draws.lognormal(random, 40, 0, 1);
            var other = Draws.lognormal(random, 45, 0, 1);
            var how = how(method, Direction.EITHER, 0.05);
            var expected = compare(how, new Samples(canary), new Samples(other));
            // When
            var again =
                    compare(
                            how,
                            new Samples(Draws.shuffled(random, canary)),
                            new Samples(Draws.shuffled(random, other)));
            // Then
            assertThat(again).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @EnumSource(value = Method.class, names = "PROPORTION", mode = EnumSource.Mode.EXCLUDE)
    void scaleChangesNoAnswer(Method method) {
        var random = new SplittableRandom(8);
        for (int i = 0; i < 20; i++) {
            var canary = new Samples(Draws.lognormal(random, 40, 0.3, 0.5));
            var other = new Samples(Draws.lognormal(random, 40, 0, 0.5));
            var how = how(method, Direction.EITHER, 0.05);
            var expected = compare(how, canary, other);
            for (double factor : Arrays.asList(1e-200, 1e-9, 0.125, 1_000.0, 1e200)) {
                // When
                var scaled = compare(how, times(canary, factor), times(other, factor));
                // Then
                assertThat(scaled.classification()).isEqualTo(expected.classification());
                assertThat(scaled.p()).isCloseTo(expected.p(), within(1e-9));
                if (factor == 0.125) {
                    assertThat(scaled.p()).isEqualTo(expected.p());
                }
            }
        }
    }

    @Test
    void settingsOutOfRangeAreRefusedTogether() {
        assertThatThrownBy(
                        () ->
                                new Comparison(
                                        Direction.EITHER, -1, Double.NaN, Method.RATIO, 0.5, -3))
                .hasMessage(
                        "tolerance must be 0 or more, was -1.0; floor must be 0 or more, was NaN;"
                                + " alpha must be above 0 and below 0.5, was 0.5; minimumSamples"
                                + " must be 0 or more, was -3");
    }
}
