package dev.serinus.router.route;

import dev.serinus.router.objects.Refusal;
import dev.serinus.schemas.canary.Canary;

import java.util.List;
import java.util.Optional;

/** Finds the router for a Canary: spec.provider, else the installation's. */
public final class Routers {

    private final List<Router> known =
            List.of(
                    new IstioRouter(),
                    GatewayApiRouter.v1beta1(),
                    GatewayApiRouter.v1(),
                    new NoRouter());
    private final String meshProvider;

    public Routers(String meshProvider) {
        this.meshProvider = meshProvider;
    }

    /** The provider in force for a Canary. */
    public String provider(Canary canary) {
        String own = canary.getSpec().provider();
        return own == null || own.isEmpty() ? meshProvider : own;
    }

    /**
     * The router for a Canary. Flagger falls back to Istio for what it does not know; a route on a
     * mesh that is not there serves nobody, so that here an unknown provider is refused.
     */
    public Router of(Canary canary) {
        return find(canary)
                .orElseThrow(
                        () ->
                                Refusal.invalid(
                                        ("provider %s is not supported by this version; use istio,"
                                             + " gatewayapi:v1, gatewayapi:v1beta1 or kubernetes")
                                                .formatted(provider(canary))));
    }

    /** The router for a Canary; empty when its provider is unknown. */
    public Optional<Router> find(Canary canary) {
        String provider = provider(canary);
        return known.stream().filter(router -> router.serves(provider)).findFirst();
    }
}
