package dev.serinus.schemas.mesh;

/** Linkerd by its SMI extension: Flagger's pkg/router/factory.go. */
public final class Linkerd {

    public static final Mesh MESH =
            Mesh.named("Linkerd", ProviderName.exactly("linkerd"))
                    .writes(Smi.trafficSplit("v1alpha1"))
                    .can(Ability.WEIGHTS)
                    .toCome();

    private Linkerd() {}
}
