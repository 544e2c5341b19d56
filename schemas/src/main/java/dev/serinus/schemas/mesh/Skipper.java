package dev.serinus.schemas.mesh;

/** Skipper Ingress: Flagger's pkg/router/skipper.go. */
public final class Skipper {

    public static final Mesh MESH =
            Mesh.named("Skipper", ProviderName.exactly("skipper"))
                    .reads(Ingresses.INGRESS)
                    .writes(Ingresses.INGRESS)
                    .can(Ability.WEIGHTS)
                    .needs(Requirement.INGRESS)
                    .toCome();

    private Skipper() {}
}
