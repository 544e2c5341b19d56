package dev.serinus.schemas.canary;

import org.jspecify.annotations.Nullable;

/** spec of a Canary. Everything is as written: absent is null, nothing is defaulted here. */
public record CanarySpec(
        @Nullable String provider,
        @Nullable String metricsServer,
        ObjectRef targetRef,
        @Nullable AutoscalerRef autoscalerRef,
        @Nullable ObjectRef ingressRef,
        @Nullable ObjectRef routeRef,
        @Nullable UpstreamRef upstreamRef,
        @Nullable CanaryService service,
        CanaryAnalysis analysis,
        @Nullable Integer progressDeadlineSeconds,
        @Nullable Boolean skipAnalysis,
        @Nullable Boolean revertOnDeletion,
        @Nullable Boolean suspend) {}
