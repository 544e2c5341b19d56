package dev.serinus.analysis.rollout.judge.statistics;

/**
 * Whether a share of events is higher on one side than on the other, and by how much.
 *
 * @param events of the first side, whole, 0 to trials
 * @param trials of the first side, whole, at least 1
 * @param otherEvents of the other side
 * @param otherTrials of the other side
 */
public record TwoProportions(double events, double trials, double otherEvents, double otherTrials) {

    /**
     * Cells of the table that are expected to be smaller are too small for the normal test. The
     * usual bound of 5 is for levels of one in twenty: at one in a hundred the normal test still
     * fails 1.5 % where 10 are expected among 200 trials beside 1,800.
     */
    private static final double SMALLEST_CELL = 100;

    /** Of a sum, what adds nothing to it any more. */
    private static final double NOTHING = 1e-18;

    /** Lower and upper limit. */
    public record Limits(double lower, double upper) {}

    /** The first side's share less the other's. */
    public double difference() {
        return events / trials - otherEvents / otherTrials;
    }

    /** The chance of so high a share if there is no difference: Fisher's where counts are small. */
    public double above() {
        return small() ? fisherAbove() : Normal.above(z());
    }

    /** The chance of so low a share if there is no difference. */
    public double below() {
        return small()
                ? new TwoProportions(otherEvents, otherTrials, events, trials).fisherAbove()
                : Normal.above(-z());
    }

    boolean small() {
        double share = (events + otherEvents) / (trials + otherTrials);
        double rarer = StrictMath.min(share, 1 - share);
        return rarer * StrictMath.min(trials, otherTrials) < SMALLEST_CELL;
    }

    double z() {
        double share = (events + otherEvents) / (trials + otherTrials);
        double variance = share * (1 - share) * (1 / trials + 1 / otherTrials);
        return difference() / StrictMath.sqrt(variance);
    }

    /**
     * The chance of at least as many of all events on the first side, dealt out by chance. Summed
     * from the likeliest table on, in units of its chance: logarithms of factorials of large
     * numbers differ by less than they are rounded by.
     */
    double fisherAbove() {
        double all = events + otherEvents;
        double most = StrictMath.min(all, trials);
        double least = StrictMath.max(0, all - otherTrials);
        double likeliest =
                StrictMath.floor((all + 1) * ((trials + 1) / (trials + otherTrials + 2)));
        double middle = StrictMath.min(most, StrictMath.max(least, likeliest));
        double asMany = 0;
        double fewer = 0;
        double term = 1;
        for (double k = middle; k <= most && term > asMany * NOTHING; k++) {
            if (k >= events) {
                asMany += term;
            } else {
                fewer += term;
            }
            term *= (all - k) / (k + 1) * ((trials - k) / (otherTrials - all + k + 1));
        }
        term = 1;
        for (double k = middle - 1; k >= least; k--) {
            term *= (k + 1) / (all - k) * ((otherTrials - all + k + 1) / (trials - k));
            if (k >= events) {
                asMany += term;
            } else {
                fewer += term;
            }
            if (term <= (asMany + fewer) * NOTHING) {
                break;
            }
        }
        return asMany / (asMany + fewer);
    }

    /** Limits of the difference by Newcombe, from those that Wilson gives for each side. */
    public Limits differenceLimits(double quantile) {
        double first = events / trials;
        double second = otherEvents / otherTrials;
        Limits one = wilson(events, trials, quantile);
        Limits two = wilson(otherEvents, otherTrials, quantile);
        double down = root(first - one.lower(), two.upper() - second);
        double up = root(one.upper() - first, second - two.lower());
        return new Limits(first - second - down, first - second + up);
    }

    /**
     * Limits of the ratio of the shares, by its logarithm. Half an event more on both sides where
     * one has none, or where all trials are events and nothing could vary.
     */
    public Limits ratioLimits(double quantile) {
        boolean bare =
                events == 0 || otherEvents == 0 || (events == trials && otherEvents == otherTrials);
        double more = bare ? 0.5 : 0;
        double e = events + more;
        double n = trials + more;
        double o = otherEvents + more;
        double p = otherTrials + more;
        if (bare) {
            n += more;
            p += more;
        }
        double error = StrictMath.sqrt(1 / e - 1 / n + 1 / o - 1 / p);
        double ratio = e / n / (o / p);
        return new Limits(
                ratio * StrictMath.exp(-quantile * error),
                ratio * StrictMath.exp(quantile * error));
    }

    private static Limits wilson(double events, double trials, double quantile) {
        double share = events / trials;
        double square = quantile * quantile / trials;
        double centre = share + square / 2;
        double wide = StrictMath.sqrt(square * share * (1 - share) + square * square / 4);
        return new Limits((centre - wide) / (1 + square), (centre + wide) / (1 + square));
    }

    private static double root(double a, double b) {
        return StrictMath.sqrt(a * a + b * b);
    }
}
