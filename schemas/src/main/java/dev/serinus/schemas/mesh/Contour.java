package dev.serinus.schemas.mesh;

import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.mesh.Condition.Matcher;

/** Contour: Flagger's pkg/router/contour.go. */
public final class Contour {

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
                    .writes(new Kind("projectcontour.io", "v1", "HTTPProxy", "httpproxies"))
                    .can(Ability.WEIGHTS)
                    .routesBy(
                            Condition.by("headers", Matcher.EXACT, Matcher.PREFIX, Matcher.SUFFIX))
                    .measuredBy(QUERIES)
                    .toCome();

    private Contour() {}
}
