package dev.serinus.schemas.canary;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;

import io.fabric8.kubernetes.api.model.IntOrString;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;

/**
 * spec.service: the services and routes to generate. What is handed to a mesh as it was written
 * stays JSON, so that nothing of it is lost because we have no name for it.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CanaryService(
        @Nullable String name,
        int port,
        @Nullable String portName,
        @Nullable IntOrString targetPort,
        @Nullable String appProtocol,
        @Nullable String trafficDistribution,
        @Nullable Boolean portDiscovery,
        @Nullable Boolean headless,
        @Nullable String timeout,
        @Nullable String backendTimeout,
        @Nullable List<String> gateways,
        @Nullable List<JsonNode> gatewayRefs,
        @Nullable List<ObjectRef> routeRefs,
        @Nullable List<String> hosts,
        @Nullable Boolean delegation,
        @Nullable JsonNode trafficPolicy,
        @Nullable List<JsonNode> match,
        @Nullable JsonNode rewrite,
        @Nullable JsonNode retries,
        @Nullable JsonNode headers,
        @Nullable List<JsonNode> mirror,
        @Nullable JsonNode corsPolicy,
        @Nullable String meshName,
        @Nullable List<String> backends,
        @Nullable CustomMetadata apex,
        @Nullable CustomMetadata primary,
        @Nullable CustomMetadata canary,
        @Nullable UnmanagedMetadata unmanagedMetadata) {

    /** Labels and annotations for one of the three services. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record CustomMetadata(
            @Nullable Map<String, String> labels, @Nullable Map<String, String> annotations) {}

    /** Keys that are left alone on the services we own. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record UnmanagedMetadata(
            @Nullable List<String> labels, @Nullable List<String> annotations) {}
}
