package dev.serinus.schemas.canary;

import com.fasterxml.jackson.annotation.JsonInclude;

import org.jspecify.annotations.Nullable;

import java.util.Map;

/**
 * Names the target's autoscaler, and what differs in the primary's copy.
 *
 * @param primaryScalerTriggers metadata of a trigger in it, by the trigger's name and the key
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record AutoscalerRef(
        @Nullable String apiVersion,
        String kind,
        String name,
        @Nullable Map<String, String> primaryScalerQueries,
        @Nullable Map<String, Map<String, String>> primaryScalerTriggers,
        @Nullable ScalerReplicas primaryScalerReplicas) {

    /** Bounds of the primary's autoscaler. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record ScalerReplicas(@Nullable Integer minReplicas, @Nullable Integer maxReplicas) {}
}
