package dev.serinus.schemas.mesh;

import dev.serinus.schemas.cluster.Kind;

/** Traefik: Flagger's pkg/router/traefik.go. */
public final class Traefik {

    public static final Mesh MESH =
            Mesh.named("Traefik", ProviderName.exactly("traefik"))
                    .writes(new Kind("traefik.io", "v1alpha1", "TraefikService", "traefikservices"))
                    .can(Ability.WEIGHTS)
                    .toCome();

    private Traefik() {}
}
