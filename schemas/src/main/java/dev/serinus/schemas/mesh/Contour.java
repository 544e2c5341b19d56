package dev.serinus.schemas.mesh;

import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.mesh.Condition.Matcher;

/** Contour: Flagger's pkg/router/contour.go. */
public final class Contour {

    public static final Mesh MESH =
            Mesh.named("Contour", ProviderName.exactly("contour"))
                    .writes(new Kind("projectcontour.io", "v1", "HTTPProxy", "httpproxies"))
                    .can(Ability.WEIGHTS)
                    .routesBy(
                            Condition.by("headers", Matcher.EXACT, Matcher.PREFIX, Matcher.SUFFIX))
                    .toCome();

    private Contour() {}
}
