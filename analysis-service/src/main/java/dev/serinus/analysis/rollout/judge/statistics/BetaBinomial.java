package dev.serinus.analysis.rollout.judge.statistics;

/**
 * How strongly k of n events speak against a share of at most p0, at every look (an e-value): the
 * likelihood of shares spread as a Beta(a, b), over that of p0.
 *
 * @param k events of one side, 0 to n
 * @param n events of both
 * @param p0 the share of that side if nothing is wrong, between 0 and 1
 */
public record BetaBinomial(double k, double n, double p0, double a, double b) {

    /** Events that the prior is worth. */
    private static final double PRIOR = 10;

    /** With a prior of ten events around p0. */
    public static BetaBinomial of(double k, double n, double p0) {
        return new BetaBinomial(k, n, p0, PRIOR * p0, PRIOR * (1 - p0));
    }

    /** The logarithm of the e-value against exactly p0. */
    double lnBothWays() {
        return lnAgainst(p0);
    }

    /** The logarithm of the e-value against shares of at most p0. */
    public double lnHigher() {
        return lnBothWays() + Beta.lnAbove(a + k, b + n - k, p0) - Beta.lnAbove(a, b, p0);
    }

    private double lnAgainst(double share) {
        return Beta.lnBeta(a + k, b + n - k)
                - Beta.lnBeta(a, b)
                - (k == 0 ? 0 : k * StrictMath.log(share))
                - (n == k ? 0 : (n - k) * StrictMath.log1p(-share));
    }

    /** The smallest share that is not refuted at this level, at any look. */
    public double lower(double alpha) {
        return k == 0 ? 0 : edge(0, k / n, alpha);
    }

    /** The greatest share that is not refuted at this level, at any look. */
    public double upper(double alpha) {
        return k == n ? 1 : edge(1, k / n, alpha);
    }

    private double edge(double refuted, double likeliest, double alpha) {
        double limit = StrictMath.log(1 / alpha);
        double out = refuted;
        double in = likeliest;
        for (int i = 0; i < 60; i++) {
            double middle = (out + in) / 2;
            if (lnAgainst(middle) >= limit) {
                out = middle;
            } else {
                in = middle;
            }
        }
        return in;
    }
}
