package dev.serinus.router.route;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.function.Predicate;

/** Lists of weighted backends as they stand in a route. */
public final class Backends {

    private static final String WEIGHT = "weight";

    private Backends() {}

    /**
     * Gives the primary what the canary has in a list; all others keep what they have. A list
     * without either of them stays as it is.
     *
     * @param missing the weight of a backend that names none
     */
    public static void withdraw(
            JsonNode backends,
            Predicate<JsonNode> isPrimary,
            Predicate<JsonNode> isCanary,
            long missing) {
        long share =
                backends.valueStream()
                        .filter(isCanary)
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
            if (isCanary.test(backend) && backend instanceof ObjectNode canary) {
                if (missing == 0) {
                    canary.remove(WEIGHT);
                } else {
                    canary.put(WEIGHT, 0);
                }
            }
        }
    }
}
