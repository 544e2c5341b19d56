package dev.serinus.conformance.cluster;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * How a Deployment replaces its pods.
 *
 * @param recreate all old ones go before a new one comes
 * @param surge how many there may be above the wanted number
 * @param missing how many may be missing from it
 */
record Rolling(boolean recreate, int surge, int missing) {

    /** The strategy of a spec. */
    static Rolling of(JsonNode spec) {
        int wanted = spec.path("replicas").asInt();
        if (spec.at("/strategy/type").asText().equals("Recreate")) {
            return new Rolling(true, 0, wanted);
        }
        JsonNode rolling = spec.at("/strategy/rollingUpdate");
        int surge = share(rolling.path("maxSurge"), wanted, true);
        int missing = share(rolling.path("maxUnavailable"), wanted, false);
        return new Rolling(false, surge, surge == 0 && missing == 0 ? 1 : missing);
    }

    /** A number, or a share in percent. */
    private static int share(JsonNode written, int of, boolean up) {
        if (!written.isTextual()) {
            return written.asInt();
        }
        double exact = Integer.parseInt(written.asText().replace("%", "")) * of / 100.0;
        return (int) (up ? Math.ceil(exact) : Math.floor(exact));
    }
}
