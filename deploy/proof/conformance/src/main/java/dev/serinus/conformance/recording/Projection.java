package dev.serinus.conformance.recording;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.conformance.json.Json;

import java.util.List;
import java.util.Optional;

/**
 * What is worth noting of a change: the status of a Canary, size and images of a workload, the
 * words of an event about a Canary, readiness of a pod, all else whole.
 */
final class Projection {

    private static final List<String> CONTENT = List.of("spec", "data", "scaleTargetRef");

    private Projection() {}

    /** Empty for what is of no interest. */
    static Optional<JsonNode> of(String kind, JsonNode object) {
        return switch (kind) {
            case "canaries" -> {
                var status = IgnoredFields.without(object.path("status"));
                yield Optional.of(
                        status instanceof ObjectNode fields
                                ? fields.without("trackedConfigs")
                                : Json.object());
            }
            case "deployments", "daemonsets" -> Optional.of(workload(object.path("spec")));
            case "pods" -> Optional.of(pod(object));
            case "events" ->
                    object.path("involvedObject").path("kind").asText().equals("Canary")
                            ? Optional.of(event(object))
                            : Optional.empty();
            default -> Optional.of(whole(IgnoredFields.without(object)));
        };
    }

    private static JsonNode workload(JsonNode spec) {
        JsonNode pod = spec.path("template").path("spec");
        ArrayNode images = Json.object().arrayNode();
        pod.path("containers").forEach(container -> images.add(container.path("image")));
        var projection = Json.object();
        projection.set("replicas", spec.get("replicas"));
        projection.set("images", images);
        projection.set("nodeSelector", pod.get("nodeSelector"));
        return projection;
    }

    /** Who made it, whom it may serve, and whether it does: one that is leaving serves nobody. */
    private static JsonNode pod(JsonNode object) {
        JsonNode metadata = object.path("metadata");
        JsonNode status = object.path("status");
        boolean ready =
                status.path("phase").asText().equals("Running")
                        && !metadata.has("deletionTimestamp")
                        && status.path("conditions")
                                .valueStream()
                                .filter(
                                        condition ->
                                                condition.path("type").asText().equals("Ready"))
                                .anyMatch(
                                        condition ->
                                                condition.path("status").asText().equals("True"));
        var projection = Json.object();
        projection.put("owner", metadata.at("/ownerReferences/0/name").asText());
        projection.set("labels", metadata.get("labels"));
        return projection.put("ready", ready);
    }

    private static JsonNode event(JsonNode object) {
        var projection = Json.object();
        for (String name : List.of("type", "reason", "message")) {
            projection.set(name, object.get(name));
        }
        return projection;
    }

    private static JsonNode whole(JsonNode object) {
        var projection = Json.object();
        projection.set("labels", object.path("metadata").get("labels"));
        projection.set("annotations", object.path("metadata").get("annotations"));
        object.properties()
                .forEach(
                        each -> {
                            if (CONTENT.contains(each.getKey())) {
                                projection.set(each.getKey(), each.getValue());
                            }
                        });
        return projection;
    }
}
