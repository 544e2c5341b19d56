package dev.serinus.router.route;

import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Refusal;
import dev.serinus.schemas.canary.Canary;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Finds the router for a Canary: spec.provider, else the installation's. */
public final class Routers {

    /** Meshes that Flagger serves and this version does not. */
    private static final Set<String> TO_COME =
            Set.of(
                    "apisix", "appmesh", "contour", "gloo", "knative", "kuma", "linkerd", "nginx",
                    "osm", "skipper", "smi", "traefik");

    private final Router istio = new IstioRouter();
    private final List<Router> known =
            List.of(istio, GatewayApiRouter.v1beta1(), GatewayApiRouter.v1(), new NoRouter());
    private final String meshProvider;

    public Routers(String meshProvider) {
        this.meshProvider = meshProvider;
    }

    /** The router for a Canary. A mesh that this version cannot steer is refused. */
    public Router of(Canary canary) {
        return find(canary)
                .orElseThrow(
                        () ->
                                Refusal.invalid(
                                        ("provider %s is not supported by this version; use istio,"
                                             + " gatewayapi:v1, gatewayapi:v1beta1 or kubernetes")
                                                .formatted(provider(canary))));
    }

    /**
     * The router for a Canary; empty when this version cannot steer its mesh. Istio serves what
     * nobody knows, as in Flagger: installations rely on it with names of their own.
     */
    public Optional<Router> find(Canary canary) {
        String provider = provider(canary);
        if (TO_COME.contains(provider.replaceFirst(":.*", ""))) {
            return Optional.empty();
        }
        return Optional.of(
                known.stream().filter(router -> router.serves(provider)).findFirst().orElse(istio));
    }

    /** The split that an object shows, if it is a route of any mesh. */
    public Optional<Split> shown(ClusterObject object) {
        return known.stream().flatMap(router -> router.shown(object).stream()).findFirst();
    }

    private String provider(Canary canary) {
        String own = canary.getSpec().provider();
        return own == null || own.isEmpty() ? meshProvider : own;
    }
}
