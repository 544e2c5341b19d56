package dev.serinus.analysis.rollout.judge.compare;

import dev.serinus.analysis.rollout.judge.statistics.Moments;
import dev.serinus.analysis.rollout.judge.statistics.RatioOfMeans;
import dev.serinus.analysis.rollout.judge.statistics.StudentT;
import dev.serinus.analysis.rollout.judge.statistics.Welch;

/**
 * Harm is shown when the lower limit of the ratio of means is above what is tolerated. Where both
 * means are known to a tenth the limits are of the logarithm of the ratio, else Fieller's; where
 * these have no end, or a mean is not positive, of the difference.
 */
final class RatioJudge {

    private static final double KNOWN_WELL = 0.1;

    /** Differences of this size, relative to the means, are of rounding and not of the canary. */
    private static final double ROUNDING = 1e-12;

    private final Comparison how;
    private final Values values;
    private final Moments canary;
    private final Moments other;

    private RatioJudge(Comparison how, Values values) {
        this.how = how;
        this.values = values;
        this.canary = Moments.of(values.canary());
        this.other = Moments.of(values.other());
    }

    static Finding find(Comparison how, Values values) {
        return new RatioJudge(how, values).find();
    }

    private Finding find() {
        double floor = values.scaled(how.floor());
        double rise = StrictMath.max(rises(how.tolerance()), floor > 0 ? above(floor, 1) : 0);
        double fall = StrictMath.max(falls(how.tolerance()), floor > 0 ? below(floor, 1) : 0);
        Classification what = Classification.PASS;
        if (how.direction().up() && rise <= how.level()) {
            what = Classification.HIGH;
        } else if (how.direction().down() && fall <= how.level()) {
            what = Classification.LOW;
        }
        return limits(what, how.direction().chance(rise, fall));
    }

    private boolean byLogarithm() {
        return canary.mean() > 0
                && other.mean() > 0
                && error(canary) <= KNOWN_WELL
                && error(other) <= KNOWN_WELL;
    }

    private static double error(Moments side) {
        return StrictMath.sqrt(side.ofMean()) / side.mean();
    }

    private static double relative(Moments side) {
        return error(side) * error(side);
    }

    /** The chance of so much more if the truth were at the tolerance. */
    private double rises(double tolerance) {
        if (byLogarithm()) {
            return logarithm(1 + tolerance, 1);
        }
        double sign = StrictMath.signum(other.mean());
        return above(tolerance * StrictMath.abs(other.mean()), 1 + tolerance * sign);
    }

    private double falls(double tolerance) {
        if (byLogarithm()) {
            return tolerance < 1 ? logarithm(1 - tolerance, -1) : 1;
        }
        double sign = StrictMath.signum(other.mean());
        return below(tolerance * StrictMath.abs(other.mean()), 1 - tolerance * sign);
    }

    private double logarithm(double tolerated, int sign) {
        double off = sign * StrictMath.log(canary.mean() / (other.mean() * tolerated));
        double error = RatioOfMeans.logError(canary, other);
        if (error == 0 || (off > 0 && off <= ROUNDING)) {
            return off > ROUNDING ? 0 : 1;
        }
        return StudentT.above(
                off / error,
                Welch.degrees(relative(canary), canary.size(), relative(other), other.size()));
    }

    private double above(double tolerated, double factor) {
        return linear(canary.mean() - other.mean() - tolerated, factor);
    }

    private double below(double tolerated, double factor) {
        return linear(other.mean() - canary.mean() - tolerated, factor);
    }

    /** The tolerance is of the other side's mean, so that this mean counts {@code factor} times. */
    private double linear(double off, double factor) {
        double second = factor * factor * other.ofMean();
        double variance = canary.ofMean() + second;
        double rounding = ROUNDING * (StrictMath.abs(canary.mean()) + StrictMath.abs(other.mean()));
        if (variance == 0 || (off > 0 && off <= rounding)) {
            return off > rounding ? 0 : 1;
        }
        return StudentT.above(
                off / StrictMath.sqrt(variance),
                Welch.degrees(canary.ofMean(), canary.size(), second, other.size()));
    }

    private Finding limits(Classification what, double chance) {
        double ratio = canary.mean() / other.mean();
        if (byLogarithm()) {
            double quantile = quantile(relative(canary), relative(other));
            return ratio(what, ratio, RatioOfMeans.byLogarithm(canary, other, quantile), chance);
        }
        double quantile = quantile(canary.ofMean(), other.ofMean());
        if (canary.mean() > 0 && other.mean() > 0 && RatioOfMeans.uncertain(other, quantile) < 1) {
            return ratio(what, ratio, RatioOfMeans.byFieller(canary, other, quantile), chance);
        }
        double off = canary.mean() - other.mean();
        double wide = quantile * StrictMath.sqrt(canary.ofMean() + other.ofMean());
        return values.difference(what, off, off - wide, off + wide, chance);
    }

    private Finding ratio(
            Classification what, double ratio, RatioOfMeans.Limits limits, double chance) {
        return values.finding()
                .effect(what, Scale.RATIO, ratio, limits.lower(), limits.upper(), chance);
    }

    private double quantile(double first, double second) {
        return first + second == 0
                ? 0
                : StudentT.quantileAbove(
                        how.level(), Welch.degrees(first, canary.size(), second, other.size()));
    }
}
