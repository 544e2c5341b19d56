package dev.serinus.schemas.canary;

import org.jspecify.annotations.Nullable;

import java.util.Map;

/** One entry of spec.analysis.metrics. */
public record CanaryMetric(
        String name,
        @Nullable String interval,
        @Nullable Double threshold,
        @Nullable ThresholdRange thresholdRange,
        @Nullable String query,
        @Nullable NamespacedRef templateRef,
        @Nullable Map<String, String> templateVariables,
        @Nullable String onNoData,
        @Nullable String onProviderError) {

    /** Inclusive bounds; an absent one does not bound. */
    public record ThresholdRange(@Nullable Double min, @Nullable Double max) {}
}
