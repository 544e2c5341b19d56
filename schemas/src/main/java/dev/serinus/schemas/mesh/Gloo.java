package dev.serinus.schemas.mesh;

import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.mesh.Condition.Matcher;

/** Gloo Edge: Flagger's pkg/router/gloo.go. */
public final class Gloo {

    public static final Mesh MESH =
            Mesh.named("Gloo", ProviderName.beginning("gloo"))
                    .writes(
                            new Kind("gloo.solo.io", "v1", "Upstream", "upstreams"),
                            new Kind("gateway.solo.io", "v1", "RouteTable", "routetables"))
                    .can(Ability.WEIGHTS, Ability.CROSS_NAMESPACE)
                    .routesBy(Condition.by("headers", Matcher.EXACT, Matcher.REGEX))
                    .toCome();

    private Gloo() {}
}
