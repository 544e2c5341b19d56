package dev.serinus.router.route;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.function.Predicate;

/** Lists of weighted backends as they stand in a route. */
public final class Backends {

    private static final String WEIGHT = "weight";

    private Backends() {}

    /**
     * Gives the primary what others of the Canary have in a list; all others keep what they have. A
     * list without either of them stays as it is.
     *
     * @param isOther true for an entry of the canary or the baseline
     * @param missing the weight of a backend that names none
     */
    public static void withdraw(
            JsonNode backends,
            Predicate<JsonNode> isPrimary,
            Predicate<JsonNode> isOther,
            long missing) {
        long share =
                backends.valueStream()
                        .filter(isOther)
                        .mapToLong(it -> it.path(WEIGHT).asLong(missing))
                        .sum();
        var primary =
                backends.valueStream()
                        .filter(isPrimary)
                        .filter(ObjectNode.class::isInstance)
                        .map(ObjectNode.class::cast)
                        .findFirst();
        if (share <= 0 || primary.isEmpty()) {
            return;
        }
        primary.get().put(WEIGHT, primary.get().path(WEIGHT).asLong(missing) + share);
        for (JsonNode backend : backends) {
            if (isOther.test(backend) && backend instanceof ObjectNode other) {
                if (missing == 0) {
                    other.remove(WEIGHT);
                } else {
                    other.put(WEIGHT, 0);
                }
            }
        }
    }
}
