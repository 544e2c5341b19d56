package dev.serinus.schemas.mesh;

import dev.serinus.schemas.mesh.Condition.Matcher;

/** NGINX Ingress: Flagger's pkg/router/ingress.go. */
public final class Nginx {

    public static final Mesh MESH =
            Mesh.named("NGINX Ingress", ProviderName.exactly("nginx"))
                    .reads(Ingresses.INGRESS)
                    .writes(Ingresses.INGRESS)
                    .can(Ability.WEIGHTS)
                    .routesBy(Condition.by("headers", Matcher.EXACT, Matcher.REGEX))
                    .needs(Requirement.INGRESS)
                    .toCome();

    private Nginx() {}
}
