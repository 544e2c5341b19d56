package dev.serinus.schemas.mesh;

import dev.serinus.schemas.cluster.Kind;

/** Gloo Edge: Flagger's pkg/router/gloo.go. */
public final class Gloo {

    public static final Kind UPSTREAM = new Kind("gloo.solo.io", "v1", "Upstream", "upstreams");
    public static final Kind ROUTE_TABLE =
            new Kind("gateway.solo.io", "v1", "RouteTable", "routetables");

    private static final String LABELS =
            "envoy_cluster_name=~\"{{ namespace }}-{{ service"
                    + " }}-canaryupstream-[0-9a-zA-Z-]+_[0-9a-zA-Z-]+\"";

    private static final BuiltinQueries QUERIES =
            BuiltinQueries.counting(
                            "envoy_cluster_upstream_rq{ %s, envoy_response_code!~\"5.*\" }"
                                    .formatted(LABELS),
                            "envoy_cluster_upstream_rq{ %s, }".formatted(LABELS))
                    .percentile("envoy_cluster_upstream_rq_time_bucket{ %s, }".formatted(LABELS));

    /** The Upstream of {@code spec.upstreamRef} is the user's, the others are ours. */
    public static final Mesh MESH =
            Mesh.named("Gloo", ProviderName.beginning("gloo"))
                    .reads(UPSTREAM)
                    .writes(UPSTREAM, ROUTE_TABLE)
                    .can(Ability.WEIGHTS, Ability.FINE_WEIGHTS, Ability.CROSS_NAMESPACE)
                    .routesBy(Condition.any("headers"), Condition.any("queryParams"))
                    .measuredBy(QUERIES)
                    .served();

    private Gloo() {}
}
