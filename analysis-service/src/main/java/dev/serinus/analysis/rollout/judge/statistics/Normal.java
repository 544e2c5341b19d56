package dev.serinus.analysis.rollout.judge.statistics;

/** The standard normal distribution, also far out in its tails. */
public final class Normal {

    private static final double ROOT_2 = StrictMath.sqrt(2);
    private static final double ROOT_PI = StrictMath.sqrt(StrictMath.PI);
    private static final double ROOT_2PI = StrictMath.sqrt(2 * StrictMath.PI);
    private static final int TERMS = 500;

    private Normal() {}

    /** The chance of a value above z; 1e-12 relative down to the smallest doubles. */
    public static double above(double z) {
        double x = z / ROOT_2;
        return x >= 0 ? 0.5 * complement(x) : 1 - 0.5 * complement(-x);
    }

    /**
     * The z above which there is a share {@code p} of the distribution.
     *
     * @param p above 0 and below 1
     */
    public static double quantileAbove(double p) {
        if (!(p > 0 && p < 1)) {
            throw new IllegalArgumentException("a share must be between 0 and 1, was " + p);
        }
        if (p > 0.5) {
            return -quantileAbove(1 - p);
        }
        // Abramowitz and Stegun 26.2.23 as the start, then Halley's steps, each trebling the
        // digits.
        double t = StrictMath.sqrt(-2 * StrictMath.log(p));
        double z =
                t
                        - (2.515517 + t * (0.802853 + t * 0.010328))
                                / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
        for (int i = 0; i < 3; i++) {
            double density = StrictMath.exp(-z * z / 2) / ROOT_2PI;
            double step = (above(z) - p) / density;
            z += step / (1 - z * step / 2);
        }
        return z;
    }

    /** erfc for x of at least 0. */
    private static double complement(double x) {
        return x < 2 ? 1 - series(x) : fraction(x);
    }

    private static double series(double x) {
        double term = x;
        double sum = x;
        for (int n = 1; n < TERMS && term > sum * 1e-18; n++) {
            term *= 2 * x * x / (2 * n + 1);
            sum += term;
        }
        return 2 / ROOT_PI * StrictMath.exp(-x * x) * sum;
    }

    private static double fraction(double x) {
        double below = x;
        for (int n = 120; n > 0; n--) {
            below = x + n / 2.0 / below;
        }
        return StrictMath.exp(-x * x) / ROOT_PI / below;
    }
}
