package dev.serinus.analysis.rollout.judge.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import org.assertj.core.data.Offset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Figures of scipy 1.17.1 and of formulas worked out apart from this code. */
class VectorsTest {

    /** The normal quantile of one in a hundred: all intervals of the vectors are of 98 %. */
    private static final double Z = Normal.quantileAbove(0.01);

    private static final MathContext DIGITS = new MathContext(60);

    private static Stream<JsonNode> vectors(String kind) throws IOException {
        try (var file = VectorsTest.class.getResourceAsStream("/judge/vectors.json")) {
            return StreamSupport.stream(
                    new ObjectMapper().readTree(file).get(kind).spliterator(), false);
        }
    }

    static Stream<JsonNode> mw() throws IOException {
        return vectors("mw");
    }

    static Stream<JsonNode> prop() throws IOException {
        return vectors("prop");
    }

    static Stream<JsonNode> sprt() throws IOException {
        return vectors("sprt");
    }

    static Stream<JsonNode> msprt() throws IOException {
        return vectors("msprt");
    }

    static Stream<JsonNode> betabin() throws IOException {
        return vectors("betabin");
    }

    static Stream<JsonNode> ratio() throws IOException {
        return vectors("ratio");
    }

    @ParameterizedTest
    @MethodSource("mw")
    void ranks(JsonNode vector) {
        double[] canary = ascending(vector.get("canary"));
        double[] baseline = ascending(vector.get("baseline"));
        boolean exact = vector.get("method").asText().equals("exact");
        // When
        var answer = exact ? RankSum.test(canary, baseline) : RankSum.approximate(canary, baseline);
        // Then
        boolean up = 2 * answer.u() >= (double) canary.length * baseline.length;
        assertThat(answer.exact()).isEqualTo(exact);
        assertThat(answer.u()).isEqualTo(vector.get("U").asDouble());
        assertThat(up ? answer.above() : answer.below())
                .isCloseTo(of(vector, "p1"), near(vector, "p1"));
        if (vector.has("perm_p1")) {
            assertThat(RankSum.test(canary, baseline).above())
                    .isCloseTo(of(vector, "perm_p1"), near(vector, "perm_p1"));
        }
    }

    @ParameterizedTest
    @MethodSource("mw")
    void shift(JsonNode vector) {
        double[] canary = ascending(vector.get("canary"));
        double[] baseline = ascending(vector.get("baseline"));
        long pairs = (long) canary.length * baseline.length;
        var differences = new Differences(canary, baseline);
        // When
        long k =
                vector.get("method").asText().equals("exact")
                        ? RankSum.limit(canary.length, baseline.length, 0.01)
                        : RankSum.approximateLimit(canary.length, baseline.length, Z);
        // Then
        assertThat(k).isEqualTo(vector.get("k").asLong());
        assertThat(differences.median()).isCloseTo(of(vector, "hl"), within(1e-9));
        assertThat(differences.smallest(k))
                .isCloseTo(vector.get("ci98").get(0).asDouble(), within(1e-9));
        assertThat(differences.smallest(pairs + 1 - k))
                .isCloseTo(vector.get("ci98").get(1).asDouble(), within(1e-9));
    }

    @ParameterizedTest
    @MethodSource("mw")
    void spread(JsonNode vector) {
        double[] canary = ascending(vector.get("canary"));
        double[] baseline = ascending(vector.get("baseline"));
        boolean up = vector.get("cles").asDouble() >= 0.5;
        // When
        var answer = BrunnerMunzel.test(canary, baseline);
        // Then
        assertThat(answer.defined()).isEqualTo(vector.has("bm_p1"));
        if (answer.defined()) {
            assertThat(up ? answer.above() : answer.below())
                    .isCloseTo(of(vector, "bm_p1"), near(vector, "bm_p1"));
        }
    }

