package dev.serinus.dataplane;

import dev.serinus.dataplane.proxy.Plane;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Releases through the real Traefik by Gateway API: no request fails, and the split is served. */
@OnDataPlane(Plane.TRAEFIK)
@Tag("long")
class TraefikIT {

    @Test
    void servesWhatIsDeclaredAndLosesNoRequest() {
        RealProxy.plays("traefik", "--stories", "release,match,leaving");
    }

    @Test
    @Tag("nightly")
    void holdsInEveryStory() {
        RealProxy.plays("traefik");
    }

    @Test
    @Tag("nightly")
    void holdsByTraefikService() {
        RealProxy.plays("traefik", "--api", "traefikservice");
    }
}
