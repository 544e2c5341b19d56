package dev.serinus.conformance.recording;

import com.fasterxml.jackson.databind.JsonNode;

import dev.serinus.conformance.json.Json;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;

/**
 * What happened in one scenario.
 *
 * @param scenario its name
 * @param controller who was at work
 * @param error why the scenario did not get to its end, null when it did
 * @param timeline every change of an object in the API server's order, {@code {object, is |
 *     deleted, t}}, and what the scenario did, {@code {step, t}}
 * @param http what reached the fake server, in order
 * @param snapshots of all objects, {@code {after, objects}}
 * @param said what scripts said, {@code {label, out, t}}
 * @param requests to the API server, counted by verb and resource
 * @param seconds from the first change to the end
 */
public record Recording(
        String scenario,
        String controller,
        @Nullable String error,
        List<JsonNode> timeline,
        List<JsonNode> http,
        List<JsonNode> snapshots,
        List<JsonNode> said,
        Map<String, Integer> requests,
        double seconds) {

    public Recording {
        timeline = List.copyOf(timeline);
        http = List.copyOf(http);
        snapshots = List.copyOf(snapshots);
        said = List.copyOf(said);
        requests = Map.copyOf(requests);
    }

    public static Recording of(JsonNode tree) {
        Map<String, Integer> requests = new LinkedHashMap<>();
        tree.path("requests")
                .properties()
                .forEach(each -> requests.put(each.getKey(), each.getValue().asInt()));
        JsonNode error = tree.path("error");
        return new Recording(
                tree.path("scenario").asText(),
                tree.path("controller").asText(),
                error.isTextual() ? error.asText() : null,
                list(tree.path("timeline")),
                list(tree.path("http")),
                list(tree.path("snapshots")),
                list(tree.path("said")),
                requests,
                tree.path("seconds").asDouble());
    }

    public JsonNode tree() {
        var tree = Json.object();
        tree.put("scenario", scenario).put("controller", controller).put("error", error);
        tree.putArray("timeline").addAll(timeline);
        tree.putArray("http").addAll(http);
        tree.putArray("snapshots").addAll(snapshots);
        if (!said.isEmpty()) {
            tree.putArray("said").addAll(said);
        }
        tree.set("requests", Json.tree(requests));
        tree.put("seconds", seconds);
        return tree;
    }

    /** The same with these requests. */
    public Recording with(Map<String, Integer> counted) {
        return new Recording(
                scenario, controller, error, timeline, http, snapshots, said, counted, seconds);
    }

    /** How many requests the API server got. */
    public int requestCount() {
        return requests.values().stream().mapToInt(Integer::intValue).sum();
    }

    private static List<JsonNode> list(JsonNode tree) {
        return StreamSupport.stream(tree.spliterator(), false).toList();
    }
}
