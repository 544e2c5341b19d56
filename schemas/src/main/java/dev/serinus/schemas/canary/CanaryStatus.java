package dev.serinus.schemas.canary;

import com.fasterxml.jackson.annotation.JsonInclude;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;

/**
 * status of a Canary: Flagger's fields with Flagger's meaning; {@code serinus} holds what Flagger
 * has no word for.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CanaryStatus(
        @Nullable String phase,
        int failedChecks,
        int canaryWeight,
        int iterations,
        @Nullable Map<String, String> trackedConfigs,
        @Nullable String lastAppliedSpec,
        @Nullable String lastPromotedSpec,
        @Nullable String lastTransitionTime,
        @Nullable String sessionAffinityCookie,
        @Nullable String previousSessionAffinityCookie,
        @Nullable String primarySessionAffinityCookie,
        @Nullable List<Condition> conditions,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) long observedGeneration,
        @Nullable SerinusStatus serinus,
        @Nullable AnalysisStatus canaryAnalysis) {

    /** The canary's share, as exactly as it is known. */
    public Weight weight() {
        return Weight.shown(canaryWeight, serinus == null ? null : serinus.canaryWeight());
    }

    /**
     * One condition; Serinus keeps Promoted, as Flagger does, Ready, Reconciling, Stalled and
     * Accepted.
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Condition(
            String type,
            String status,
            String reason,
            @Nullable String message,
            @Nullable String lastUpdateTime,
            @Nullable String lastTransitionTime) {}

    /** What Serinus knows beyond Flagger. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record SerinusStatus(
            long run,
            long step,
            long sequence,
            @Nullable String revision,
            @Nullable String waitingFor,
            @Nullable Double canaryWeight,
            @Nullable Double baselineWeight,
            @Nullable Double mirrorWeight,
            @Nullable HeldStatus held,
            @Nullable PausedStatus paused,
            @Nullable DryRunStatus dryRun,
            long observedGeneration) {}

    /**
     * A failed analysis that people are to decide upon.
     *
     * @param gate the one that stayed closed: START, ADVANCE or PROMOTE; null where something else
     *     failed
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record HeldStatus(String because, @Nullable String gate, @Nullable String webhook) {}

    /** Who holds it, and why. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record PausedStatus(String by, @Nullable String reason) {}

    /** What would be so if all were done that was decided. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record DryRunStatus(
            String phase,
            Double canaryWeight,
            int iterations,
            int failedChecks,
            @Nullable String revision,
            long sequence) {}

    /**
     * What the last check of a run found, and what was counted beside limits of metrics; the
     * samples of comparisons are in the history.
     *
     * @param from begin of the window of comparisons; null where there are none
     * @param score total, 0 to 100; null when none is asked for
     * @param metrics what was compared
     * @param checks all metrics
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record AnalysisStatus(
            @Nullable String from,
            @Nullable String at,
            @Nullable String verdict,
            @Nullable Double score,
            @Nullable List<ComparedMetric> metrics,
            @Nullable List<JudgedMetric> checks,
            @Nullable List<CountedMetric> limits) {}

    /**
     * What one metric came to.
     *
     * @param value null where nothing was measured, and where it is no finite number
     * @param because why it is no pass
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record JudgedMetric(
            String name,
            @Nullable Double value,
            @Nullable Double min,
            @Nullable Double max,
            String verdict,
            @Nullable String because) {}

    /** What was counted of a metric with limits, each beside its limit. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record CountedMetric(
            String name,
            int failed,
            @Nullable Integer failureLimit,
            int failedInARow,
            @Nullable Integer consecutiveFailures,
            int inconclusive,
            @Nullable Integer inconclusiveLimit) {}

    /** What one comparison found. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record ComparedMetric(
            String name,
            String classification,
            long canarySize,
            long primarySize,
            @Nullable Double effect,
            @Nullable Double p,
            @Nullable String digest) {}
}
