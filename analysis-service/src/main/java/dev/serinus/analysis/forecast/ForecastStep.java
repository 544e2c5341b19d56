package dev.serinus.analysis.forecast;

import dev.serinus.schemas.canary.Weight;

import java.time.Duration;

/**
 * One thing that will happen in a run.
 *
 * @param after the new revision was seen
 * @param type as in the public history, such as {@code WeightChanged}
 * @param phase as in the status
 * @param canaryWeight the canary's share from then on, of the requests that match where it is about
 *     these alone
 * @param share the same, or what the canary's pods make of it where they make the split
 * @param meets who can meet the canary from then on
 * @param message shortened, since names in it may be of any length
 */
public record ForecastStep(
        Duration after,
        String type,
        String phase,
        Weight canaryWeight,
        Weight share,
        Meets meets,
        String message) {

    /** In the history, when the canary gets another share. */
    static final String SHIFTED = "WeightShifted";

    private static final int LONGEST = 1_000;

    public ForecastStep {
        message = cut(message);
    }

    /** True where the other says the same of a later time. */
    public boolean isLike(ForecastStep other) {
        return type.equals(other.type)
                && phase.equals(other.phase)
                && canaryWeight.equals(other.canaryWeight)
                && share.equals(other.share)
                && meets == other.meets
                && message.equals(other.message);
    }

    /** The same, where the canary's pods make this share of its weight. */
    ForecastStep with(Weight made) {
        return made.equals(canaryWeight)
                ? this
                : new ForecastStep(
                        after,
                        type,
                        phase,
                        canaryWeight,
                        made,
                        meets,
                        type.equals(SHIFTED)
                                ? "%s Its pods make it %s %%.".formatted(message, made)
                                : message);
    }

    /** What is told of it: there may be thousands of steps. */
    static String cut(String words) {
        return words.length() <= LONGEST ? words : words.substring(0, LONGEST) + "…";
    }
}
