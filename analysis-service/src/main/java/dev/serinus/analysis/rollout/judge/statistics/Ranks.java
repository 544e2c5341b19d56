package dev.serinus.analysis.rollout.judge.statistics;

import java.util.Arrays;

/**
 * The ranks of two samples in their union; equal values share the mean of theirs. All are doubled,
 * so that halves are whole.
 */
final class Ranks {

    private final long[] ofX;
    private final long[] ofY;
    private final double ties;

    private Ranks(long[] ofX, long[] ofY, double ties) {
        this.ofX = ofX;
        this.ofY = ofY;
        this.ties = ties;
    }

    /** Of samples in ascending order. */
    static Ranks of(double[] x, double[] y) {
        long[] ofX = new long[x.length];
        long[] ofY = new long[y.length];
        double ties = 0;
        int i = 0;
        int j = 0;
        while (i < x.length || j < y.length) {
            double value = j == y.length || (i < x.length && x[i] <= y[j]) ? x[i] : y[j];
            int fromX = i;
            int fromY = j;
            while (i < x.length && x[i] == value) {
                i++;
            }
            while (j < y.length && y[j] == value) {
                j++;
            }
            long first = (long) fromX + fromY + 1;
            long last = (long) i + j;
            Arrays.fill(ofX, fromX, i, first + last);
            Arrays.fill(ofY, fromY, j, first + last);
            double group = (double) (last - first + 1);
            ties += group * group * group - group;
        }
        return new Ranks(ofX, ofY, ties);
    }

    /** Doubled ranks of x, in its order. */
    long[] ofX() {
        return ofX;
    }

    /** Doubled ranks of y, in its order. */
    long[] ofY() {
        return ofY;
    }

    /** The sum of t³ - t over groups of t equal values. */
    double ties() {
        return ties;
    }

    /** Doubled sum of the ranks of x. */
    long sumOfX() {
        long sum = 0;
        for (long rank : ofX) {
            sum += rank;
        }
        return sum;
    }
}
