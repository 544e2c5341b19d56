package dev.serinus.analysis.rollout.judge.statistics;

/**
 * The sequential test of a difference (mSPRT) that may be looked at after every value: the
 * likelihood of differences spread normally around the one in question, over that of this one.
 *
 * @param difference of two means
 * @param variance of this difference, above 0
 * @param spread tau, about the size of the smallest difference that matters, above 0
 */
public record NormalMixture(double difference, double variance, double spread) {

    /** The logarithm of the likelihood ratio against a true difference of 0. */
    double lnLikelihood() {
        double wider = variance + spread * spread;
        return 0.5 * StrictMath.log(variance / wider)
                + difference * difference * (spread * spread / wider) / (2 * variance);
    }

    /** The chance of ever seeing as much if the true difference is 0; at most 1. */
    public double p() {
        return StrictMath.min(1, StrictMath.exp(-lnLikelihood()));
    }

    /** Half the width of the interval that holds the true difference at every look, 1 - alpha. */
    public double halfWidth(double alpha) {
        double square = spread * spread;
        double wider = variance + square;
        return StrictMath.sqrt(
                variance
                        * (wider / square)
                        * (2 * StrictMath.log(1 / alpha)
                                + StrictMath.log(wider)
                                - StrictMath.log(variance)));
    }
}
