package dev.serinus.schemas.mesh;

import dev.serinus.schemas.cluster.Kind;

/** Contour: Flagger's pkg/router/contour.go. */
public final class Contour {

    /** How annotations begin that it reads. */
    public static final String ANNOTATIONS = "projectcontour.io/";

    public static final Kind PROXY =
            new Kind("projectcontour.io", "v1", "HTTPProxy", "httpproxies");

    private static final String LABELS =
            "envoy_cluster_name=~\"{{ namespace }}_{{ service }}-canary_[0-9a-zA-Z-]+\"";

    private static final BuiltinQueries QUERIES =
            BuiltinQueries.counting(
                            "envoy_cluster_upstream_rq{ %s, envoy_response_code!~\"5.*\" }"
                                    .formatted(LABELS),
                            "envoy_cluster_upstream_rq{ %s, }".formatted(LABELS))
                    .percentile("envoy_cluster_upstream_rq_time_bucket{ %s, }".formatted(LABELS));

    public static final Mesh MESH =
            Mesh.named("Contour", ProviderName.exactly("contour"))
                    .writes(PROXY)
                    .can(Ability.WEIGHTS, Ability.FINE_WEIGHTS)
                    .routesBy(Condition.any("headers"), Condition.any("queryParams"))
                    .servesBy(
                            Condition.any("uri"),
                            Condition.any("headers"),
                            Condition.any("queryParams"))
                    .readsOfService("timeout", "retries")
                    .measuredBy(QUERIES)
                    .served();

    private Contour() {}
}
