package dev.serinus.cli;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;

import org.jspecify.annotations.Nullable;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What only Serinus says in a Canary's status, and only while it runs: by its conditions Flux, Argo
 * CD and kubectl would go on to take for ready what nobody looks at. Numbers of runs and steps
 * stay, so that a later Serinus uses none twice; a pause or a hold does not, which it would take
 * up.
 */
final class OwnStatus {

    /** All but Flagger's own. */
    private static final Set<String> CONDITIONS =
            Set.of("Ready", "Reconciling", "Stalled", "Accepted", "Hints");

    private static final String GENERATION = "observedGeneration";
    private static final Set<String> NUMBERS = Set.of("run", "step", "sequence");

    private OwnStatus() {}

    /** Tells people of the Canaries of which it could not be taken off; nothing of none. */
    static void tellStale(PrintWriter err, List<String> canaries) {
        if (!canaries.isEmpty()) {
            err.println(
                    "conditions of Serinus stay in the status of "
                            + String.join(", ", canaries)
                            + ", which nobody keeps true: the account has no right to patch"
                            + " canaries/status; do it again with that right");
        }
    }

    static boolean isIn(GenericKubernetesResource canary) {
        return canary.getAdditionalProperties().get("status") instanceof Map<?, ?> status
                && !without(status).equals(status);
    }

    /** The same without it. */
    static GenericKubernetesResource without(GenericKubernetesResource canary) {
        if (canary.getAdditionalProperties().get("status") instanceof Map<?, ?> status) {
            canary.setAdditionalProperty("status", without(status));
        }
        return canary;
    }

    private static Map<Object, @Nullable Object> without(Map<?, ?> status) {
        Map<Object, @Nullable Object> kept = new LinkedHashMap<>(status);
        kept.remove(GENERATION);
        if (kept.get("conditions") instanceof List<?> conditions) {
            kept.put("conditions", conditions.stream().filter(it -> !isOurs(it)).toList());
        }
        if (kept.get("serinus") instanceof Map<?, ?> ours) {
            Map<Object, @Nullable Object> numbers = new LinkedHashMap<>(ours);
            numbers.keySet().retainAll(NUMBERS);
            kept.put("serinus", numbers);
        }
        return kept;
    }

    private static boolean isOurs(Object condition) {
        return condition instanceof Map<?, ?> map
                && map.get("type") instanceof String type
                && CONDITIONS.contains(type);
    }
}
