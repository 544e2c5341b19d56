package dev.serinus.schemas.mesh;

import java.time.Duration;

/**
 * AWS Load Balancer Controller, by the weights of target groups in an Ingress of the user's. It has
 * no series of the requests, so that what the application says of itself counts. Flagger does not
 * serve it.
 */
public final class Alb {

    /** How the annotations begin that the controller reads, where it was not told otherwise. */
    public static final String ANNOTATIONS = "alb.ingress.kubernetes.io/";

    /** About ten seconds until pods are registered, and the first health check, 15 by default. */
    private static final Duration FOLLOWS = Duration.ofSeconds(30);

    public static final Mesh MESH =
            Mesh.named("AWS Load Balancer", ProviderName.exactly("alb"))
                    .writes(Ingresses.INGRESS)
                    .can(Ability.WEIGHTS)
                    .needs(Requirement.INGRESS)
                    .followsWithin(FOLLOWS)
                    .beyondFlagger()
                    .served();

    private Alb() {}
}
