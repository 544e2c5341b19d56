package dev.serinus.schemas.mesh;

import dev.serinus.schemas.cluster.Kind;

/** Knative Serving, which routes by itself: Flagger's pkg/router/knative.go. */
public final class Knative {

    public static final Kind SERVICE = new Kind("serving.knative.dev", "v1", "Service", "services");
    public static final Kind REVISION =
            new Kind("serving.knative.dev", "v1", "Revision", "revisions");

    private static final String LABELS = "envoy_cluster_name=~\"{{ namespace }}/{{ route }}\"";

    private static final BuiltinQueries QUERIES =
            BuiltinQueries.counting(
                            "envoy_cluster_upstream_rq{ %s, envoy_response_code!~\"5.*\" }"
                                    .formatted(LABELS),
                            "envoy_cluster_upstream_rq{ %s, }".formatted(LABELS))
                    .percentile("envoy_cluster_upstream_rq_time_bucket{ %s, }".formatted(LABELS));

    public static final Mesh MESH =
            Mesh.named("Knative", ProviderName.exactly("knative"))
                    .reads(REVISION)
                    .writes(SERVICE)
                    .can(Ability.WEIGHTS)
                    .needs(Requirement.TARGET)
                    .withoutService()
                    .measuredBy(QUERIES)
                    .served();

    private Knative() {}
}
