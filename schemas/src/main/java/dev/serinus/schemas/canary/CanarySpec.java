package dev.serinus.schemas.canary;

import com.fasterxml.jackson.annotation.JsonInclude;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** spec of a Canary. Everything is as written: absent is null, nothing is defaulted here. */
@JsonInclude(JsonInclude.Include.NON_NULL)
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
        @Nullable Boolean suspend,
        @Nullable Boolean dryRun,
        @Nullable List<Predecessor> after,
        @Nullable List<String> awaitedBy,
        @Nullable Group group) {

    /** Canaries that are promoted together or not at all. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Group(
            String name,
            @Nullable List<Member> members,
            @Nullable String timeout,
            @Nullable String onTimeout) {}

    /** One of a group. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Member(@Nullable String cluster, @Nullable String namespace, String name) {}

    /** Another Canary that is to be promoted with the same release first. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Predecessor(
            @Nullable String cluster,
            @Nullable String namespace,
            String name,
            @Nullable String soak,
            @Nullable String timeout,
            @Nullable String onTimeout,
            @Nullable String onFailure,
            @Nullable Boolean ignoreRegistry) {}
}
