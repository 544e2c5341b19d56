package dev.serinus.schemas.mesh;

import dev.serinus.schemas.cluster.Kind;

/** Flagger's pkg/router/istio.go. */
public final class Istio {

    public static final Kind VIRTUAL_SERVICE =
            new Kind("networking.istio.io", "v1beta1", "VirtualService", "virtualservices");
    public static final Kind DESTINATION_RULE =
            new Kind("networking.istio.io", "v1beta1", "DestinationRule", "destinationrules");

    private static final String LABELS =
            "reporter=\"destination\", destination_workload_namespace=\"{{ namespace }}\","
                    + " destination_workload=~\"{{ target }}\"";

    /** Of any mesh that exports what Istio does, too. */
    static final BuiltinQueries QUERIES =
            BuiltinQueries.counting(
                            "istio_requests_total{ %s, response_code!~\"5.*\" }".formatted(LABELS),
                            "istio_requests_total{ %s }".formatted(LABELS))
                    .percentile(
                            "istio_request_duration_milliseconds_bucket{ %s }".formatted(LABELS));

    public static final Mesh MESH =
            Mesh.named("Istio", ProviderName.exactly("istio"))
                    .writes(DESTINATION_RULE, VIRTUAL_SERVICE)
                    .can(
                            Ability.WEIGHTS,
                            Ability.FINE_WEIGHTS,
                            Ability.BASELINE,
                            Ability.MIRROR_BEFORE_WEIGHTS,
                            Ability.MIRROR,
                            Ability.MIRROR_SHARE,
                            Ability.SESSION_AFFINITY,
                            Ability.PRIMARY_COOKIE,
                            Ability.TCP,
                            Ability.DELEGATION,
                            Ability.CROSS_NAMESPACE)
                    .routesBy(
                            Condition.any("headers"),
                            Condition.any("queryParams"),
                            Condition.any("sourceLabels"))
                    .servesBy(Condition.EVERYTHING)
                    .readsOfService(
                            "hosts",
                            "gateways",
                            "delegation",
                            "trafficPolicy",
                            "rewrite",
                            "timeout",
                            "retries",
                            "headers",
                            "corsPolicy")
                    .measuredBy(QUERIES)
                    .served();

    private Istio() {}
}
