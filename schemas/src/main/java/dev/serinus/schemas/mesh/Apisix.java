package dev.serinus.schemas.mesh;

import dev.serinus.schemas.cluster.Kind;

/** Apache APISIX: Flagger's pkg/router/apisix.go. */
public final class Apisix {

    public static final Kind ROUTE =
            new Kind("apisix.apache.org", "v2", "ApisixRoute", "apisixroutes");

    public static final Mesh MESH =
            Mesh.named("APISIX", ProviderName.exactly("apisix"))
                    .reads(ROUTE)
                    .writes(ROUTE)
                    .can(Ability.WEIGHTS)
                    .needs(Requirement.ROUTE)
                    .toCome();

    private Apisix() {}
}
