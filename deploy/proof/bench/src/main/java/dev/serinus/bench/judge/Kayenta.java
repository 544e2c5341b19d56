package dev.serinus.bench.judge;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * The classifier of Kayenta's judge (NetflixACAJudge 1.0) for one metric, written after what it is
 * known to do: it stays here, to be measured against.
 *
 * @param tolerance of the band around 0, as a share of the estimated shift
 * @param confidence of the interval
 * @param allowedIncrease ratio of means below which nothing is High
 * @param allowedDecrease ratio of means above which nothing is Low
 */
record Kayenta(
        double tolerance,
        double confidence,
        double allowedIncrease,
        double allowedDecrease,
        Sides sides) {

    /** What it does unless configured otherwise. */
    static final Kayenta DEFAULT = new Kayenta(0.25, 0.98, 1, 1, Sides.EITHER);

    private static final double EPSILON = StrictMath.ulp(1.0);
    private static final double ABSOLUTE = 1e-4;
    private static final int ITERATIONS = 1_001;

    /** Which changes count. */
    enum Sides {
        INCREASE,
        DECREASE,
        EITHER
    }

    /** Its labels for metrics with data. */
    enum Label {
        PASS,
        HIGH,
        LOW
    }

    /**
     * A label with the interval and the estimate it rests on; all 0 where nothing was estimated.
     */
    record Answer(Label label, double lower, double upper, double estimate) {}

    Answer classify(double[] experiment, double[] control) {
        double[] x = ascending(experiment);
        double[] y = ascending(control);
        boolean single = constant(x) && constant(y) && x[0] == y[0];
        if (Arrays.equals(x, y) || single) {
            return new Answer(Label.PASS, 0, 0, 0);
        }
        double ratio = mean(x) == 0 || mean(y) == 0 ? Double.NaN : mean(x) / mean(y);
        if (constant(x) && constant(y)) {
            var random = new SplittableRandom(1);
            x = noisy(x, random);
            y = noisy(y, random);
        }
        double quantile = quantile();
        double lowest = x[0] - y[y.length - 1];
        double highest = x[x.length - 1] - y[0];
        double lower = limit(x, y, quantile, lowest, highest);
        double upper = limit(x, y, -quantile, lowest, highest);
        double estimate = root(x, y, 0, lowest, highest);
        double band = tolerance * StrictMath.abs(estimate);
        Label label = Label.PASS;
        if (sides != Sides.DECREASE && lower > band && !(ratio < allowedIncrease)) {
            label = Label.HIGH;
        } else if (sides != Sides.INCREASE && upper < -band && !(ratio > allowedDecrease)) {
            label = Label.LOW;
        }
        return new Answer(label, lower, upper, estimate);
    }

    private double quantile() {
        if (confidence == 0.98) {
            return 2.3263478740408408;
        }
        if (confidence == 0.95) {
            return 1.959963984540054;
        }
        throw new IllegalArgumentException("confidence must be 0.95 or 0.98, was " + confidence);
    }

    private static double[] ascending(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted;
    }

    private static boolean constant(double[] ascending) {
        return ascending[0] == ascending[ascending.length - 1];
    }

    private static double[] noisy(double[] values, SplittableRandom random) {
        return Arrays.stream(values)
                .map(value -> value + value * 1e-5 * random.nextGaussian())
                .sorted()
                .toArray();
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).sum() / values.length;
    }

    private static double limit(
            double[] x, double[] y, double quantile, double lowest, double highest) {
        if (statistic(x, y, lowest, quantile) <= 0) {
            return lowest;
        }
        if (statistic(x, y, highest, quantile) >= 0) {
            return highest;
        }
        return root(x, y, quantile, lowest, highest);
    }

    /** How many standard errors the ranks of x, less the shift, are above the quantile. */
    static double statistic(double[] x, double[] y, double shift, double quantile) {
        int m = x.length;
        int n = y.length;
        double ranks = 0;
        double ties = 0;
        int i = 0;
        int j = 0;
        while (i < m || j < n) {
            double left = i < m ? x[i] - shift : Double.POSITIVE_INFINITY;
            double value = j < n ? StrictMath.min(left, y[j]) : left;
            int fromX = i;
            int fromY = j;
            while (i < m && x[i] - shift == value) {
                i++;
            }
            while (j < n && y[j] == value) {
                j++;
            }
            double size = (double) i - fromX + j - fromY;
            ranks += (i - fromX) * (fromX + fromY + (size + 1) / 2);
            ties += size * size * size - size;
        }
        double pairs = (double) m * n;
        double all = (double) m + n;
        double off = ranks - m * (m + 1) / 2.0 - pairs / 2;
        double variance = pairs / 12 * (all + 1 - ties / (all * (all - 1)));
        return (off - StrictMath.signum(off) / 2) / StrictMath.sqrt(variance) - quantile;
    }

    /**
     * Brent's method in the very steps of R's uniroot: of a step function they decide the digits.
     */
    private static double root(
            double[] x, double[] y, double quantile, double lowest, double highest) {
        double a = lowest;
        double b = highest;
        double fa = statistic(x, y, a, quantile);
        double fb = statistic(x, y, b, quantile);
        if (StrictMath.abs(fa) <= EPSILON) {
            return a;
        }
        if (StrictMath.abs(fb) <= EPSILON) {
            return b;
        }
        double c = a;
        double fc = fa;
        for (int i = 0; i < ITERATIONS; i++) {
            double previous = b - a;
            if (StrictMath.abs(fc) < StrictMath.abs(fb)) {
                a = b;
                b = c;
                c = a;
                fa = fb;
                fb = fc;
                fc = fa;
            }
            double least = 2 * EPSILON * StrictMath.abs(b) + ABSOLUTE / 2;
            double step = (c - b) / 2;
            if (StrictMath.abs(step) <= least || fb == 0) {
                return b;
            }
            if (StrictMath.abs(previous) >= least && StrictMath.abs(fa) > StrictMath.abs(fb)) {
                double p;
                double q;
                double width = c - b;
                if (a == c) {
                    double t = fb / fa;
                    p = width * t;
                    q = 1 - t;
                } else {
                    double t = fa / fc;
                    double u = fb / fc;
                    double v = fb / fa;
                    p = v * (width * t * (t - u) - (b - a) * (u - 1));
                    q = (t - 1) * (u - 1) * (v - 1);
                }
                if (p > 0) {
                    q = -q;
                } else {
                    p = -p;
                }
                if (p < 0.75 * width * q - StrictMath.abs(least * q) / 2
                        && p < StrictMath.abs(previous * q / 2)) {
                    step = p / q;
                }
            }
            if (StrictMath.abs(step) < least) {
                step = step > 0 ? least : -least;
            }
            a = b;
            fa = fb;
            b += step;
            fb = statistic(x, y, b, quantile);
            if ((fb > 0 && fc > 0) || (fb < 0 && fc < 0)) {
                c = a;
                fc = fa;
            }
        }
        return b;
    }
}
