package dev.serinus.router.route.appmesh;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.router.objects.Refusal;

import java.util.List;
import java.util.OptionalInt;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * The priorities of routes in a virtual router that was there: ours are asked where the
 * application's own was, after the user's that come before it and before those that come after.
 *
 * @param own of the first route that leads to the application; empty where it has none, which is
 *     asked last
 * @param others of the routes that lead elsewhere
 * @param unordered names of those of them that have none, and are for some requests alone: among
 *     those without, App Mesh asks the longer path first, and all of them last
 */
record Priorities(OptionalInt own, List<Integer> others, List<String> unordered) {

    private static final String PRIORITY = "priority";

    /** The last one that App Mesh knows. */
    private static final int LAST = 1000;

    /**
     * As the user has them.
     *
     * @param isOurs tells the routes that lead to the application
     * @param catchesAll tells the routes for all requests
     */
    static Priorities of(
            JsonNode routes, Predicate<JsonNode> isOurs, Predicate<JsonNode> catchesAll) {
        return new Priorities(
                priorities(routes, isOurs).min(),
                priorities(routes, isOurs.negate()).boxed().toList(),
                routes.valueStream()
                        .filter(isOurs.or(catchesAll).negate())
                        .filter(it -> !it.path(PRIORITY).isNumber())
                        .map(it -> it.path("name").asText())
                        .toList());
    }

    private static IntStream priorities(JsonNode routes, Predicate<JsonNode> which) {
        return routes.valueStream()
                .filter(which)
                .map(it -> it.path(PRIORITY))
                .filter(JsonNode::isNumber)
                .mapToInt(JsonNode::asInt);
    }

    /**
     * Gives our routes, in their order, priorities between those of others. Routes without any that
     * take the place of one without stay so; those of an A/B test keep theirs where these are free.
     *
     * @param router in a sentence
     */
    void put(List<ObjectNode> ours, String router) {
        boolean ordered = ours.stream().anyMatch(it -> it.has(PRIORITY));
        if (!ordered && own.isEmpty()) {
            return;
        }
        if (own.isEmpty() && !unordered.isEmpty()) {
            throw Refusal.retry(
                    "%s has routes without a priority (%s), which those of analysis.match would be asked before: give each of them one below %d"
                            .formatted(router, String.join(", ", unordered), LAST));
        }
        int from = 1 + latest(it -> it < own.orElse(LAST + 1));
        int to =
                own.isEmpty()
                        ? LAST
                        : others.stream()
                                        .mapToInt(it -> it)
                                        .filter(it -> it >= own.getAsInt())
                                        .min()
                                        .orElse(LAST + 1)
                                - 1;
        int first = ours.getFirst().path(PRIORITY).asInt(from);
        int last = ours.getLast().path(PRIORITY).asInt(from);
        if (ordered && first >= from && last <= to) {
            return;
        }
        if (to - from + 1 < ours.size()) {
            throw Refusal.retry(
                    "%s has no room for %d routes of the application: give its others priorities below %d or above %d"
                            .formatted(router, ours.size(), from, from + ours.size() - 1));
        }
        int begin = Math.min(Math.max(from, own.orElse(from)), to - ours.size() + 1);
        for (int i = 0; i < ours.size(); i++) {
            ours.get(i).put(PRIORITY, begin + i);
        }
    }

    private int latest(IntPredicate which) {
        return others.stream().mapToInt(it -> it).filter(which).max().orElse(-1);
    }
}
