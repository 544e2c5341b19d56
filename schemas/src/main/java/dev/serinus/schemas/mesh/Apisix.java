package dev.serinus.schemas.mesh;

import dev.serinus.schemas.cluster.Kind;

/** Apache APISIX: Flagger's pkg/router/apisix.go. */
public final class Apisix {

    /** How APISIX speaks to the Service that has its name. */
    public static final Kind UPSTREAM =
            new Kind("apisix.apache.org", "v2", "ApisixUpstream", "apisixupstreams");

    public static final Kind ROUTE =
            new Kind("apisix.apache.org", "v2", "ApisixRoute", "apisixroutes");

    private static final String ROUTE_LABEL =
            "route=~\"{{ namespace }}_{{ route }}-{{ service }}-canary_.+\"";

    private static final BuiltinQueries QUERIES =
            BuiltinQueries.counting(
                            "apisix_http_status{ %s, code!~\"5..\" }".formatted(ROUTE_LABEL),
                            "apisix_http_status{ %s }".formatted(ROUTE_LABEL))
                    .percentile(
                            "apisix_http_latency_bucket{ type=~\"request\", %s }"
                                    .formatted(ROUTE_LABEL));

    public static final Mesh MESH =
            Mesh.named("APISIX", ProviderName.exactly("apisix"))
                    .reads(ROUTE)
                    .looksAt(UPSTREAM)
                    .writes(ROUTE)
                    .can(Ability.WEIGHTS, Ability.FINE_WEIGHTS)
                    .needs(Requirement.ROUTE)
                    .measuredBy(QUERIES)
                    .served();

    private Apisix() {}
}
