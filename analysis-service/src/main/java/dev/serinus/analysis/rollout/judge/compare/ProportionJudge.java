package dev.serinus.analysis.rollout.judge.compare;

import dev.serinus.analysis.rollout.judge.statistics.Normal;
import dev.serinus.analysis.rollout.judge.statistics.TwoProportions;

/**
 * Harm is shown when the shares differ beyond chance, the lower limit of their ratio is above what
 * is tolerated, and that of their difference above the floor.
 */
final class ProportionJudge {

    private ProportionJudge() {}

    static Finding find(Comparison how, Finding sides, Counts canary, Counts other) {
        TwoProportions shares =
                new TwoProportions(
                        canary.events(), canary.trials(), other.events(), other.trials());
        double quantile = Normal.quantileAbove(how.level());
        TwoProportions.Limits ratio = shares.ratioLimits(quantile);
        TwoProportions.Limits difference = shares.differenceLimits(quantile);
        double rise = shares.above();
        double fall = shares.below();
        Classification what = Classification.PASS;
        if (how.direction().up()
                && rise <= how.level()
                && ratio.lower() > 1 + how.tolerance()
                && difference.lower() > how.floor()) {
            what = Classification.HIGH;
        } else if (how.direction().down()
                && fall <= how.level()
                && ratio.upper() < 1 - how.tolerance()
                && difference.upper() < -how.floor()) {
            what = Classification.LOW;
        }
        double chance = how.direction().chance(rise, fall);
        if (how.method() == Method.RATIO) {
            double effect = sides.canaryMean() / sides.otherMean();
            return sides.effect(what, Scale.RATIO, effect, ratio.lower(), ratio.upper(), chance);
        }
        return sides.effect(
                what,
                Scale.DIFFERENCE,
                shares.difference(),
                difference.lower(),
                difference.upper(),
                chance);
    }
}
