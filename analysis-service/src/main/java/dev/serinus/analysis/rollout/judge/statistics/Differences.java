package dev.serinus.analysis.rollout.judge.statistics;

/**
 * All differences x - y of two samples in ascending order, without making them: the n-th of a
 * million times a million takes as long as 64 walks along both.
 */
public final class Differences {

    private final double[] x;
    private final double[] y;

    /** Both samples in ascending order, at least one value each, finite. */
    public Differences(double[] x, double[] y) {
        this.x = x;
        this.y = y;
    }

    /** How many there are. */
    public double count() {
        return (double) x.length * y.length;
    }

    /**
     * The k-th smallest.
     *
     * @param k from 1 to {@link #count()}
     */
    public double smallest(long k) {
        long low = ordered(x[0] - y[y.length - 1]);
        long high = ordered(x[x.length - 1] - y[0]);
        // Halving the doubles themselves, not the interval, ends at the very value.
        while (low < high) {
            long middle = (low & high) + ((low ^ high) >> 1);
            if (atMost(value(middle)) >= k) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return value(low);
    }

    /** The median, which is the estimate by Hodges and Lehmann of how far x is above y. */
    public double median() {
        long count = (long) x.length * y.length;
        double upper = smallest(count / 2 + 1);
        return count % 2 == 1 ? upper : smallest(count / 2) / 2 + upper / 2;
    }

    private long atMost(double limit) {
        long found = 0;
        int from = 0;
        for (double value : x) {
            while (from < y.length && value - y[from] > limit) {
                from++;
            }
            found += y.length - from;
        }
        return found;
    }

    /** Doubles as longs in the same order. */
    private static long ordered(double value) {
        long bits = Double.doubleToLongBits(value + 0.0);
        return bits >= 0 ? bits : Long.MIN_VALUE - bits;
    }

    private static double value(long ordered) {
        return Double.longBitsToDouble(ordered >= 0 ? ordered : Long.MIN_VALUE - ordered) + 0.0;
    }
}
