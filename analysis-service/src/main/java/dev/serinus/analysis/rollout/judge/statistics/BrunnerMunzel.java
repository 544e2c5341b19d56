package dev.serinus.analysis.rollout.judge.statistics;

/**
 * The test of Brunner and Munzel: as the rank sum test, but right also where one side spreads more
 * than the other.
 */
public final class BrunnerMunzel {

    private BrunnerMunzel() {}

    /**
     * The answer for one pair of samples.
     *
     * @param above the chance of x being so much above y if neither tends to be above
     * @param below the chance of x being so much below
     * @param defined false where the sides do not overlap, or all is equal: then there is no spread
     *     to measure by, and both chances are 1
     */
    public record Answer(double above, double below, boolean defined) {}

    /** Of samples in ascending order, at least two values each. */
    public static Answer test(double[] x, double[] y) {
        Ranks ranks = Ranks.of(x, y);
        int m = x.length;
        int n = y.length;
        double meanX = mean(ranks.ofX());
        double meanY = mean(ranks.ofY());
        double a = m * spread(x, ranks.ofX(), meanX);
        double b = n * spread(y, ranks.ofY(), meanY);
        if (!(a + b > 0)) {
            return new Answer(1, 1, false);
        }
        double t = (double) m * n * (meanX - meanY) / (((double) m + n) * StrictMath.sqrt(a + b));
        double degrees = Welch.degrees(a, m, b, n);
        return new Answer(StudentT.above(t, degrees), StudentT.above(-t, degrees), true);
    }

    private static double mean(long[] doubled) {
        double sum = 0;
        for (long rank : doubled) {
            sum += rank;
        }
        return sum / 2 / doubled.length;
    }

    /** How much the ranks in the union, less those among their own, vary. */
    private static double spread(double[] own, long[] doubled, double mean) {
        long[] inside = Ranks.of(own, new double[0]).ofX();
        double squares = 0;
        for (int i = 0; i < own.length; i++) {
            double off = (doubled[i] - inside[i]) / 2.0 - mean + (own.length + 1) / 2.0;
            squares += off * off;
        }
        return squares / (own.length - 1);
    }
}
