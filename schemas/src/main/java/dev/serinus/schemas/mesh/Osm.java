package dev.serinus.schemas.mesh;

import java.util.Map;

/** Open Service Mesh by SMI: Flagger's pkg/router/factory.go. */
public final class Osm {

    private static final String PODS =
            "destination_namespace=\"{{ namespace }}\", destination_kind=\"Deployment\","
                    + " destination_name=\"{{ target }}\"";

    private static final BuiltinQueries QUERIES =
            BuiltinQueries.counting(
                            "osm_request_total{ %s, response_code!~\"5.*\" }".formatted(PODS),
                            "osm_request_total{ %s }".formatted(PODS))
                    .percentile("osm_request_duration_ms_bucket{ %s }".formatted(PODS))
                    .onDaemonSet(Map.of("\"Deployment\"", "\"DaemonSet\""));

    public static final Mesh MESH =
            Mesh.named("Open Service Mesh", ProviderName.exactly("osm"))
                    .writes(Smi.trafficSplit("v1alpha2"))
                    .can(Ability.WEIGHTS)
                    .readsOfService("hosts")
                    .measuredBy(QUERIES)
                    .served();

    private Osm() {}
}
