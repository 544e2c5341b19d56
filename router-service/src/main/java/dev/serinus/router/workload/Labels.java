package dev.serinus.router.workload;

import dev.serinus.router.objects.ManagedBy;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Which labels and annotations of the user's objects go to our copies. */
public final class Labels {

    private static final String FLUX = "toolkit.fluxcd.io";
    private static final String ALL = "*";

    private Labels() {}

    /** Those that a copy may have: who makes the user's object did not make ours. */
    public static Map<String, String> copied(Map<String, String> labels) {
        var found = new TreeMap<>(withoutFlux(labels));
        found.remove(ManagedBy.LABEL);
        return found;
    }

    /** Those of the installation's prefixes that a copy may have. */
    public static Map<String, String> included(Map<String, String> labels, List<String> prefixes) {
        var found = new TreeMap<>(copied(labels));
        found.keySet()
                .removeIf(
                        key ->
                                prefixes.stream()
                                        .noneMatch(
                                                prefix ->
                                                        prefix.equals(ALL)
                                                                || key.startsWith(prefix)));
        return found;
    }

    /** All but Flux's: a copy that Flux takes for its own would be undone by it. */
    public static Map<String, String> withoutFlux(Map<String, String> labels) {
        var found = new TreeMap<>(labels);
        found.keySet().removeIf(Labels::isFlux);
        return found;
    }

    static boolean isFlux(String key) {
        return key.contains(FLUX);
    }
}
