package dev.serinus.analysis.rollout.judge.compare;

/**
 * One metric, compared. Numbers that do not exist are NaN, limits that do not end are infinite:
 * whoever writes them down has to mind that.
 *
 * @param classification what follows
 * @param method which judge said so
 * @param canarySamples values that were compared, or trials
 * @param otherSamples those of the other side
 * @param canaryMean mean of the values, or share of events; NaN without any
 * @param otherMean that of the other side
 * @param scale what {@code effect}, {@code lower} and {@code upper} are: a ratio from {@code ratio}
 *     (unless the other side's mean cannot be told from 0 or one mean is negative) and from {@code
 *     sequential} on counts, else a difference
 * @param effect how far the canary is from the other side: of means or shares, for {@code
 *     mann-whitney} the median of all differences between values; NaN where nothing was tested
 * @param lower end of the interval around the effect, 1 - alpha in each harmful direction
 * @param upper its other end
 * @param p how likely so much harm would be if the truth were just tolerable ({@code proportion},
 *     and {@code ratio} on counts: if there were no difference); 1 where nothing was tested
 * @param because a sentence for people
 */
public record Compared(
        Classification classification,
        Method method,
        int canarySamples,
        int otherSamples,
        double canaryMean,
        double otherMean,
        Scale scale,
        double effect,
        double lower,
        double upper,
        double p,
        String because) {}
