package dev.serinus.analysis.rollout.judge.statistics;

/** The beta function and distribution; logarithms where values would be too small. */
public final class Beta {

    private static final double LN_ROOT_2PI = 0.5 * StrictMath.log(2 * StrictMath.PI);

    /** From here on Stirling's formula with what is left has all digits. */
    private static final double LARGE = 15;

    private static final double TINY = 1e-300;
    private static final int TERMS = 100_000;

    private Beta() {}

    /** The logarithm of the gamma function, for x above 0. */
    static double lnGamma(double x) {
        double factor = 1;
        double at = x;
        while (at < LARGE) {
            factor *= at;
            at += 1;
        }
        return (at - 0.5) * StrictMath.log(at)
                - at
                + LN_ROOT_2PI
                + tail(at)
                - StrictMath.log(factor);
    }

    /** What is left of the gamma function's logarithm beyond Stirling's formula, for x from 15. */
    private static double tail(double x) {
        double inverse = 1 / x;
        double square = inverse * inverse;
        return inverse
                * (1.0 / 12
                        - square
                                * (1.0 / 360
                                        - square
                                                * (1.0 / 1260
                                                        - square
                                                                * (1.0 / 1680
                                                                        - square * (1.0 / 1188)))));
    }

    /** The logarithm of the beta function, for a and b above 0. */
    public static double lnBeta(double a, double b) {
        double few = StrictMath.min(a, b);
        double many = StrictMath.max(a, b);
        return many < LARGE
                ? lnGamma(few) + lnGamma(many) - lnGamma(few + many)
                : lnGamma(few) + lnGammaLess(many, few);
    }

    /**
     * How much the logarithm of the gamma function is less at x than at x + more, for x from 15.
     */
    private static double lnGammaLess(double x, double more) {
        // Not as the difference of two numbers that are much larger than it.
        return more
                - more * StrictMath.log(x)
                - (x + more - 0.5) * StrictMath.log1p(more / x)
                + tail(x)
                - tail(x + more);
    }

    /** The logarithm of the chance that a Beta(a, b) is at most x, 0 < x < 1. */
    public static double lnBelow(double a, double b, double x) {
        return lnBelow(a, b, x, 1 - x);
    }

    /** With what is left of 1, which has more digits where x is close to 1. */
    private static double lnBelow(double a, double b, double x, double rest) {
        if (x > (a + 1) / (a + b + 2)) {
            return StrictMath.log1p(-StrictMath.exp(StrictMath.min(0, lnTail(b, a, rest, x))));
        }
        return lnTail(a, b, x, rest);
    }

    /** The logarithm of the chance that a Beta(a, b) is above x, 0 < x < 1. */
    public static double lnAbove(double a, double b, double x) {
        return lnBelow(b, a, 1 - x, x);
    }

    /** By the continued fraction, which converges where x is below the mean. */
    private static double lnTail(double a, double b, double x, double rest) {
        double front =
                a * StrictMath.log(x) + b * StrictMath.log(rest) - lnBeta(a, b) - StrictMath.log(a);
        return front + StrictMath.log(fraction(a, b, x));
    }

    private static double fraction(double a, double b, double x) {
        double c = 1;
        double d = 1 / awayFromZero(1 - (a + b) * x / (a + 1));
        double h = d;
        for (int m = 1; m < TERMS; m++) {
            double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
            d = 1 / awayFromZero(1 + even * d);
            c = awayFromZero(1 + even / c);
            h *= d * c;
            double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
            d = 1 / awayFromZero(1 + odd * d);
            c = awayFromZero(1 + odd / c);
            double step = d * c;
            h *= step;
            if (StrictMath.abs(step - 1) < 1e-16) {
                break;
            }
        }
        return h;
    }

    private static double awayFromZero(double value) {
        return StrictMath.abs(value) < TINY ? TINY : value;
    }
}
