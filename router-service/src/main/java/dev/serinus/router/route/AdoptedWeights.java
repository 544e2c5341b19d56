package dev.serinus.router.route;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.router.objects.Refusal;

import java.util.List;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * How our two sides are put among the backends of a list of weights that was there before us: what
 * the application had is divided between them, all others keep their share, and what a backend has
 * that we have no name for is kept on both sides. Flagger replaces the whole list.
 */
public final class AdoptedWeights {

    /** What a backend weighs that has all of ours. */
    public static final int ALL = 100;

    private static final String WEIGHT = "weight";

    /** Whose a backend is. */
    public enum Owner {
        /** The application as a whole, by its apex Service. */
        APPLICATION,
        /** Its primary or its canary. */
        SIDE,
        OTHER
    }

    /** More than this no API takes. */
    private static final int MOST = 1_000_000;

    private AdoptedWeights() {}

    /**
     * The live list with the application's backends replaced.
     *
     * @param rendered ours; what their weights add up to is the application's share of the list
     * @param weight that a live backend has, also where it names none
     */
    public static ArrayNode merged(
            JsonNode live,
            List<ObjectNode> rendered,
            Function<JsonNode, Owner> owner,
            ToLongFunction<JsonNode> weight) {
        long whole =
                live.valueStream()
                        .filter(backend -> owner.apply(backend) != Owner.OTHER)
                        .mapToLong(weight)
                        .sum();
        long ours = rendered.stream().mapToLong(it -> it.path(WEIGHT).asLong()).sum();
        var merged = JsonNodeFactory.instance.arrayNode();
        boolean placed = false;
        for (JsonNode backend : live) {
            if (owner.apply(backend) == Owner.OTHER) {
                JsonNode other = backend.deepCopy();
                long its = weight.applyAsLong(backend);
                if (whole > 0 && whole != ours && its > 0 && other instanceof ObjectNode object) {
                    object.put(WEIGHT, beside(its, whole, ours));
                }
                merged.add(other);
            } else if (!placed) {
                merged.addAll(rendered);
                placed = true;
            }
        }
        return placed ? merged : merged.addAll(rendered);
    }

    /** What the application's backends weigh together. */
    public static long ofApplication(
            JsonNode live, Function<JsonNode, Owner> owner, ToLongFunction<JsonNode> weight) {
        return live.valueStream()
                .filter(backend -> owner.apply(backend) == Owner.APPLICATION)
                .mapToLong(weight)
                .sum();
    }

    /** True when others have all the weight, so that the application has no share to divide. */
    public static boolean leavesNothing(
            JsonNode live, Function<JsonNode, Owner> owner, ToLongFunction<JsonNode> weight) {
        return !has(live, owner, Owner.SIDE)
                && has(live, owner, Owner.APPLICATION)
                && ofApplication(live, owner, weight) == 0
                && live.valueStream().mapToLong(weight).sum() > 0;
    }

    /** True when some backend is so. */
    public static boolean has(JsonNode live, Function<JsonNode, Owner> owner, Owner wanted) {
        return live.valueStream().anyMatch(backend -> owner.apply(backend) == wanted);
    }

    /**
     * The application's fullest backend, of equal ones the last, to make ours from; empty when
     * there is none. One that is named and gets nothing may say less, or lead to a port that nobody
     * listens at yet: it counts only where there is no other.
     */
    public static ObjectNode template(JsonNode live, Function<JsonNode, Owner> owner) {
        return live.valueStream()
                .filter(backend -> owner.apply(backend) != Owner.OTHER)
                .filter(ObjectNode.class::isInstance)
                .map(ObjectNode.class::cast)
                .reduce((one, later) -> isFuller(one, later) ? later : one)
                .map(ObjectNode::deepCopy)
                .orElseGet(JsonNodeFactory.instance::objectNode);
    }

    private static boolean isFuller(ObjectNode one, ObjectNode later) {
        return isServing(one) == isServing(later) ? size(later) >= size(one) : isServing(later);
    }

    private static boolean isServing(ObjectNode backend) {
        return !backend.path(WEIGHT).isNumber() || backend.path(WEIGHT).asDouble() > 0;
    }

    private static int size(ObjectNode backend) {
        return backend.has(WEIGHT) ? backend.size() - 1 : backend.size();
    }

    /**
     * What keeps another backend's share when the application weighs so much from now on. Beyond
     * what can be written it gets less than it had: never for the sake of a finer weight.
     */
    private static int beside(long weight, long before, long now) {
        long kept = Math.round((double) weight * now / before);
        if (kept > MOST && now > ALL) {
            throw Refusal.invalid(
                    "a weight between whole percents cannot be told beside a backend that weighs %d times the application: the API takes no weight above %d; use whole percents"
                            .formatted(weight / before, MOST));
        }
        return Math.clamp(kept, 1, MOST);
    }
}
