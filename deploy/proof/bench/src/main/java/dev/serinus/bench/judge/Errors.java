package dev.serinus.bench.judge;

import dev.serinus.analysis.rollout.judge.compare.Classification;
import dev.serinus.analysis.rollout.judge.compare.Comparison;
import dev.serinus.analysis.rollout.judge.compare.Comparisons;
import dev.serinus.analysis.rollout.judge.compare.Counts;
import dev.serinus.analysis.rollout.judge.compare.Direction;
import dev.serinus.analysis.rollout.judge.compare.Method;

import java.util.SplittableRandom;

/**
 * How rare errors are judged: fifty intervals, requests of the primary and of the canary in each,
 * at these rates of errors.
 *
 * @param primaryRate errors of a request of the primary
 * @param canaryRate errors of a request of the canary
 * @param kayenta share of trials that fail by the errors of each interval, 0 to 1
 * @param proportion the same by totals
 * @param harmful the same when {@code sequential} looks after each interval and may stop at any
 * @param harmless share of trials in which that one ends early because nothing is wrong
 * @param intervals mean number of intervals after which it ended, of those trials in which it did
 */
record Errors(
        double primaryRate,
        double canaryRate,
        double kayenta,
        double proportion,
        double harmful,
        double harmless,
        double intervals) {

    static final int INTERVALS = 50;

    /** Requests of each side in an interval. */
    static final int REQUESTS = 100;

    private static final Comparison TOTALS =
            new Comparison(Direction.INCREASE, 0, 0, Method.PROPORTION, 0.01, 0);
    private static final Comparison LOOKS =
            new Comparison(Direction.INCREASE, 0, 0, Method.SEQUENTIAL, 0.01, 0);
    private static final Kayenta KAYENTA = new Kayenta(0.25, 0.98, 1, 1, Kayenta.Sides.INCREASE);

    static Errors measure(double primaryRate, double canaryRate, int trials, long seed) {
        var random = new SplittableRandom(seed);
        int kayenta = 0;
        int proportion = 0;
        int harmful = 0;
        int harmless = 0;
        long ended = 0;
        for (int i = 0; i < trials; i++) {
            double[] canary = draw(random, canaryRate);
            double[] primary = draw(random, primaryRate);
            kayenta += KAYENTA.classify(canary, primary).label() == Kayenta.Label.PASS ? 0 : 1;
            proportion += judged(TOTALS, canary, primary, INTERVALS).harm() ? 1 : 0;
            for (int look = 1; look <= INTERVALS; look++) {
                Classification found = judged(LOOKS, canary, primary, look);
                if (found != Classification.UNDECIDED) {
                    harmful += found.harm() ? 1 : 0;
                    harmless += found.harm() ? 0 : 1;
                    ended += look;
                    break;
                }
            }
        }
        return new Errors(
                primaryRate,
                canaryRate,
                (double) kayenta / trials,
                (double) proportion / trials,
                (double) harmful / trials,
                (double) harmless / trials,
                harmful + harmless == 0 ? Double.NaN : (double) ended / (harmful + harmless));
    }

    private static Classification judged(
            Comparison how, double[] canary, double[] primary, int intervals) {
        return Comparisons.compare(
                        "errors", how, total(canary, intervals), total(primary, intervals))
                .classification();
    }

    private static Counts total(double[] errors, int intervals) {
        double sum = 0;
        for (int i = 0; i < intervals; i++) {
            sum += errors[i];
        }
        return new Counts(sum, (double) REQUESTS * intervals);
    }

    private static double[] draw(SplittableRandom random, double rate) {
        double[] errors = new double[INTERVALS];
        for (int i = 0; i < INTERVALS; i++) {
            for (int request = 0; request < REQUESTS; request++) {
                errors[i] += random.nextDouble() < rate ? 1 : 0;
            }
        }
        return errors;
    }
}
