package dev.serinus.analysis.rollout.judge;

import org.jspecify.annotations.Nullable;

/**
 * One metric of an analysis; its place in the list is its path.
 *
 * @param threshold Flagger's older single bound; null where there is none
 * @param range null where the threshold alone bounds
 * @param compare how it is compared; null where its own value alone counts
 * @param limits its own beside the threshold of all checks; null for none
 * @param nan what a value that is no number means; null where it is no data
 */
public record Check(
        String name,
        @Nullable Double threshold,
        @Nullable Range range,
        OnUnknown onNoData,
        OnUnknown onProviderError,
        @Nullable ComparisonRule compare,
        @Nullable Limits limits,
        @Nullable NotANumber nan) {

    /** One whose own value alone counts. */
    public Check(
            String name,
            @Nullable Double threshold,
            @Nullable Range range,
            OnUnknown onNoData,
            OnUnknown onProviderError) {
        this(name, threshold, range, onNoData, onProviderError, null);
    }

    /** One without limits of its own. */
    public Check(
            String name,
            @Nullable Double threshold,
            @Nullable Range range,
            OnUnknown onNoData,
            OnUnknown onProviderError,
            @Nullable ComparisonRule compare) {
        this(name, threshold, range, onNoData, onProviderError, compare, null, null);
    }

    /** True where its own value has a bound; Flagger's bound of 0 is none beside a comparison. */
    boolean isBounded() {
        return compare == null || range != null || threshold != null;
    }

    /** The same, compared with another side where it is compared. */
    public Check comparedWith(String side) {
        return new Check(
                name,
                threshold,
                range,
                onNoData,
                onProviderError,
                compare == null ? null : compare.with(side),
                limits,
                nan);
    }

    /** The same, judged by its own value where there is one, and passing where there is none. */
    public Check whereItHasAValue() {
        return new Check(
                name,
                threshold,
                isBounded() ? range : new Range(null, null),
                OnUnknown.PASS,
                OnUnknown.PASS,
                null,
                null,
                nan == NotANumber.FAIL ? null : nan);
    }

    /** Inclusive bounds; an absent one does not bound. */
    public record Range(@Nullable Double min, @Nullable Double max) {}
}
