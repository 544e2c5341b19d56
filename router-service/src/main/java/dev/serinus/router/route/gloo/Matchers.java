package dev.serinus.router.route.gloo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.router.objects.Refusal;
import dev.serinus.router.route.ValueMatch;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Translates the Canary's match conditions, which are written as Istio's, to matchers of a
 * RouteTable: one of them has to fit, with all that it says. Flagger puts all headers of all
 * entries into one, and takes a prefix for any value.
 */
final class Matchers {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    /** What a Canary's field is called in a matcher. */
    private static final Map<String, String> FIELDS =
            Map.of("headers", "headers", "queryParams", "queryParameters");

    private Matchers() {}

    /** Every matcher with every entry of the analysis, whose word on a header counts. */
    static List<ObjectNode> combined(List<ObjectNode> matchers, List<JsonNode> entries) {
        List<ObjectNode> all = new ArrayList<>();
        for (ObjectNode matcher : matchers.isEmpty() ? List.of(JSON.objectNode()) : matchers) {
            for (JsonNode entry : entries) {
                var own = matcher(entry);
                if (own.isEmpty()) {
                    throw Refusal.invalid(
                            "spec.analysis.match needs headers or queryParams in each entry: Gloo"
                                    + " can match by nothing else, and all traffic would go to the"
                                    + " canary");
                }
                var both = matcher.deepCopy();
                for (var field : own.properties()) {
                    var names = names(field.getValue());
                    var merged = JSON.arrayNode();
                    both.path(field.getKey())
                            .valueStream()
                            .filter(it -> !names.contains(name(it)))
                            .forEach(merged::add);
                    both.set(field.getKey(), merged.addAll((ArrayNode) field.getValue()));
                }
                all.add(both);
            }
        }
        return all;
    }

    /** The matchers of a live route without what one of the entries asks for. */
    static List<ObjectNode> without(JsonNode matchers, List<JsonNode> entries) {
        Set<JsonNode> ours = new HashSet<>();
        entries.forEach(entry -> matcher(entry).forEach(field -> field.forEach(ours::add)));
        List<ObjectNode> others = new ArrayList<>();
        for (JsonNode matcher : matchers) {
            ObjectNode kept = matcher.deepCopy();
            for (String field : FIELDS.values()) {
                if (kept.path(field) instanceof ArrayNode conditions) {
                    conditions.removeIf(ours::contains);
                    if (conditions.isEmpty()) {
                        kept.remove(field);
                    }
                }
            }
            if (!others.contains(kept)) {
                others.add(kept);
            }
        }
        return others.equals(List.of(JSON.objectNode())) ? List.of() : List.copyOf(others);
    }

    private static ObjectNode matcher(JsonNode entry) {
        var matcher = JSON.objectNode();
        for (String field : List.of("headers", "queryParams")) {
            var names = new TreeSet<String>();
            entry.path(field).fieldNames().forEachRemaining(names::add);
            for (String name : names) {
                matcher.withArrayProperty(FIELDS.get(field))
                        .add(condition(name, entry.path(field).path(name)));
            }
        }
        return matcher;
    }

    /** Gloo takes a name without a value for any value. */
    private static ObjectNode condition(String name, JsonNode value) {
        var condition = JSON.objectNode().put("name", name);
        return switch (ValueMatch.of(value)) {
            case ValueMatch.Present() -> condition;
            case ValueMatch.Exact(var text) -> condition.put("value", text);
            case ValueMatch.Regex(var expression) ->
                    condition.put("value", expression).put("regex", true);
        };
    }

    private static Set<String> names(JsonNode conditions) {
        Set<String> names = new HashSet<>();
        conditions.forEach(it -> names.add(name(it)));
        return names;
    }

    private static String name(JsonNode condition) {
        return condition.path("name").asText().toLowerCase(Locale.ROOT);
    }
}
