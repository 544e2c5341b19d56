package dev.serinus.schemas.mesh;

import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.mesh.Condition.Matcher;

import java.util.List;
import java.util.stream.Stream;

/** AWS App Mesh: Flagger's pkg/router/appmesh.go and appmesh_v1beta2.go. */
public final class AppMesh {

    private static final String GROUP = "appmesh.k8s.aws";

    public static final Kind VIRTUAL_NODE_V1BETA1 = node("v1beta1");
    public static final Kind VIRTUAL_SERVICE_V1BETA1 = service("v1beta1");
    public static final Kind VIRTUAL_NODE = node("v1beta2");
    public static final Kind VIRTUAL_ROUTER =
            new Kind(GROUP, "v1beta2", "VirtualRouter", "virtualrouters");
    public static final Kind VIRTUAL_SERVICE = service("v1beta2");

    private static final BuiltinQueries QUERIES =
            BuiltinQueries.counting(
                            "envoy_cluster_upstream_rq{ %s, envoy_response_code!~\"5.*\" }"
                                    .formatted(BuiltinQueries.POD_LABELS),
                            "envoy_cluster_upstream_rq{ %s }".formatted(BuiltinQueries.POD_LABELS))
                    .percentile(
                            "envoy_cluster_upstream_rq_time_bucket{ %s }"
                                    .formatted(BuiltinQueries.POD_LABELS));

    /**
     * Words of {@code retryOn} about answers of HTTP, about connections and about calls of gRPC.
     */
    public static final List<String> RETRY_HTTP =
            List.of("server-error", "gateway-error", "client-error", "stream-error");

    public static final List<String> RETRY_TCP = List.of("connection-error");

    public static final List<String> RETRY_CALLS =
            List.of(
                    "cancelled",
                    "deadline-exceeded",
                    "internal",
                    "resource-exhausted",
                    "unavailable");

    private static final RetryEvents RETRY_EVENTS =
            new RetryEvents(
                    Stream.concat(RETRY_HTTP.stream(), RETRY_TCP.stream()).toList(), RETRY_CALLS);

    public static final Mesh V1BETA1 =
            Mesh.named(
                            "App Mesh v1beta1",
                            ProviderName.exactly("appmesh"),
                            ProviderName.exactly("appmesh:v1beta1"))
                    .writes(VIRTUAL_NODE_V1BETA1, VIRTUAL_SERVICE_V1BETA1)
                    .can(Ability.WEIGHTS)
                    .routesBy(Condition.any("headers"))
                    .servesBy(
                            Condition.by("uri", Matcher.PREFIX),
                            Condition.by("method", Matcher.EXACT),
                            Condition.any("headers"))
                    .readsOfService("meshName", "hosts", "timeout", "retries", "backends")
                    .retriesOn(RETRY_EVENTS)
                    .needs(Requirement.MESH_NAME)
                    .measuredBy(QUERIES)
                    .served();

    public static final Mesh V1BETA2 =
            Mesh.named("App Mesh", ProviderName.beginning("appmesh:v1beta2"))
                    .writes(VIRTUAL_NODE, VIRTUAL_ROUTER, VIRTUAL_SERVICE)
                    .can(Ability.WEIGHTS, Ability.CALLS)
                    .routesBy(Condition.any("headers"))
                    .servesBy(
                            Condition.any("uri"),
                            Condition.by("method", Matcher.EXACT),
                            Condition.any("headers"))
                    .readsOfService("hosts", "timeout", "retries", "backends")
                    .retriesOn(RETRY_EVENTS)
                    .measuredBy(QUERIES)
                    .served();

    private AppMesh() {}

    private static Kind node(String version) {
        return new Kind(GROUP, version, "VirtualNode", "virtualnodes");
    }

    private static Kind service(String version) {
        return new Kind(GROUP, version, "VirtualService", "virtualservices");
    }
}
