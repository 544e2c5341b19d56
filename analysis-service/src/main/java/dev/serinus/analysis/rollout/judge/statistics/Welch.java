package dev.serinus.analysis.rollout.judge.statistics;

/** Degrees of freedom of a combination of two means whose variances differ. */
public final class Welch {

    private Welch() {}

    /**
     * By Welch and Satterthwaite.
     *
     * @param first contribution of the first mean to the variance of the combination
     * @param second that of the second; not both 0
     */
    public static double degrees(double first, int firstSize, double second, int secondSize) {
        // By shares, since squares of small variances vanish.
        double share = first / (first + second);
        double rest = second / (first + second);
        return 1 / (share * share / (firstSize - 1) + rest * rest / (secondSize - 1));
    }
}
