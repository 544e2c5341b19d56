package dev.serinus.conformance.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.List;

/** The addresses of Services: each gets one of its own, and keeps it. */
final class Addresses {

    private static final int OF_A_NETWORK = 250;

    private int given;

    /** Gives a new Service an address, unless it wants none. */
    void give(ObjectNode spec) {
        if (!spec.has("clusterIP") && !spec.path("type").asText().equals("ExternalName")) {
            given++;
            spec.put(
                    "clusterIP",
                    "10.0.%d.%d".formatted(given / OF_A_NETWORK, given % OF_A_NETWORK + 1));
        }
        if (spec.has("clusterIP")) {
            spec.putArray("clusterIPs").add(spec.path("clusterIP").asText());
            spec.putArray("ipFamilies").add("IPv4");
            spec.put("ipFamilyPolicy", "SingleStack");
        }
    }

    /** Leaves a Service the address it has; another is refused. */
    static void keep(Resource resource, JsonNode before, ObjectNode after) {
        String wanted = after.path("clusterIP").asText();
        if (!wanted.isEmpty() && !wanted.equals(before.path("clusterIP").asText())) {
            throw ApiError.invalid(
                    resource,
                    "",
                    "spec.clusterIPs[0]: Invalid value: [\"%s\"]: may not change once set"
                            .formatted(wanted));
        }
        for (String name : List.of("clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy")) {
            if (before.has(name)) {
                after.set(name, before.get(name));
            }
        }
    }
}
