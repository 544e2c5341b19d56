package dev.serinus.schemas.canary;

import com.fasterxml.jackson.annotation.JsonInclude;

import org.jspecify.annotations.Nullable;

import java.util.Map;

/** Names the target's autoscaler, and what differs in the primary's copy. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record AutoscalerRef(
        @Nullable String apiVersion,
        String kind,
        String name,
        @Nullable Map<String, String> primaryScalerQueries,
        @Nullable ScalerReplicas primaryScalerReplicas) {

    /** Bounds of the primary's autoscaler. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record ScalerReplicas(@Nullable Integer minReplicas, @Nullable Integer maxReplicas) {}
}
