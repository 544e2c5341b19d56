package dev.serinus.schemas.mesh;

import dev.serinus.schemas.cluster.Kind;

/** Knative Serving, which routes by itself: Flagger's pkg/router/knative.go. */
public final class Knative {

    public static final Kind SERVICE = new Kind("serving.knative.dev", "v1", "Service", "services");
    public static final Kind REVISION =
            new Kind("serving.knative.dev", "v1", "Revision", "revisions");

    public static final Mesh MESH =
            Mesh.named("Knative", ProviderName.exactly("knative"))
                    .reads(REVISION)
                    .writes(SERVICE)
                    .can(Ability.WEIGHTS)
                    .withoutService()
                    .toCome();

    private Knative() {}
}
