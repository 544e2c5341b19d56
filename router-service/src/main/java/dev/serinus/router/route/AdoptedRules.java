package dev.serinus.router.route;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * How our rules are put among those of a route that was there before us: rules about other backends
 * stay where they are, and so does what a rule of ours has that we have no name for. Flagger
 * replaces the whole list, so that an admin page's block or an old host name vanishes.
 */
public final class AdoptedRules {

    private AdoptedRules() {}

    /**
     * The live rules with those that are ours replaced, all of them where the last of ours was that
     * is asked at all: what came before a rule of ours still does.
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
        int place = place(live, ours, catchesAll);
        for (int i = 0; i < live.size(); i++) {
            if (i == place) {
                merged.addAll(rendered);
            }
            if (!ours.test(live.get(i))) {
                merged.add(live.get(i).deepCopy());
            }
        }
        return place < live.size() ? merged : merged.addAll(rendered);
    }

    private static int place(
            JsonNode live, Predicate<JsonNode> ours, Predicate<JsonNode> catchesAll) {
        var all = IntStream.range(0, live.size()).boxed().toList();
        int end =
                all.stream()
                        .filter(i -> catchesAll.test(live.get(i)))
                        .findFirst()
                        .orElse(live.size());
        var mine = all.stream().filter(i -> ours.test(live.get(i))).toList();
        return mine.stream()
                .filter(i -> i <= end)
                .reduce((_, last) -> last)
                .orElseGet(() -> mine.isEmpty() ? end : mine.getFirst());
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
