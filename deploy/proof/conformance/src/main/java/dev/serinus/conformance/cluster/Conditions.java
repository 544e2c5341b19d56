package dev.serinus.conformance.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.conformance.json.Json;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;

/** The conditions of a status, with the times of their changes. */
final class Conditions {

    private final Map<String, ObjectNode> byType = new LinkedHashMap<>();
    private final String now;

    Conditions(JsonNode before, Instant now) {
        before.forEach(each -> byType.put(each.path("type").asText(), each.deepCopy()));
        this.now = now.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /** Leaves one alone that says so already. */
    void set(String type, boolean holds, String reason) {
        if (!reason(type).equals(reason) || is(type) != holds) {
            renew(type, holds, reason);
        }
    }

    /** Says it anew, as of now. */
    void renew(String type, boolean holds, String reason) {
        JsonNode old = byType.get(type);
        String since =
                old != null && is(type) == holds ? old.path("lastTransitionTime").asText() : now;
        byType.put(
                type,
                Json.object()
                        .put("type", type)
                        .put("status", holds ? "True" : "False")
                        .put("reason", reason)
                        .put("lastUpdateTime", now)
                        .put("lastTransitionTime", since));
    }

    String reason(String type) {
        ObjectNode condition = byType.get(type);
        return condition == null ? "" : condition.path("reason").asText();
    }

    /** When it was said last. */
    Instant updated(String type) {
        ObjectNode condition = byType.get(type);
        return Instant.parse(condition == null ? now : condition.path("lastUpdateTime").asText());
    }

    private boolean is(String type) {
        ObjectNode condition = byType.get(type);
        return condition != null && condition.path("status").asText().equals("True");
    }

    ArrayNode list() {
        return Json.object().arrayNode().addAll(byType.values());
    }
}
