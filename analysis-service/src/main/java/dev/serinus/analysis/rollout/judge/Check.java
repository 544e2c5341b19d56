package dev.serinus.analysis.rollout.judge;

import org.jspecify.annotations.Nullable;

/**
 * One metric of an analysis; its place in the list is its path.
 *
 * @param threshold Flagger's older single bound; null where there is none
 * @param range null where the threshold alone bounds
 */
public record Check(
        String name,
        @Nullable Double threshold,
        @Nullable Range range,
        OnUnknown onNoData,
        OnUnknown onProviderError) {

    /** Inclusive bounds; an absent one does not bound. */
    public record Range(@Nullable Double min, @Nullable Double max) {}
}
