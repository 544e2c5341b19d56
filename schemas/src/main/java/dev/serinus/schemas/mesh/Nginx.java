package dev.serinus.schemas.mesh;

import dev.serinus.schemas.mesh.Condition.Matcher;

/** NGINX Ingress: Flagger's pkg/router/ingress.go. */
public final class Nginx {

    private static final String REQUESTS =
            "namespace=\"{{ namespace }}\", ingress=\"{{ ingress }}\", canary!=\"\"";

    private static final BuiltinQueries QUERIES =
            BuiltinQueries.counting(
                            "nginx_ingress_controller_requests{ %s, status!~\"5.*\" }"
                                    .formatted(REQUESTS),
                            "nginx_ingress_controller_requests{ %s }".formatted(REQUESTS))
                    .mean(
                            "nginx_ingress_controller_response_duration_seconds_sum{ %s }"
                                    .formatted(REQUESTS),
                            "nginx_ingress_controller_response_duration_seconds_count{ %s }"
                                    .formatted(REQUESTS));

    public static final Mesh MESH =
            Mesh.named("NGINX Ingress", ProviderName.exactly("nginx"))
                    .reads(Ingresses.INGRESS)
                    .writes(Ingresses.INGRESS)
                    .can(Ability.WEIGHTS)
                    .routesBy(Condition.either("headers", Matcher.EXACT, Matcher.REGEX))
                    .needs(Requirement.INGRESS, Requirement.WORKLOAD)
                    .measuredBy(QUERIES)
                    .served();

    private Nginx() {}
}
