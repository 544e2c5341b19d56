package dev.serinus.schemas.mesh;

import dev.serinus.schemas.cluster.Kind;

/** Kuma: Flagger's pkg/router/kuma.go. */
public final class Kuma {

    public static final Kind TRAFFIC_ROUTE =
            Kind.ofCluster("kuma.io", "v1alpha1", "TrafficRoute", "trafficroutes");

    /** What services are in; by its name TrafficRoutes say which one they are about. */
    public static final Kind MESHES = Kind.ofCluster("kuma.io", "v1alpha1", "Mesh", "meshes");

    private static final String LABELS =
            "service=~\"{{ service }}-canary_{{ namespace }}_svc_[0-9a-zA-Z-]+\"";

    private static final BuiltinQueries QUERIES =
            BuiltinQueries.counting(
                            "envoy_cluster_upstream_rq{ %s, envoy_response_code!~\"5.*\" }"
                                    .formatted(LABELS),
                            "envoy_cluster_upstream_rq{ %s, }".formatted(LABELS))
                    .percentile("envoy_cluster_upstream_rq_time_bucket{ %s, }".formatted(LABELS));

    public static final Mesh MESH =
            Mesh.named("Kuma", ProviderName.exactly("kuma"))
                    .looksAt(MESHES)
                    .writes(TRAFFIC_ROUTE)
                    .can(Ability.WEIGHTS, Ability.FINE_WEIGHTS)
                    .measuredBy(QUERIES)
                    .served();

    private Kuma() {}
}
