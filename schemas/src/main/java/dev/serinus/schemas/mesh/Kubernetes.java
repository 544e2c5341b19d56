package dev.serinus.schemas.mesh;

/** Nothing but Services: Flagger's pkg/router/nop.go. */
public final class Kubernetes {

    public static final Mesh MESH =
            Mesh.named("Kubernetes", ProviderName.exactly("kubernetes"))
                    .alsoCalled("none", "k8s")
                    .can(Ability.TCP)
                    .served();

    /**
     * The same for a Canary whose share is that of its pods among all that one Service selects
     * ({@code spec.analysis.replicas: weighted}). It is no mesh of its own: the provider is the
     * same.
     */
    public static final Mesh BY_REPLICAS =
            Mesh.named("Kubernetes by replicas", ProviderName.exactly("kubernetes"))
                    .can(Ability.WEIGHTS, Ability.TCP)
                    .served();

    /** The label that pods of both sides have in common then; its value is the Canary's name. */
    public static final String SHARED_LABEL = "serinus.dev/traffic";

    /**
     * The largest share below all traffic that a canary can have then, in percent: beside a primary
     * of its full size it has as many pods.
     */
    public static final int MOST_PERCENT = 50;

    private Kubernetes() {}
}