    @ParameterizedTest
    @MethodSource("prop")
    void proportions(JsonNode vector) {
        var shares =
                new TwoProportions(
                        of(vector, "err_c"),
                        of(vector, "n_c"),
                        of(vector, "err_b"),
                        of(vector, "n_b"));
        double all = of(vector, "err_c") + of(vector, "err_b");
        // When
        double z = shares.z();
        var limits = shares.differenceLimits(Z);
        // Then
        assertThat(z).isCloseTo(of(vector, "z"), near(vector, "z"));
        assertThat(2 * Normal.above(Math.abs(z))).isCloseTo(of(vector, "p2"), near(vector, "p2"));
        assertThat(Normal.above(z)).isCloseTo(of(vector, "pg"), near(vector, "pg"));
        assertThat(shares.fisherAbove())
                .isCloseTo(of(vector, "fisher_pg"), near(vector, "fisher_pg"));
        assertThat(bothWays(shares, of(vector, "err_c"), all))
                .isCloseTo(of(vector, "fisher_p2"), near(vector, "fisher_p2"));
        assertThat(limits.lower())
                .isCloseTo(vector.get("diff_ci98").get(0).asDouble(), within(1e-8));
        assertThat(limits.upper())
                .isCloseTo(vector.get("diff_ci98").get(1).asDouble(), within(1e-8));
        if (vector.has("rr_ci98")) {
            var ratio = shares.ratioLimits(Z);
            double lower = vector.get("rr_ci98").get(0).asDouble();
            double upper = vector.get("rr_ci98").get(1).asDouble();
            assertThat(ratio.lower()).isCloseTo(lower, within(1e-6 * lower));
            assertThat(ratio.upper()).isCloseTo(upper, within(1e-6 * upper));
        }
        assertThat(binomial(of(vector, "err_c"), all, shares))
                .isCloseTo(of(vector, "cond_pg"), near(vector, "cond_pg"));
    }

    /** The chance of all divisions of the events that are no likelier than the one seen. */
    private static double bothWays(TwoProportions shares, double seen, double all) {
        double limit = chance(shares, seen, all) * (1 + 1e-7);
        double sum = 0;
        for (double k = 0; k <= all; k++) {
            double chance = chance(shares, k, all);
            sum += chance <= limit ? chance : 0;
        }
        return sum;
    }

    private static double chance(TwoProportions shares, double k, double all) {
        return atLeast(shares, k, all) - (k == all ? 0 : atLeast(shares, k + 1, all));
    }

    private static double atLeast(TwoProportions shares, double k, double all) {
        return new TwoProportions(k, shares.trials(), all - k, shares.otherTrials()).fisherAbove();
    }

    /** Beside products of whole numbers with 60 digits. */
    @ParameterizedTest(name = "{0} of {1} beside {2} of twice as many")
    @CsvSource({
        "5, 1e3, 1", "5, 1e6, 1", "5, 1e9, 1", "5, 1e12, 1", "5, 4e15, 1", "30, 1e9, 12",
        "30, 4e15, 12", "1, 4e15, 1", "60, 1e9, 40", "60, 4e15, 40", "0, 4e15, 3", "3, 4e15, 0"
    })
    void manyTrialsTakeNoDigit(double events, double trials, double others) {
        double expected = hypergeometric(events, trials, others, 2 * trials);
        // When
        double above = new TwoProportions(events, trials, others, 2 * trials).above();
        // Then
        assertThat(above).isCloseTo(expected, within(1e-12 * expected));
    }

    private static double hypergeometric(double e, double trials, double others, double of) {
        int all = (int) (e + others);
        BigDecimal sum = BigDecimal.ZERO;
        for (int k = (int) e; k <= all; k++) {
            BigDecimal chance = BigDecimal.ONE;
            for (int i = 0; i < all; i++) {
                double left = i < k ? trials - i : of - (i - k);
                chance =
                        chance.multiply(new BigDecimal(left), DIGITS)
                                .divide(new BigDecimal(trials + of - i), DIGITS);
            }
            for (int i = 0; i < k; i++) {
                chance =
                        chance.multiply(BigDecimal.valueOf(all - i), DIGITS)
                                .divide(BigDecimal.valueOf(i + 1), DIGITS);
            }
            sum = sum.add(chance);
        }
        return sum.doubleValue();
    }

    /** By the recurrence from one that is told exactly: B(a, b + 1) = B(a, b) b / (a + b). */
    @ParameterizedTest
    @CsvSource({"3.5, 20", "14.9, 15.1", "40, 300", "2, 1e6"})
    void theBetaFunctionOfLargeNumbersHasAllDigits(double a, double b) {
        double next = Beta.lnBeta(a, b) + Math.log(b / (a + b));
        // When
        double found = Beta.lnBeta(a, b + 1);
        // Then
        assertThat(found).isCloseTo(next, within(1e-13 * Math.abs(next)));
        assertThat(Beta.lnBeta(1, b)).isCloseTo(-Math.log(b), within(1e-13 * Math.log(b)));
        assertThat(Beta.lnBeta(2, 4e15)).isCloseTo(-2 * Math.log(4e15), within(1e-12));
    }

    /** The chance of so many of all events at the canary, by the beta distribution. */
    private static double binomial(double seen, double all, TwoProportions shares) {
        double share = shares.trials() / (shares.trials() + shares.otherTrials());
        return seen == 0 ? 1 : Math.exp(Beta.lnBelow(seen, all - seen + 1, share));
    }

