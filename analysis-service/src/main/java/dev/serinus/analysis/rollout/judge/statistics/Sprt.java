package dev.serinus.analysis.rollout.judge.statistics;

/**
 * Wald's sequential test of one share against another: event by event, until one of two limits is
 * reached.
 *
 * @param harmless the share p0 of the hypothesis that nothing is wrong
 * @param harmful the share p1 of the other, above p0
 * @param alpha how often the limit for harm may be reached at p0
 * @param beta how often the limit for safety may be reached at p1
 */
public record Sprt(double harmless, double harmful, double alpha, double beta) {

    /** What one event adds. */
    double onEvent() {
        return StrictMath.log(harmful / harmless);
    }

    /** What one trial without event adds. */
    double onNone() {
        return StrictMath.log1p(-harmful) - StrictMath.log1p(-harmless);
    }

    /** At this sum and above it harm is shown. */
    double harmAt() {
        return StrictMath.log((1 - beta) / alpha);
    }

    /** At this sum and below it safety is shown. */
    double safeAt() {
        return StrictMath.log(beta / (1 - alpha));
    }

    /** The sum after so many events of so many trials, in whatever order they came. */
    double sum(double events, double trials) {
        return events * onEvent() + (trials - events) * onNone();
    }

    /** Whether so many events of so many trials show that the harmful share is not the true one. */
    public boolean showsSafety(double events, double trials) {
        return sum(events, trials) <= safeAt();
    }
}
