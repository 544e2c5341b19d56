package dev.serinus.schemas.mesh;

import dev.serinus.schemas.cluster.Kind;

/** Service Mesh Interface: Flagger's pkg/router/smi.go and its siblings. */
public final class Smi {

    public static final Mesh V1ALPHA1 = of("v1alpha1");
    public static final Mesh V1ALPHA2 = of("v1alpha2");
    public static final Mesh V1ALPHA3 = of("v1alpha3");

    private Smi() {}

    private static Mesh of(String version) {
        return Mesh.named("SMI " + version, ProviderName.beginning("smi:" + version))
                .writes(trafficSplit(version))
                .can(Ability.WEIGHTS, Ability.FINE_WEIGHTS)
                .readsOfService("hosts")
                .measuredBy(Istio.QUERIES)
                .served();
    }

    static Kind trafficSplit(String version) {
        return new Kind("split.smi-spec.io", version, "TrafficSplit", "trafficsplits");
    }
}
