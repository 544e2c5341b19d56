package dev.serinus.schemas.mesh;

import java.util.Map;

/** Skipper Ingress: Flagger's pkg/router/skipper.go. */
public final class Skipper {

    private static final String ROUTE =
            "route=~\"kube(ew)?_{{ namespace }}__{{ ingress }}_canary__.*__{{ service"
                    + " }}_canary(_[0-9]+)?\"";
    private static final String COUNTED =
            "sum(rate(skipper_response_duration_seconds_bucket{%s}[{{ interval }}]))";
    private static final String ALL = COUNTED.formatted(ROUTE + ",le=\"+Inf\"");

    // Skipper calls routes after the objects they come from, in letters, digits and underscores.
    private static final BuiltinQueries QUERIES =
            new BuiltinQueries(
                    " %s / %s * 100"
                            .formatted(
                                    COUNTED.formatted(ROUTE + ",code!~\"5..\",le=\"+Inf\""), ALL),
                    ALL,
                    " sum(rate(skipper_serve_route_duration_seconds_sum{%1$s}[{{ interval }}])) / sum(rate(skipper_serve_route_duration_seconds_count{%1$s}[{{ interval }}])) * 1000"
                            .formatted(ROUTE),
                    1,
                    Map.of(),
                    true);

    public static final Mesh MESH =
            Mesh.named("Skipper", ProviderName.exactly("skipper"))
                    .reads(Ingresses.INGRESS)
                    .writes(Ingresses.INGRESS)
                    .can(Ability.WEIGHTS, Ability.FINE_WEIGHTS)
                    .needs(Requirement.INGRESS, Requirement.WORKLOAD)
                    .measuredBy(QUERIES)
                    .served();

    private Skipper() {}
}
