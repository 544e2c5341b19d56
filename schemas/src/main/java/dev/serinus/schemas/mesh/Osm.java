package dev.serinus.schemas.mesh;

/** Open Service Mesh by SMI: Flagger's pkg/router/factory.go. */
public final class Osm {

    public static final Mesh MESH =
            Mesh.named("Open Service Mesh", ProviderName.exactly("osm"))
                    .writes(Smi.trafficSplit("v1alpha2"))
                    .can(Ability.WEIGHTS)
                    .toCome();

    private Osm() {}
}
