package dev.serinus.conformance.compare;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;

import dev.serinus.conformance.json.Json;
import dev.serinus.conformance.recording.Recording;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** A recording as it is compared: one tree for each facet. */
final class Facets {

    private static final Set<String> ROUTES =
            Set.of(
                    "virtualservices",
                    "destinationrules",
                    "httproutes",
                    "httpproxies",
                    "routetables",
                    "upstreams",
                    "trafficroutes",
                    "trafficsplits",
                    "traefikservices",
                    "apisixroutes",
                    "virtualnodes",
                    "virtualrouters",
                    "ingresses",
                    "knative-services",
                    "scaledobjects",
                    "horizontalpodautoscalers",
                    "services");
    private static final Set<String> WORKLOADS = Set.of("deployments", "daemonsets");
    private static final Set<String> BUSY =
            Set.of("Progressing", "Promoting", "Finalising", "Initializing");

    /** How often these are said depends on when one looks. */
    private static final Pattern POLLED =
            Pattern.compile("metrics providers are available|waiting for rollout");

    private static final Pattern MERGED = Pattern.compile("^\\(combined from similar events\\): ");
    private static final List<String> HOOK = List.of("post", "body", "answer");
    private static final List<String> QUERY = List.of("method", "path", "query", "headers", "body");
    private static final JsonNode DELETED = TextNode.valueOf("deleted");

    private Facets() {}

    static Map<Facet, JsonNode> of(Recording recording) {
        Map<String, List<JsonNode>> statuses = new LinkedHashMap<>();
        Map<String, List<JsonNode>> routes = new LinkedHashMap<>();
        Map<String, List<JsonNode>> workloads = new LinkedHashMap<>();
        List<JsonNode> events = new ArrayList<>();
        for (JsonNode entry : recording.timeline()) {
            if (entry.has("step")) {
                continue;
            }
            String object = entry.path("object").asText();
            String kind = object.split("/", 2)[0];
            boolean deleted = entry.path("deleted").asBoolean();
            JsonNode is = deleted ? DELETED : Normal.of(entry.path("is"));
            if (kind.equals("canaries")) {
                add(statuses, object, deleted ? DELETED : status(is));
            } else if (WORKLOADS.contains(kind)) {
                add(workloads, object, is);
            } else if (ROUTES.contains(kind)) {
                add(routes, object, is);
            } else if (kind.equals("event") && !deleted) {
                event(entry.path("is"), events);
            }
        }
        Map<Facet, JsonNode> facets = new EnumMap<>(Facet.class);
        facets.put(Facet.STATUS, byObject(statuses));
        facets.put(Facet.ROUTES, byObject(routes));
        facets.put(Facet.WORKLOADS, byObject(workloads));
        facets.put(Facet.EVENTS, squeezed(events));
        facets.put(Facet.HOOKS, hooks(recording));
        facets.put(Facet.QUERIES, queries(recording));
        facets.put(Facet.OBJECTS, objects(recording));
        return facets;
    }

    private static JsonNode status(JsonNode status) {
        ArrayNode values = Json.object().arrayNode();
        values.add(status.get("phase"));
        for (String name : List.of("canaryWeight", "failedChecks", "iterations")) {
            values.add(status.has(name) ? status.get(name) : IntNode.valueOf(0));
        }
        return values;
    }

    private static void event(JsonNode event, List<JsonNode> events) {
        String message = event.path("message").asText();
        if (!POLLED.matcher(message).find()) {
            String words = MERGED.matcher(message).replaceFirst("");
            ArrayNode values = Json.object().arrayNode();
            events.add(values.add(event.get("type")).add(Normal.of(words)));
        }
    }

    private static JsonNode hooks(Recording recording) {
        List<JsonNode> hooks = new ArrayList<>();
        for (JsonNode entry : recording.http()) {
            if (entry.has("post") && !polled(entry)) {
                hooks.add(Normal.of(some(entry, HOOK)));
            }
        }
        return squeezed(hooks);
    }

    private static boolean polled(JsonNode entry) {
        return entry.has("body") && POLLED.matcher(Json.text(entry.get("body"))).find();
    }

    private static JsonNode queries(Recording recording) {
        Set<String> queries = new TreeSet<>();
        for (JsonNode entry : recording.http()) {
            if (!entry.has("post")) {
                queries.add(Json.sorted(Normal.of(some(entry, QUERY))));
            }
        }
        return Json.tree(queries);
    }

    private static JsonNode objects(Recording recording) {
        ObjectNode all = Json.object();
        for (JsonNode snapshot : recording.snapshots()) {
            if (resting(snapshot.path("objects"))) {
                ObjectNode objects = Json.object();
                snapshot.path("objects")
                        .properties()
                        .forEach(
                                each ->
                                        objects.set(
                                                each.getKey(),
                                                Normal.of(
                                                        ((ObjectNode) each.getValue().deepCopy())
                                                                .without("status"))));
                all.set(snapshot.path("after").asText(), objects);
            }
        }
        return all;
    }

    private static boolean resting(JsonNode objects) {
        return objects.properties().stream()
                .filter(each -> each.getKey().startsWith("canaries"))
                .noneMatch(
                        each ->
                                BUSY.contains(
                                        each.getValue().path("status").path("phase").asText()));
    }

    private static JsonNode some(JsonNode entry, List<String> names) {
        ObjectNode some = Json.object();
        for (String name : names) {
            if (entry.has(name)) {
                some.set(name, entry.get(name));
            }
        }
        return some;
    }

    private static void add(Map<String, List<JsonNode>> states, String object, JsonNode state) {
        states.computeIfAbsent(object, _ -> new ArrayList<>()).add(state);
    }

    private static JsonNode byObject(Map<String, List<JsonNode>> states) {
        ObjectNode tree = Json.object();
        states.forEach((object, list) -> tree.set(object, squeezed(list)));
        return tree;
    }

    /** The list without immediate repetitions. */
    private static ArrayNode squeezed(List<JsonNode> list) {
        ArrayNode squeezed = Json.object().arrayNode();
        JsonNode before = null;
        for (JsonNode each : list) {
            if (!each.equals(before)) {
                squeezed.add(each);
            }
            before = each;
        }
        return squeezed;
    }
}
