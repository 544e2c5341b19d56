package dev.serinus.schemas.canary;

import com.fasterxml.jackson.annotation.JsonInclude;

import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.Set;

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
        @Nullable String onProviderError,
        @Nullable MetricComparison compare) {

    /** The names whose queries are built in. */
    public static final Set<String> BUILT_IN = Set.of("request-success-rate", "request-duration");

    /**
     * The MetricTemplate it refers to: that of templateRef, or the one of its own name where it
     * says nothing else to ask; null for none.
     */
    public @Nullable NamespacedRef template() {
        boolean saysNothing =
                templateRef == null
                        && (query == null || query.isEmpty())
                        && !BUILT_IN.contains(name);
        return saysNothing && ObjectNames.isName(name)
                ? new NamespacedRef(name, null)
                : templateRef;
    }

    /** An entry that has a name and nothing else. */
    public static CanaryMetric named(String name) {
        return new CanaryMetric(name, null, null, null, null, null, null, null, null, null);
    }

    /** Inclusive bounds; an absent one does not bound. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record ThresholdRange(@Nullable Double min, @Nullable Double max) {}
}
