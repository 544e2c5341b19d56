package dev.serinus.schemas.mesh;

import dev.serinus.schemas.cluster.Kind;

/** Traefik: Flagger's pkg/router/traefik.go. */
public final class Traefik {

    public static final Kind TRAEFIK_SERVICE =
            new Kind("traefik.io", "v1alpha1", "TraefikService", "traefikservices");

    private static final String SERIES = "traefik_service_request_duration_seconds_bucket";
    private static final String SERVICE =
            "service=~\"{{ namespace }}-{{ service }}-canary-[0-9a-zA-Z-]+@kubernetescrd\"";

    private static final BuiltinQueries QUERIES =
            BuiltinQueries.counting(
                            "%s{ %s, code!~\"5..\", le=\"+Inf\" }".formatted(SERIES, SERVICE),
                            "%s{ %s, le=\"+Inf\" }".formatted(SERIES, SERVICE))
                    .percentileOfSeconds("%s{ %s }".formatted(SERIES, SERVICE));

    public static final Mesh MESH =
            Mesh.named("Traefik", ProviderName.exactly("traefik"))
                    .writes(TRAEFIK_SERVICE)
                    .can(Ability.WEIGHTS, Ability.FINE_WEIGHTS)
                    .measuredBy(QUERIES)
                    .served();

    private Traefik() {}
}
