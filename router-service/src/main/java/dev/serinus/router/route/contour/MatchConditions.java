package dev.serinus.router.route.contour;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.router.objects.Refusal;
import dev.serinus.router.route.ValueMatch;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Translates the Canary's match conditions, which are written as Istio's, to those of an HTTPProxy.
 * What stands in one list there has to be so together, and it may hold one path; so each entry of a
 * match gets a route of its own. Flagger puts all headers of all entries into one list, beside as
 * many paths, which Contour refuses; it writes a prefix of a value as "contains", and a regex as
 * nothing, which is everybody.
 */
final class MatchConditions {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final String HEADER = "header";
    private static final String QUERY = "queryParameter";

    private MatchConditions() {}

    /** The places that the service is served at: one for each match, or all when there is none. */
    static List<List<ObjectNode>> ofService(List<JsonNode> matches) {
        return matches.isEmpty()
                ? List.of(List.of(prefix("/")))
                : matches.stream().map(MatchConditions::place).distinct().toList();
    }

    private static List<ObjectNode> place(JsonNode match) {
        var uri = match.path("uri");
        ObjectNode path = prefix("/");
        for (String field : List.of("regex", "exact", "prefix")) {
            if (!uri.path(field).asText().isEmpty()) {
                path = JSON.objectNode().put(field, uri.path(field).asText());
            }
        }
        List<ObjectNode> place = new ArrayList<>(List.of(path));
        place.addAll(atoms(match));
        return List.copyOf(place);
    }

    private static ObjectNode prefix(String path) {
        return JSON.objectNode().put("prefix", path);
    }

    /**
     * One entry of the analysis at one place. The first header stands beside the path, as with
     * Flagger. What the analysis says of a header takes the place of what the service says.
     */
    static List<ObjectNode> both(List<ObjectNode> place, JsonNode entry) {
        var own = atoms(entry);
        if (own.isEmpty()) {
            throw Refusal.invalid(
                    "spec.analysis.match needs headers or queryParams in each entry: Contour can"
                            + " match by nothing else, and all traffic would go to the canary");
        }
        Set<String> names = own.stream().map(MatchConditions::subject).collect(Collectors.toSet());
        List<ObjectNode> both = new ArrayList<>();
        for (ObjectNode condition : place) {
            var kept = condition.deepCopy();
            for (String field : List.of(HEADER, QUERY)) {
                if (kept.has(field) && names.contains(subject(field, kept.path(field)))) {
                    kept.remove(field);
                }
            }
            if (!kept.isEmpty()) {
                both.add(kept);
            }
        }
        for (ObjectNode atom : own) {
            boolean beside =
                    atom.has(HEADER)
                            && both.size() == 1
                            && !both.getFirst().has(HEADER)
                            && !both.getFirst().has(QUERY);
            if (beside) {
                both.getFirst().set(HEADER, atom.path(HEADER));
            } else {
                both.add(atom);
            }
        }
        return both;
    }

    /** The conditions of a live route without those that one of the entries asks for. */
    static List<ObjectNode> without(JsonNode conditions, List<JsonNode> entries) {
        Set<ObjectNode> ours =
                entries.stream().flatMap(it -> atoms(it).stream()).collect(Collectors.toSet());
        List<ObjectNode> others = new ArrayList<>();
        for (JsonNode condition : conditions) {
            ObjectNode kept = condition.deepCopy();
            for (String field : List.of(HEADER, QUERY)) {
                if (kept.has(field)
                        && ours.contains(JSON.objectNode().set(field, kept.path(field)))) {
                    kept.remove(field);
                }
            }
            if (!kept.isEmpty()) {
                others.add(kept);
            }
        }
        return List.copyOf(others);
    }

    /** What Contour takes for the same, however it is written. */
    static Set<JsonNode> normal(JsonNode conditions) {
        Set<JsonNode> atoms = new HashSet<>();
        boolean somewhere = false;
        for (JsonNode condition : conditions) {
            for (var field : condition.properties()) {
                atoms.add(JSON.objectNode().set(field.getKey(), field.getValue()));
                somewhere |= !field.getKey().equals(HEADER) && !field.getKey().equals(QUERY);
            }
        }
        if (!somewhere) {
            atoms.add(prefix("/"));
        }
        return atoms;
    }

    /**
     * True for a condition that says nothing: an API server whose definition of HTTPProxy is older
     * than the condition has taken it away, and it would match everybody.
     */
    static boolean isLost(JsonNode condition) {
        return condition.isEmpty()
                || List.of(HEADER, QUERY).stream()
                        .anyMatch(
                                field ->
                                        condition.has(field)
                                                && condition.path(field).size() == 1
                                                && condition.path(field).has("name"));
    }

    /** Sorted by name, so that the same conditions always give the same route. */
    private static List<ObjectNode> atoms(JsonNode match) {
        List<ObjectNode> atoms = new ArrayList<>();
        each(match.path("headers"), HEADER, atoms);
        each(match.path("queryParams"), QUERY, atoms);
        return atoms;
    }

    private static void each(JsonNode wanted, String field, List<ObjectNode> atoms) {
        var names = new TreeSet<String>();
        wanted.fieldNames().forEachRemaining(names::add);
        for (String name : names) {
            var atom = JSON.objectNode();
            atom.set(field, named(name, wanted.path(name)));
            atoms.add(atom);
        }
    }

    private static ObjectNode named(String name, JsonNode value) {
        var condition = JSON.objectNode().put("name", name);
        return switch (ValueMatch.of(value)) {
            case ValueMatch.Present() -> condition.put("present", true);
            case ValueMatch.Exact(var text) -> condition.put("exact", text);
            case ValueMatch.Regex(var expression) -> condition.put("regex", expression);
        };
    }

    private static String subject(ObjectNode atom) {
        String field = atom.fieldNames().next();
        return subject(field, atom.path(field));
    }

    /** Names of headers and query parameters are the same in either case to Contour. */
    private static String subject(String field, JsonNode condition) {
        return field + " " + condition.path("name").asText().toLowerCase(Locale.ROOT);
    }
}
