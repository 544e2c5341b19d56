package dev.serinus.analysis.rollout.judge.statistics;

/** Limits of the ratio of two means, x over y. */
public final class RatioOfMeans {

    private RatioOfMeans() {}

    /** Lower and upper limit. */
    public record Limits(double lower, double upper) {}

    /** The standard error of the logarithm of the ratio; both means above 0. */
    public static double logError(Moments x, Moments y) {
        // Not by squares of the means, which vanish where one is much smaller than the other.
        double first = StrictMath.sqrt(x.ofMean()) / x.mean();
        double second = StrictMath.sqrt(y.ofMean()) / y.mean();
        return StrictMath.sqrt(first * first + second * second);
    }

    /** By the logarithm of the ratio; good while both means are known to a tenth. */
    public static Limits byLogarithm(Moments x, Moments y, double quantile) {
        double ratio = x.mean() / y.mean();
        double wide = quantile * logError(x, y);
        return new Limits(ratio * StrictMath.exp(-wide), ratio * StrictMath.exp(wide));
    }

    /**
     * By Fieller: all ratios that the means do not contradict. The mean of y has to be further from
     * 0 than {@link #uncertain} says, or these ratios have no ends.
     */
    public static Limits byFieller(Moments x, Moments y, double quantile) {
        double ratio = x.mean() / y.mean();
        double g = uncertain(y, quantile);
        double second = ratio * StrictMath.sqrt(y.ofMean());
        double wide =
                quantile
                        / StrictMath.abs(y.mean())
                        * StrictMath.sqrt(
                                StrictMath.max(0, x.ofMean() + second * second - g * x.ofMean()));
        return new Limits((ratio - wide) / (1 - g), (ratio + wide) / (1 - g));
    }

    /** Below 1 where the mean of y is told apart from 0. */
    public static double uncertain(Moments y, double quantile) {
        double error = quantile * StrictMath.sqrt(y.ofMean()) / y.mean();
        return error * error;
    }
}
