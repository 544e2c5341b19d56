package dev.serinus.analysis.rollout.judge.statistics;

/** The beta function and distribution; logarithms where values would be too small. */
public final class Beta {

    private static final double LN_ROOT_2PI = 0.5 * StrictMath.log(2 * StrictMath.PI);
    private static final double TINY = 1e-300;
    private static final int TERMS = 100_000;

    private Beta() {}

    /** The logarithm of the gamma function, for x above 0. */
    static double lnGamma(double x) {
        double factor = 1;
        double at = x;
        while (at < 15) {
            factor *= at;
            at += 1;
        }
        double inverse = 1 / at;
        double square = inverse * inverse;
        double tail =
                inverse
                        * (1.0 / 12
                                - square
                                        * (1.0 / 360
                                                - square
                                                        * (1.0 / 1260
                                                                - square
                                                                        * (1.0 / 1680
                                                                                - square
                                                                                        * (1.0
                                                                                                / 1188)))));
        return (at - 0.5) * StrictMath.log(at) - at + LN_ROOT_2PI + tail - StrictMath.log(factor);
    }

    /** The logarithm of the beta function, for a and b above 0. */
    public static double lnBeta(double a, double b) {
        return lnGamma(a) + lnGamma(b) - lnGamma(a + b);
    }

    /** The logarithm of the chance that a Beta(a, b) is at most x, 0 < x < 1. */
    public static double lnBelow(double a, double b, double x) {
        if (x > (a + 1) / (a + b + 2)) {
            return StrictMath.log1p(-StrictMath.exp(lnTail(b, a, 1 - x, x)));
        }
        return lnTail(a, b, x, 1 - x);
    }

    /** The logarithm of the chance that a Beta(a, b) is above x, 0 < x < 1. */
    public static double lnAbove(double a, double b, double x) {
        return lnBelow(b, a, 1 - x);
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
