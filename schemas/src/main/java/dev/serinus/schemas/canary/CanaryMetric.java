package dev.serinus.schemas.canary;

import com.fasterxml.jackson.annotation.JsonInclude;

import org.jspecify.annotations.Nullable;

import java.util.Map;

/** One entry of spec.analysis.metrics. */
@JsonInclude(JsonInclude.Include.NON_NULL)
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
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record ThresholdRange(@Nullable Double min, @Nullable Double max) {}
}
