package dev.serinus.router.route;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * How our rules are put among those of a route that was there before us: rules about other backends
 * stay where they are, and so does what a rule of ours has that we have no name for. Flagger
 * replaces the whole list, so that an admin page's block or an old host name vanishes.
 */
public final class AdoptedRules {

    private AdoptedRules() {}

    /**
     * The live rules with those that are ours replaced.
     *
     * @param ours true for a live rule that leads to the application
     * @param catchesAll true for a live rule after which no other is asked
     */
    public static ArrayNode merged(
            JsonNode live,
            List<ObjectNode> rendered,
            Predicate<JsonNode> ours,
            Predicate<JsonNode> catchesAll) {
        var merged = JsonNodeFactory.instance.arrayNode();
        boolean placed = false;
        boolean anyOfOurs = live.valueStream().anyMatch(ours);
        for (JsonNode rule : live) {
            boolean place = anyOfOurs ? ours.test(rule) : catchesAll.test(rule);
            if (place && !placed) {
                merged.addAll(rendered);
                placed = true;
            }
            if (!ours.test(rule)) {
                merged.add(rule.deepCopy());
            }
        }
        return placed ? merged : merged.addAll(rendered);
    }

    /**
     * Keeps on the rendered rules what the last live rule of ours has beyond the fields we write. A
     * name belongs to one rule: the last.
     */
    public static void keepUnknown(
            JsonNode live, List<ObjectNode> rendered, Predicate<JsonNode> ours, Set<String> known) {
        JsonNode last = live.valueStream().filter(ours).reduce((a, b) -> b).orElse(null);
        if (!(last instanceof ObjectNode rule)) {
            return;
        }
        for (int i = 0; i < rendered.size(); i++) {
            ObjectNode mine = rendered.get(i);
            boolean isLast = i == rendered.size() - 1;
            for (var field : rule.properties()) {
                boolean unique = field.getKey().equals("name") && !isLast;
                if (!known.contains(field.getKey()) && !unique) {
                    mine.set(field.getKey(), field.getValue().deepCopy());
                }
            }
        }
    }

    /** What we want first, then what was there besides. */
    public static ArrayNode union(Iterable<JsonNode> wanted, JsonNode live) {
        Set<JsonNode> all = new LinkedHashSet<>();
        wanted.forEach(all::add);
        live.forEach(all::add);
        return JsonNodeFactory.instance.arrayNode().addAll(all);
    }
}
