package dev.serinus.schemas.mesh;

import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.mesh.Condition.Matcher;

import java.time.Duration;

/** Emissary-ingress, by the weights of its Mappings. Flagger does not serve it. */
public final class Emissary {

    public static final Kind MAPPING =
            new Kind("getambassador.io", "v3alpha1", "Mapping", "mappings");

    private static final String CLUSTER =
            "envoy_cluster_name=\"{{ namespace }}_{{ service }}-canary\"";

    private static final BuiltinQueries QUERIES =
            BuiltinQueries.counting(
                            "envoy_cluster_upstream_rq{ %s, envoy_response_code!~\"5.*\" }"
                                    .formatted(CLUSTER),
                            "envoy_cluster_upstream_rq{ %s }".formatted(CLUSTER))
                    .percentile("envoy_cluster_upstream_rq_time_bucket{ %s }".formatted(CLUSTER));

    /** One to five seconds, and longer while it holds back changes for want of memory. */
    private static final Duration FOLLOWS = Duration.ofSeconds(10);

    public static final Mesh MESH =
            Mesh.named("Emissary", ProviderName.exactly("emissary"))
                    .alsoCalled("ambassador")
                    .reads(MAPPING)
                    .writes(MAPPING)
                    .can(Ability.WEIGHTS)
                    .routesBy(
                            Condition.whole("headers", Matcher.values()),
                            Condition.whole("queryParams", Matcher.values()))
                    .needs(Requirement.ROUTE, Requirement.WORKLOAD)
                    .measuredBy(QUERIES)
                    .followsWithin(FOLLOWS)
                    .beyondFlagger()
                    .served();

    private Emissary() {}

    /**
     * What the canary's requests are counted by: Emissary's own name for where a Mapping leads
     * depends on how that is written.
     *
     * @param namespace of the Canary; neither name has the character between them
     */
    public static String statsName(String namespace, String apex) {
        return namespace + "_" + apex + "-canary";
    }
}
