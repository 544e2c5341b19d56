package dev.serinus.schemas.admission;

import java.util.Set;

/** A family of routers, as far as the rules need to know what it can do. */
enum Mesh {
    ISTIO("headers", "sourceLabels", "queryParams"),
    GATEWAY_API("headers", "queryParams"),
    APPMESH("headers"),
    APPMESH_V1BETA2("headers"),
    CONTOUR("headers"),
    GLOO("headers"),
    NGINX("headers"),
    SKIPPER,
    APISIX,
    LINKERD,
    SMI,
    OSM,
    KUMA,
    TRAEFIK,
    KNATIVE,
    KUBERNETES;

    @SuppressWarnings("ImmutableEnumChecker") // it comes from Set.of
    private final Set<String> conditions;

    Mesh(String... conditions) {
        this.conditions = Set.of(conditions);
    }

    /** The router that serves a provider string; as in Flagger, Istio serves every unknown one. */
    static Mesh of(String provider) {
        return switch (provider) {
            case "appmesh" -> APPMESH;
            case "linkerd" -> LINKERD;
            case "contour" -> CONTOUR;
            case "knative" -> KNATIVE;
            case "nginx" -> NGINX;
            case "skipper" -> SKIPPER;
            case "traefik" -> TRAEFIK;
            case "apisix" -> APISIX;
            case "osm" -> OSM;
            case "kuma" -> KUMA;
            case "kubernetes" -> KUBERNETES;
            default -> ofPrefix(provider);
        };
    }

    private static Mesh ofPrefix(String provider) {
        if (provider.startsWith("appmesh:v1beta2")) {
            return APPMESH_V1BETA2;
        }
        if (provider.startsWith("smi:v1alpha")) {
            return SMI;
        }
        if (provider.startsWith("gloo")) {
            return GLOO;
        }
        return provider.startsWith("gatewayapi:v1") ? GATEWAY_API : ISTIO;
    }

    /**
     * The kinds of conditions of analysis.match that reach the route; empty for a mesh without A/B
     * testing.
     */
    Set<String> conditions() {
        return conditions;
    }
}
