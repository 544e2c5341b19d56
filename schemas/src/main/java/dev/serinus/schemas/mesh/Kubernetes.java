package dev.serinus.schemas.mesh;

/** Nothing but Services: Flagger's pkg/router/nop.go. */
public final class Kubernetes {

    public static final Mesh MESH =
            Mesh.named("Kubernetes", ProviderName.exactly("kubernetes"))
                    .alsoCalled("none", "k8s")
                    .can(Ability.TCP)
                    .served();

    private Kubernetes() {}
}
