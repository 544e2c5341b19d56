package dev.serinus.schemas.canary;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.util.List;

/**
 * spec.analysis: how the canary is judged. Durations are as written; {@link Durations} reads them.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CanaryAnalysis(
        @Nullable String interval,
        @Nullable String delay,
        @Nullable Integer iterations,
        @Nullable Integer threshold,
        @Nullable BigDecimal maxWeight,
        @Nullable BigDecimal stepWeight,
        @Nullable List<BigDecimal> stepWeights,
        @Nullable BigDecimal stepWeightPromotion,
        @Nullable Boolean mirror,
        @Nullable Integer mirrorWeight,
        @Nullable Integer stepMirrorWeight,
        @Nullable Integer maxMirrorWeight,
        @Nullable NestedAnalysis canaryAnalysis,
        @Nullable Integer primaryReadyThreshold,
        @Nullable Integer canaryReadyThreshold,
        @Nullable List<JsonNode> match,
        @Nullable List<CanaryMetric> metrics,
        @Nullable List<CanaryWebhook> webhooks,
        @Nullable List<CanaryAlert> alerts,
        @Nullable SessionAffinity sessionAffinity,
        @Nullable String onNoData,
        @Nullable String onProviderError,
        @Nullable AnalysisScore score,
        @Nullable Boolean baseline,
        @Nullable String onFailure,
        @Nullable String holdTimeout,
        @Nullable RollbackWindow rollbackWindow,
        @Nullable String planChanges,
        @Nullable String canaryReplicas,
        @Nullable String replicas) {

    private static final String WEIGHTED = "weighted";

    /** True where the canary's share is to be that of its pods behind one Service. */
    public boolean splitsByReplicas() {
        return WEIGHTED.equals(replicas);
    }

    /** On which nodes the canary's pods alone run; null where they run as all others. */
    public @Nullable JsonNode canaryPods() {
        return canaryAnalysis == null ? null : canaryAnalysis.templateVariables();
    }

    /** To which revisions a return needs no analysis. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record RollbackWindow(@Nullable Integer revisions, @Nullable String within) {}

    /**
     * What guides write below {@code spec.analysis.canaryAnalysis}.
     *
     * @param stepWeightPromotion stands for {@link CanaryAnalysis#stepMirrorWeight}
     * @param maxMirrorWeight stands for {@link CanaryAnalysis#maxMirrorWeight}
     * @param templateVariables on which nodes the canary's pods alone run: {@link CanaryScheduling}
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record NestedAnalysis(
            @Nullable Integer stepWeightPromotion,
            @Nullable Integer maxMirrorWeight,
            @Nullable JsonNode templateVariables) {}

    /** Cookies that keep a client on the side it met first. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record SessionAffinity(
            String cookieName,
            @Nullable String primaryCookieName,
            @Nullable String domain,
            @Nullable Boolean httpOnly,
            @Nullable Integer maxAge,
            @Nullable Boolean partitioned,
            @Nullable String path,
            @Nullable String sameSite,
            @Nullable Boolean secure) {}
}
