package dev.serinus.router.route.gatewayapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.router.objects.Refusal;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * Translates the Canary's match conditions, which are written as Istio's, to those of an HTTPRoute.
 * Flagger passes over what it cannot translate in an analysis, and then sends everybody to the
 * canary; here that is refused.
 */
final class HttpMatches {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private HttpMatches() {}

    /** The matches of the service, or everything when there are none. */
    static List<ObjectNode> ofService(List<JsonNode> matches) {
        var translated =
                matches.stream().map(HttpMatches::translated).filter(it -> !it.isEmpty()).toList();
        return translated.isEmpty()
                ? List.of(withDefaultPath(JSON.objectNode()))
                : translated.stream().map(HttpMatches::withDefaultPath).toList();
    }

    /** Those of a rule that is there, or everything when it has none. */
    static List<ObjectNode> ofRule(JsonNode rule) {
        List<ObjectNode> matches = new ArrayList<>();
        for (JsonNode match : rule.path("matches")) {
            ObjectNode filled = withDefaultPath(match.deepCopy());
            filled(filled.withObjectProperty("path"), "type", "PathPrefix");
            filled(filled.withObjectProperty("path"), "value", "/");
            for (String field : List.of("headers", "queryParams")) {
                filled.path(field).forEach(it -> filled((ObjectNode) it, "type", "Exact"));
            }
            matches.add(filled);
        }
        return matches.isEmpty() ? ofService(List.of()) : matches;
    }

    private static void filled(ObjectNode object, String field, String absent) {
        if (!object.has(field)) {
            object.put(field, absent);
        }
    }

    /** Every condition of the analysis with every match of the service. */
    static List<ObjectNode> combined(List<JsonNode> conditions, List<ObjectNode> service) {
        List<ObjectNode> all = new ArrayList<>();
        for (JsonNode condition : conditions) {
            var translated = translated(condition);
            if (translated.isEmpty()) {
                throw unsupported(
                        "spec.analysis.match needs headers or queryParams; Gateway API has no",
                        condition.has("sourceLabels") ? "sourceLabels" : "such");
            }
            for (ObjectNode match : service) {
                var both = match.deepCopy();
                for (String field : List.of("headers", "queryParams")) {
                    if (translated.has(field)) {
                        both.set(field, translated.path(field).deepCopy());
                    }
                }
                all.add(both);
            }
        }
        return all;
    }

    private static ObjectNode translated(JsonNode match) {
        var translated = JSON.objectNode();
        if (!match.path("uri").isEmpty()) {
            translated.set("path", path(match.path("uri")));
        }
        if (!match.path("method").isEmpty()) {
            if (!match.path("method").has("exact")) {
                throw unsupported("Gateway API doesn't support the specified", "method");
            }
            translated.put("method", match.path("method").path("exact").asText());
        }
        if (!match.path("headers").isEmpty()) {
            translated.set("headers", named(match.path("headers"), "header"));
        }
        if (!match.path("queryParams").isEmpty()) {
            translated.set("queryParams", named(match.path("queryParams"), "query param"));
        }
        return translated;
    }

    private static ObjectNode path(JsonNode uri) {
        if (uri.has("regex")) {
            return pathOf("RegularExpression", uri.path("regex"));
        }
        if (uri.has("exact")) {
            return pathOf("Exact", uri.path("exact"));
        }
        if (uri.has("prefix")) {
            return pathOf("PathPrefix", uri.path("prefix"));
        }
        throw unsupported("Gateway API doesn't support the specified", "path");
    }

    private static ObjectNode pathOf(String type, JsonNode value) {
        return JSON.objectNode().put("type", type).put("value", value.asText());
    }

    /** Sorted by name, so that the same conditions always give the same route. */
    private static ArrayNode named(JsonNode conditions, String what) {
        var array = JSON.arrayNode();
        var names = new TreeSet<String>();
        conditions.fieldNames().forEachRemaining(names::add);
        for (String name : names) {
            JsonNode condition = conditions.path(name);
            if (!condition.has("exact") && !condition.has("regex")) {
                throw unsupported("Gateway API doesn't support the specified", what);
            }
            boolean exact = condition.has("exact");
            array.addObject()
                    .put("name", name)
                    .put("type", exact ? "Exact" : "RegularExpression")
                    .put("value", condition.path(exact ? "exact" : "regex").asText());
        }
        return array;
    }

    /** What the API server would add, so that the live route does not differ by it. */
    private static ObjectNode withDefaultPath(ObjectNode match) {
        if (!match.has("path")) {
            match.set("path", pathOf("PathPrefix", JSON.textNode("/")));
        }
        return match;
    }

    private static Refusal unsupported(String sentence, String what) {
        return Refusal.invalid(
                "Invalid request matching selectors: %s %s matching selector"
                        .formatted(sentence, what));
    }
}
