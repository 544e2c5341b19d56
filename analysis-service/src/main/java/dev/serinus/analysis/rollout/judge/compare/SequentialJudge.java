package dev.serinus.analysis.rollout.judge.compare;

import dev.serinus.analysis.rollout.judge.statistics.BetaBinomial;
import dev.serinus.analysis.rollout.judge.statistics.Moments;
import dev.serinus.analysis.rollout.judge.statistics.Normal;
import dev.serinus.analysis.rollout.judge.statistics.NormalMixture;
import dev.serinus.analysis.rollout.judge.statistics.Sprt;
import dev.serinus.analysis.rollout.judge.statistics.TwoProportions;

/**
 * May be asked at every look, and keeps its word over all of them. Samples: an interval that holds
 * the true difference at every look, against what is tolerated. Counts: of all events, the canary's
 * share; an e-value shows harm, Wald's test safety.
 */
final class SequentialJudge {

    /**
     * Where safety is concerned: harm that is not to be missed, as a multiple of what is tolerated.
     */
    private static final double HARMFUL = 2;

    /** How often harm of that size may be missed. */
    private static final double BETA = 0.05;

    /** A canary without any event is safe when its share is shown to be below this. */
    private static final double RARE = 0.01;

    /** Relative to the means. */
    private static final double ROUNDING = 1e-12;

    private SequentialJudge() {}

    static Finding find(Comparison how, Values values) {
        Moments canary = Moments.of(values.canary());
        Moments other = Moments.of(values.other());
        double off = canary.mean() - other.mean();
        double tolerated =
                StrictMath.max(
                        how.tolerance() * StrictMath.abs(other.mean()), values.scaled(how.floor()));
        // Rounding is no difference, and a variance of 0 has no likelihood.
        double rounding = ROUNDING * (StrictMath.abs(canary.mean()) + StrictMath.abs(other.mean()));
        double variance = StrictMath.max(canary.ofMean() + other.ofMean(), rounding * rounding);
        if (variance == 0) {
            return values.difference(Classification.PASS, 0, 0, 0, 1);
        }
        double spread =
                tolerated > 0
                        ? tolerated
                        : StrictMath.sqrt((canary.variance() + other.variance()) / 8);
        if (spread == 0) {
            spread = StrictMath.sqrt(variance);
        }
        // The interval is of both sides already, so that it needs no other level for either.
        double wide = new NormalMixture(off, variance, spread).halfWidth(how.alpha());
        double lower = off - wide;
        double upper = off + wide;
        boolean up = how.direction().up();
        boolean down = how.direction().down();
        Classification what = Classification.UNDECIDED;
        if (up && lower > tolerated) {
            what = Classification.HIGH;
        } else if (down && upper < -tolerated) {
            what = Classification.LOW;
        } else if ((!up || upper < tolerated) && (!down || lower > -tolerated)) {
            what = Classification.PASS;
        }
        double chance =
                StrictMath.min(
                        up ? beyond(off - tolerated, variance, spread) : 1,
                        down ? beyond(-off - tolerated, variance, spread) : 1);
        return values.difference(what, off, lower, upper, chance);
    }

    private static double beyond(double off, double variance, double spread) {
        return off > 0 ? new NormalMixture(off, variance, spread).p() : 1;
    }

    static Finding find(Comparison how, Finding sides, Counts canary, Counts other) {
        Harm rise = harm(how, canary, other, 1 + how.tolerance());
        // A fall of the canary is a rise of the other side.
        Harm fall =
                how.tolerance() < 1
                        ? harm(how, other, canary, 1 / (1 - how.tolerance()))
                        : new Harm(1, false, true);
        boolean up = how.direction().up();
        boolean down = how.direction().down();
        Classification what = Classification.UNDECIDED;
        if (up && rise.shown()) {
            what = Classification.HIGH;
        } else if (down && fall.shown()) {
            what = Classification.LOW;
        } else if ((!up || rise.excluded()) && (!down || fall.excluded())) {
            what = Classification.PASS;
        }
        BetaBinomial even =
                BetaBinomial.of(
                        canary.events(), canary.events() + other.events(), share(canary, other, 1));
        double perTrial = other.trials() / canary.trials();
        return sides.effect(
                what,
                Scale.RATIO,
                sides.canaryMean() / sides.otherMean(),
                odds(even.lower(how.level())) * perTrial,
                odds(even.upper(how.level())) * perTrial,
                how.direction().chance(rise.p(), fall.p()));
    }

    private record Harm(double p, boolean shown, boolean excluded) {}

    private static Harm harm(Comparison how, Counts worse, Counts better, double tolerated) {
        double all = worse.events() + better.events();
        double harmless = share(worse, better, tolerated);
        double evidence = BetaBinomial.of(worse.events(), all, harmless).lnHigher();
        TwoProportions.Limits difference =
                new TwoProportions(worse.events(), worse.trials(), better.events(), better.trials())
                        .differenceLimits(Normal.quantileAbove(how.level()));
        double rare = worse.events() == 0 ? StrictMath.max(how.floor(), RARE) : how.floor();
        boolean safe =
                new Sprt(harmless, share(worse, better, HARMFUL * tolerated), how.level(), BETA)
                        .showsSafety(worse.events(), all);
        // Where one side has all but nothing of the trials the likelihoods have no digits left.
        boolean known = Double.isFinite(evidence);
        return new Harm(
                known ? StrictMath.min(1, StrictMath.exp(-evidence)) : 1,
                known
                        && evidence >= StrictMath.log(1 / how.level())
                        && difference.lower() > how.floor(),
                safe || difference.upper() < rare);
    }

    /** The share that one side has of all events when its rate is so many times the other's. */
    private static double share(Counts one, Counts other, double times) {
        return times * one.trials() / (times * one.trials() + other.trials());
    }

    private static double odds(double share) {
        return share / (1 - share);
    }
}
