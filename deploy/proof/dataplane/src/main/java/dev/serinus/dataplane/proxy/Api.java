package dev.serinus.dataplane.proxy;

import dev.serinus.dataplane.cluster.RouteKind;

import java.util.List;
import java.util.Locale;

/** By what a proxy is told where requests go. */
public enum Api {
    /** By HTTPRoutes, at a Gateway. */
    GATEWAYAPI(
            "gatewayapi:v1",
            new RouteKind("gateway.networking.k8s.io/v1", "HTTPRoute"),
            List.of("release", "match", "affinity", "leaving", "flip")),
    /** Traefik by a TraefikService, to which an IngressRoute of the user's leads. */
    TRAEFIKSERVICE(
            "traefik",
            new RouteKind("traefik.io/v1alpha1", "TraefikService"),
            List.of("release", "leaving", "flip")),
    /** Contour by an HTTPProxy, which one of the user's includes. */
    HTTPPROXY(
            "contour",
            new RouteKind("projectcontour.io/v1", "HTTPProxy"),
            List.of("release", "match", "leaving", "flip")),
    /** By VirtualServices, at a Gateway of Istio's. */
    ISTIO(
            "istio",
            new RouteKind("networking.istio.io/v1beta1", "VirtualService"),
            List.of("release", "match", "affinity", "leaving", "delegate", "flip"));

    private final String provider;

    @SuppressWarnings("ImmutableEnumChecker") // a record of texts
    private final RouteKind route;

    @SuppressWarnings("ImmutableEnumChecker") // never changed
    private final List<String> stories;

    Api(String provider, RouteKind route, List<String> stories) {
        this.provider = provider;
        this.route = route;
        this.stories = stories;
    }

    /** Its name in lower case: also of the folder of its manifests. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What Serinus is told to steer, as {@code --mesh-provider} takes it. */
    public String provider() {
        return provider;
    }

    /** What is written for each application. */
    public RouteKind route() {
        return route;
    }

    /** The stories that can be played by it. */
    public List<String> stories() {
        return stories;
    }

    /** One of its manifests. */
    public String manifest(String name) {
        return id() + "/" + name;
    }

    /**
     * True where requests come in by a gateway that a Canary names, not by a route of the user's.
     */
    public boolean isByGateway() {
        return this == GATEWAYAPI || this == ISTIO;
    }

    /** What a Canary says of where its requests come in; nothing where the user's route says it. */
    public String routed(String application) {
        String gateway =
                switch (this) {
                    case GATEWAYAPI -> "gatewayRefs: [{name: gateway, namespace: apps}]";
                    case ISTIO -> "gateways: [gateway]";
                    case TRAEFIKSERVICE, HTTPPROXY -> "";
                };
        return gateway.isEmpty()
                ? ""
                : "hosts: [%s.example]%n    %s".formatted(application, gateway);
    }

    /**
     * The metric by which a version is judged. Nobody collects the proxies' own, which builtin
     * metrics of their APIs ask for.
     */
    public String metric() {
        return this == GATEWAYAPI
                ? "name: request-success-rate"
                : """
                name: success
                        templateRef: {name: success}\
                """;
    }
}
