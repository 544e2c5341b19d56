package dev.serinus.dataplane;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Releases through the real Contour and Envoy by Gateway API, as {@link TraefikIT} does. */
@OnDataPlane
@Tag("nightly")
class ContourIT {

    @Test
    void servesWhatIsDeclaredAndLosesNoRequest() {
        RealProxy.plays("contour");
    }
}
