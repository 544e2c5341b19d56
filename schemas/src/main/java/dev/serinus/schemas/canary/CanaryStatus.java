package dev.serinus.schemas.canary;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;

/**
 * status of a Canary: Flagger's fields with Flagger's meaning; {@code serinus} holds what Flagger
 * has no word for.
 */
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
        @Nullable SerinusStatus serinus) {

    /** One condition; Serinus keeps Promoted, as Flagger does, and Accepted. */
    public record Condition(
            String type,
            String status,
            String reason,
            @Nullable String message,
            @Nullable String lastUpdateTime,
            @Nullable String lastTransitionTime) {}

    /** What Serinus knows beyond Flagger. */
    public record SerinusStatus(
            long run,
            long step,
            long sequence,
            @Nullable String revision,
            @Nullable String waitingFor,
            long observedGeneration) {}
}
