package dev.serinus.schemas.mesh;

import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.mesh.Condition.Matcher;

/** Gloo Edge: Flagger's pkg/router/gloo.go. */
public final class Gloo {

    private static final String LABELS =
            "envoy_cluster_name=~\"{{ namespace }}-{{ service"
                    + " }}-canaryupstream-[0-9a-zA-Z-]+_[0-9a-zA-Z-]+\"";

    private static final BuiltinQueries QUERIES =
            BuiltinQueries.counting(
                            "envoy_cluster_upstream_rq{ %s, envoy_response_code!~\"5.*\" }"
                                    .formatted(LABELS),
                            "envoy_cluster_upstream_rq{ %s, }".formatted(LABELS))
                    .percentile("envoy_cluster_upstream_rq_time_bucket{ %s, }".formatted(LABELS));

    public static final Mesh MESH =
            Mesh.named("Gloo", ProviderName.beginning("gloo"))
                    .writes(
                            new Kind("gloo.solo.io", "v1", "Upstream", "upstreams"),
                            new Kind("gateway.solo.io", "v1", "RouteTable", "routetables"))
                    .can(Ability.WEIGHTS, Ability.CROSS_NAMESPACE)
                    .routesBy(Condition.by("headers", Matcher.EXACT, Matcher.REGEX))
                    .measuredBy(QUERIES)
                    .toCome();

    private Gloo() {}
}
