package dev.serinus.watcher.status;

import com.fasterxml.jackson.databind.JsonNode;

/** The rules of kstatus for objects of definitions that it has no rules of its own for. */
final class Kstatus {

    private Kstatus() {}

    static String of(JsonNode object) {
        if (object.path("metadata").has("deletionTimestamp")) {
            return "Terminating";
        }
        JsonNode status = object.path("status");
        JsonNode observed = status.path("observedGeneration");
        if (observed.isNumber()
                && observed.asLong() != object.at("/metadata/generation").asLong()) {
            return "InProgress";
        }
        for (JsonNode condition : status.path("conditions")) {
            boolean holds = condition.path("status").asText().equals("True");
            String type = condition.path("type").asText();
            if (holds && type.equals("Reconciling")) {
                return "InProgress";
            }
            if (holds && type.equals("Stalled")) {
                return "Failed";
            }
        }
        for (JsonNode condition : status.path("conditions")) {
            if (condition.path("type").asText().equals("Ready")) {
                return condition.path("status").asText().equals("True") ? "Current" : "InProgress";
            }
        }
        return "Current";
    }
}
