package dev.serinus.schemas.mesh;

import dev.serinus.schemas.cluster.Kind;

/** Kuma: Flagger's pkg/router/kuma.go. */
public final class Kuma {

    public static final Mesh MESH =
            Mesh.named("Kuma", ProviderName.exactly("kuma"))
                    .writes(Kind.ofCluster("kuma.io", "v1alpha1", "TrafficRoute", "trafficroutes"))
                    .can(Ability.WEIGHTS)
                    .toCome();

    private Kuma() {}
}
