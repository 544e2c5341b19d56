package dev.serinus.analysis.rollout.judge.statistics;

import java.util.Arrays;

/**
 * The rank sum test of Mann, Whitney and Wilcoxon: whether values of x tend to be above those of y.
 * Exact, also with ties, where that is cheap: the chance, over all ways to deal the same values out
 * to both sides, of as high a sum. Else by the normal approximation with ties and continuity.
 */
public final class RankSum {

    /** Additions that an exact distribution may cost; enough for 20 + 20 and for 5 + 100 values. */
    private static final double EXACT_COST = 1_000_000;

    private RankSum() {}

    /**
     * The answer for one pair of samples.
     *
     * @param u pairs in which x is above y; equal ones count one half
     * @param above the chance of so high a u if there is no difference
     * @param below the chance of so low a u
     * @param exact false when the chances are approximate
     */
    public record Answer(double u, double above, double below, boolean exact) {}

    /** Of samples in ascending order, at least one value each. */
    public static Answer test(double[] x, double[] y) {
        Ranks ranks = Ranks.of(x, y);
        return cost(ranks, x.length, y.length) <= EXACT_COST
                ? exact(x.length, y.length, ranks)
                : approximate(x.length, y.length, ranks);
    }

    static Answer approximate(double[] x, double[] y) {
        return approximate(x.length, y.length, Ranks.of(x, y));
    }

    /** The smallest chance that samples of this size can have, all of x being above all of y. */
    public static double least(int m, int n) {
        double chance = 1;
        int few = StrictMath.min(m, n);
        for (int i = 1; i <= few; i++) {
            chance *= (double) i / (StrictMath.max(m, n) + i);
        }
        return chance;
    }

    /**
     * Which difference, counted from either end, bounds the shift at this level: exact where that
     * is cheap, for values without ties.
     *
     * @return from 1; where even 1 does not reach the level, 1
     */
    public static long limit(int m, int n, double level) {
        double[] ordinal = new double[m];
        double[] later = new double[n];
        Arrays.setAll(ordinal, i -> i);
        Arrays.setAll(later, i -> (double) m + i);
        Ranks ranks = Ranks.of(ordinal, later);
        if (cost(ranks, m, n) <= EXACT_COST) {
            return exactLimit(m, n, level, ranks);
        }
        return approximateLimit(m, n, Normal.quantileAbove(level));
    }

    static long approximateLimit(int m, int n, double quantile) {
        double pairs = (double) m * n;
        double wide = quantile * StrictMath.sqrt(pairs * ((double) m + n + 1) / 12);
        return StrictMath.max(1, (long) StrictMath.ceil(pairs / 2 - 0.5 - wide));
    }

    private static long exactLimit(int m, int n, double level, Ranks ranks) {
        double[] ways = ways(StrictMath.min(m, n), ranks);
        double all = Arrays.stream(ways).sum();
        int few = StrictMath.min(m, n);
        int lowest = few * (few + 1);
        double sum = 0;
        // Without ties doubled sums are even, and u rises by one where they rise by two.
        for (int at = lowest; at < ways.length; at += 2) {
            sum += ways[at];
            if (sum / all >= level) {
                return StrictMath.max(1, (at - lowest) / 2);
            }
        }
        throw new IllegalStateException(
                "the chances of all rank sums should add up to 1, but are below " + level);
    }

    private static Answer exact(int m, int n, Ranks ranks) {
        boolean turned = n < m;
        double[] ways = ways(StrictMath.min(m, n), ranks);
        long seen = turned ? sum(ranks.ofY()) : ranks.sumOfX();
        double atMost = 0;
        double atLeast = 0;
        double all = 0;
        for (int at = 0; at < ways.length; at++) {
            all += ways[at];
            atMost += at <= seen ? ways[at] : 0;
            atLeast += at >= seen ? ways[at] : 0;
        }
        double u = (ranks.sumOfX() - (double) m * (m + 1)) / 2;
        double above = (turned ? atMost : atLeast) / all;
        double below = (turned ? atLeast : atMost) / all;
        return new Answer(u, above, below, true);
    }

    private static Answer approximate(int m, int n, Ranks ranks) {
        double pairs = (double) m * n;
        double size = (double) m + n;
        double u = (ranks.sumOfX() - (double) m * ((double) m + 1)) / 2;
        double variance = pairs / 12 * (size + 1 - ranks.ties() / (size * (size - 1)));
        if (!(variance > 0)) {
            return new Answer(u, 1, 1, false);
        }
        double error = StrictMath.sqrt(variance);
        double above = Normal.above((u - pairs / 2 - 0.5) / error);
        double below = Normal.above((pairs / 2 - u - 0.5) / error);
        return new Answer(u, above, below, false);
    }

    /** In how many ways {@code few} of the values have each doubled sum of ranks. */
    private static double[] ways(int few, Ranks ranks) {
        long[] sorted = together(ranks);
        int[] highest = highest(few, sorted);
        double[][] ways = new double[few + 1][highest[few] + 1];
        ways[0][0] = 1;
        int taken = 0;
        for (long each : sorted) {
            int rank = (int) each;
            taken = StrictMath.min(taken + 1, few);
            for (int count = taken; count > 0; count--) {
                double[] with = ways[count];
                double[] without = ways[count - 1];
                for (int sum = highest[count]; sum >= rank; sum--) {
                    with[sum] += without[sum - rank];
                }
            }
        }
        return ways[few];
    }

    private static double cost(Ranks ranks, int m, int n) {
        int few = StrictMath.min(m, n);
        double size = (double) m + n;
        // A bound first, so that large samples are not sorted again for nothing.
        if (few * size > EXACT_COST) {
            return Double.POSITIVE_INFINITY;
        }
        return few * size * highest(few, together(ranks))[few];
    }

    private static int[] highest(int few, long[] sorted) {
        int[] highest = new int[few + 1];
        for (int count = 1; count <= few; count++) {
            double sum = (double) highest[count - 1] + sorted[sorted.length - count];
            if (sum > EXACT_COST) {
                Arrays.fill(highest, count, few + 1, (int) EXACT_COST);
                break;
            }
            highest[count] = (int) sum;
        }
        return highest;
    }

    private static long[] together(Ranks ranks) {
        long[] all = Arrays.copyOf(ranks.ofX(), ranks.ofX().length + ranks.ofY().length);
        System.arraycopy(ranks.ofY(), 0, all, ranks.ofX().length, ranks.ofY().length);
        Arrays.sort(all);
        return all;
    }

    private static long sum(long[] values) {
        return Arrays.stream(values).sum();
    }
}