    @ParameterizedTest
    @MethodSource("sprt")
    void wald(JsonNode vector) {
        var test =
                new Sprt(
                        of(vector, "p0"),
                        vector.get("id").asText().equals("s1") ? 2.0 / 3 : of(vector, "p1"),
                        of(vector, "alpha"),
                        of(vector, "beta"));
        // When
        double a = test.harmAt();
        double b = test.safeAt();
        // Then
        assertThat(a).isCloseTo(of(vector, "lnA"), near(vector, "lnA"));
        assertThat(b).isCloseTo(of(vector, "lnB"), near(vector, "lnB"));
        assertThat(test.onEvent()).isCloseTo(of(vector, "on_error"), near(vector, "on_error"));
        assertThat(test.onNone()).isCloseTo(of(vector, "on_ok"), near(vector, "on_ok"));
        assertThat((test.alpha() * a + (1 - test.alpha()) * b) / test.sum(test.harmless(), 1))
                .isCloseTo(of(vector, "asn0"), within(1e-3));
        assertThat(((1 - test.beta()) * a + test.beta() * b) / test.sum(test.harmful(), 1))
                .isCloseTo(of(vector, "asn1"), within(1e-3));
    }

    @ParameterizedTest
    @MethodSource("msprt")
    void mixture(JsonNode vector) {
        double variance =
                of(vector, "sd_c") * of(vector, "sd_c") / of(vector, "n_c")
                        + of(vector, "sd_b") * of(vector, "sd_b") / of(vector, "n_b");
        // When
        var test =
                new NormalMixture(
                        of(vector, "mean_c") - of(vector, "mean_b"), variance, of(vector, "tau"));
        // Then
        assertThat(variance).isCloseTo(of(vector, "V"), near(vector, "V"));
        assertThat(test.lnLikelihood()).isCloseTo(of(vector, "lnLambda"), near(vector, "lnLambda"));
        assertThat(test.p()).isCloseTo(of(vector, "p"), near(vector, "p"));
        assertThat(test.halfWidth(of(vector, "alpha")))
                .isCloseTo(of(vector, "halfwidth"), near(vector, "halfwidth"));
    }

    @ParameterizedTest
    @MethodSource("betabin")
    void evidence(JsonNode vector) {
        // When
        var test = BetaBinomial.of(of(vector, "k"), of(vector, "n"), of(vector, "p0"));
        // Then
        assertThat(test.a()).isEqualTo(of(vector, "a"));
        assertThat(test.b()).isEqualTo(of(vector, "b"));
        assertThat(test.lnBothWays()).isCloseTo(of(vector, "ln2"), near(vector, "ln2"));
        assertThat(test.lnHigher()).isCloseTo(of(vector, "ln1"), near(vector, "ln1"));
        assertThat(Math.exp(-test.lnHigher())).isCloseTo(of(vector, "p1"), near(vector, "p1"));
    }

    @ParameterizedTest
    @MethodSource("ratio")
    void means(JsonNode vector) {
        var canary = Moments.of(ascending(vector.get("canary")));
        var baseline = Moments.of(ascending(vector.get("baseline")));
        // When
        var logarithm = RatioOfMeans.byLogarithm(canary, baseline, Z);
        var fieller = RatioOfMeans.byFieller(canary, baseline, Z);
        // Then
        assertThat(canary.mean() / baseline.mean())
                .isCloseTo(of(vector, "ratio"), near(vector, "ratio"));
        assertThat(RatioOfMeans.logError(canary, baseline))
                .isCloseTo(of(vector, "se_ln"), near(vector, "se_ln"));
        assertThat(List.of(logarithm.lower(), logarithm.upper(), fieller.lower(), fieller.upper()))
                .zipSatisfy(
                        List.of(
                                vector.get("log_ci98").get(0).asDouble(),
                                vector.get("log_ci98").get(1).asDouble(),
                                vector.get("fieller_ci98").get(0).asDouble(),
                                vector.get("fieller_ci98").get(1).asDouble()),
                        (ours, theirs) -> assertThat(ours).isCloseTo(theirs, within(1e-7)));
    }

    private static double of(JsonNode vector, String field) {
        return vector.get(field).asDouble();
    }

    private static Offset<Double> near(JsonNode vector, String field) {
        // Vectors have eight digits, and 5.5e-05 fewer.
        double slack = vector.get(field).asText().length() < 8 ? 1e-4 : 1e-7;
        return within(Math.abs(of(vector, field)) * slack + 1e-15);
    }

    private static double[] ascending(JsonNode values) {
        return StreamSupport.stream(values.spliterator(), false)
                .mapToDouble(JsonNode::asDouble)
                .sorted()
                .toArray();
    }
}
