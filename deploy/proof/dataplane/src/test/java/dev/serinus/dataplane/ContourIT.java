package dev.serinus.dataplane;

import dev.serinus.dataplane.proxy.Plane;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Releases through the real Contour and Envoy by Gateway API, as {@link TraefikIT} does. */
@OnDataPlane(Plane.CONTOUR)
@Tag("long")
class ContourIT {

    @Test
    void servesWhatIsDeclaredAndLosesNoRequest() {
        RealProxy.plays("contour", "--stories", "release,match,leaving");
    }

    @Test
    @Tag("nightly")
    void holdsInEveryStory() {
        RealProxy.plays("contour");
    }

    @Test
    @Tag("nightly")
    void holdsByHttpProxy() {
        RealProxy.plays("contour", "--api", "httpproxy");
    }
}
