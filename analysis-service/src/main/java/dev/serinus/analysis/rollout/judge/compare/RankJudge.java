package dev.serinus.analysis.rollout.judge.compare;

import dev.serinus.analysis.rollout.judge.statistics.BrunnerMunzel;
import dev.serinus.analysis.rollout.judge.statistics.Differences;
import dev.serinus.analysis.rollout.judge.statistics.RankSum;

/**
 * Harm is shown when the canary, less what is tolerated of the other side's median, still ranks
 * above the other side: by the rank sum test, by Brunner and Munzel's, which a mere difference of
 * spread does not mislead, and with the lower limit of the shift above what is tolerated.
 */
final class RankJudge {

    /** Of median and shift: less than this is of rounding and not of the canary. */
    private static final double ROUNDING = 1e-12;

    private RankJudge() {}

    /** Whether so few values could show harm at all, were they as different as can be. */
    static boolean canTell(Comparison how, Values values) {
        return RankSum.least(values.canarySize(), values.otherSize()) <= how.level();
    }

    static Finding find(Comparison how, Values values) {
        double[] canary = values.canary();
        double[] other = values.other();
        double median = median(other);
        double tolerated =
                StrictMath.max(
                        how.tolerance() * StrictMath.abs(median), values.scaled(how.floor()));
        Differences all = new Differences(canary, other);
        long k = RankSum.limit(canary.length, other.length, how.level());
        double lower = all.smallest(k);
        double upper = all.smallest((long) canary.length * other.length + 1 - k);
        double rise = how.direction().up() ? above(shifted(canary, -tolerated), other) : 1;
        double fall = how.direction().down() ? below(shifted(canary, tolerated), other) : 1;
        Classification what = Classification.PASS;
        if (rise <= how.level() && exceeds(lower, tolerated, median)) {
            what = Classification.HIGH;
        } else if (fall <= how.level() && exceeds(-upper, tolerated, median)) {
            what = Classification.LOW;
        }
        double chance = how.direction().chance(rise, fall);
        return values.difference(what, all.median(), lower, upper, chance)
                .of(values.inUnit(median));
    }

    private static boolean exceeds(double shift, double tolerated, double median) {
        return shift - tolerated > ROUNDING * (StrictMath.abs(shift) + StrictMath.abs(median));
    }

    private static double above(double[] canary, double[] other) {
        BrunnerMunzel.Answer spread = BrunnerMunzel.test(canary, other);
        double ranks = RankSum.test(canary, other).above();
        return spread.defined() ? StrictMath.max(ranks, spread.above()) : ranks;
    }

    private static double below(double[] canary, double[] other) {
        BrunnerMunzel.Answer spread = BrunnerMunzel.test(canary, other);
        double ranks = RankSum.test(canary, other).below();
        return spread.defined() ? StrictMath.max(ranks, spread.below()) : ranks;
    }

    private static double[] shifted(double[] values, double by) {
        double[] shifted = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            shifted[i] = values[i] + by;
        }
        return shifted;
    }

    private static double median(double[] ascending) {
        int half = ascending.length / 2;
        return ascending.length % 2 == 1
                ? ascending[half]
                : ascending[half - 1] / 2 + ascending[half] / 2;
    }
}
