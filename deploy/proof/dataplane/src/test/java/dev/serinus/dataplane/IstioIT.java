package dev.serinus.dataplane;

import dev.serinus.dataplane.proxy.Plane;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Releases through the real istiod and Envoy by VirtualServices, as {@link TraefikIT} does by
 * Gateway API.
 */
@OnDataPlane(Plane.ISTIO)
@Tag("long")
class IstioIT {

    @Test
    void servesWhatIsDeclaredAndLosesNoRequest() {
        RealProxy.plays("istio", "--stories", "release,match,leaving");
    }

    @Test
    @Tag("nightly")
    void holdsInEveryStory() {
        RealProxy.plays("istio");
    }

    @Test
    @Tag("nightly")
    void holdsByGatewayApi() {
        RealProxy.plays("istio", "--api", "gatewayapi");
    }
}
