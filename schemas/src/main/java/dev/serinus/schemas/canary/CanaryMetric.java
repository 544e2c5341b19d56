package dev.serinus.schemas.canary;

import com.fasterxml.jackson.annotation.JsonInclude;

import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.Set;

/**
 * One entry of spec.analysis.metrics.
 *
 * @param failureLimit failed measurements of a run that are tolerated
 * @param consecutiveFailures failed measurements in a row that take the release back
 * @param inconclusiveLimit inconclusive measurements of a run that are tolerated
 * @param nan what a value that is no number means: ignore, zero or fail
 */
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
        @Nullable MetricComparison compare,
        @Nullable Integer failureLimit,
        @Nullable Integer consecutiveFailures,
        @Nullable Integer inconclusiveLimit,
        @Nullable String nan) {

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
        return asked(name, null, null, null, null);
    }

    /** An entry that says how it is asked, and nothing of what is good. */
    public static CanaryMetric asked(
            String name,
            @Nullable String interval,
            @Nullable String query,
            @Nullable NamespacedRef templateRef,
            @Nullable Map<String, String> templateVariables) {
        return new CanaryMetric(
                name,
                interval,
                null,
                null,
                query,
                templateRef,
                templateVariables,
                null,
                null,
                null,
                null,
                null,
                null,
                null);
    }

    /** True where it has limits of its own beside the threshold. */
    public boolean hasLimits() {
        return failureLimit != null || consecutiveFailures != null || inconclusiveLimit != null;
    }

    /** Inclusive bounds; an absent one does not bound. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record ThresholdRange(@Nullable Double min, @Nullable Double max) {}
}
