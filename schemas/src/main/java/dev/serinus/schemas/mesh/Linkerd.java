package dev.serinus.schemas.mesh;

import java.util.Map;

/** Linkerd by its SMI extension: Flagger's pkg/router/factory.go. */
public final class Linkerd {

    private static final String PODS =
            "namespace=\"{{ namespace }}\", deployment=~\"{{ target }}\"";

    private static final BuiltinQueries QUERIES =
            BuiltinQueries.counting(
                            "response_total{ %s, classification!=\"failure\", direction=\"inbound\" }"
                                    .formatted(PODS),
                            "response_total{ %s, direction=\"inbound\" }".formatted(PODS))
                    .percentile(
                            "response_latency_ms_bucket{ %s, direction=\"inbound\" }"
                                    .formatted(PODS))
                    .onDaemonSet(Map.of("deployment=~", "daemonset=~"));

    public static final Mesh MESH =
            Mesh.named("Linkerd", ProviderName.exactly("linkerd"))
                    .writes(Smi.trafficSplit("v1alpha1"))
                    .can(Ability.WEIGHTS, Ability.FINE_WEIGHTS)
                    .readsOfService("hosts")
                    .measuredBy(QUERIES)
                    .served();

    private Linkerd() {}
}
