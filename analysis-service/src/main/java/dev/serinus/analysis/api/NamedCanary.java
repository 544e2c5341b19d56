package dev.serinus.analysis.api;

import dev.serinus.schemas.events.RolloutState;
import dev.serinus.schemas.topic.CanaryKey;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Which canary the metadata of a hook mean, among those that the caller may see. A name may stand
 * in several namespaces and clusters: the cluster that is named, the namespace that is named and
 * the caller's own go first, and what is left has to be one. It is never the one that asks.
 *
 * @param canary null where there is not just one
 * @param because why not; empty where there is
 * @param isUnknown there is none that is surely another, and may be later
 */
record NamedCanary(
        @Nullable CanaryKey canary,
        @Nullable RolloutState state,
        String because,
        boolean isUnknown) {

    /**
     * The one that has this name; one without a name is the only one in its cluster.
     *
     * @param counts the metadata name a cluster
     */
    static NamedCanary of(HookCall call, Map<CanaryKey, RolloutState> seen, boolean counts) {
        String name = call.given("canary", "name");
        String cluster = call.cluster();
        String namespace = call.given("namespace");
        var there =
                seen.keySet().stream()
                        .filter(it -> name.isEmpty() ? counts : it.name().equals(name))
                        .filter(it -> !counts || it.cluster().equals(cluster))
                        .filter(it -> namespace.isEmpty() || it.namespace().equals(namespace))
                        .toList();
        var near = there.stream().filter(it -> it.namespace().equals(call.namespace())).toList();
        var meant = nearest(call, name, near.isEmpty() || !namespace.isEmpty() ? there : near);
        var left = meant.stream().filter(it -> !mayBeItself(call, it, counts)).toList();
        if (left.size() == 1) {
            return new NamedCanary(left.getFirst(), seen.get(left.getFirst()), "", false);
        }
        String what = described(name, cluster, namespace);
        if (!left.isEmpty()) {
            return new NamedCanary(null, null, several(what, left), false);
        }
        return new NamedCanary(
                null,
                null,
                "no Canary is known " + what + (meant.isEmpty() ? "" : besides(meant)),
                true);
    }

    /** Where no name is given, the caller's own in another cluster is meant before others. */
    private static List<CanaryKey> nearest(HookCall call, String name, List<CanaryKey> there) {
        var same = there.stream().filter(it -> it.name().equals(call.name())).toList();
        return name.isEmpty() && !same.isEmpty() ? same : there;
    }

    /**
     * A webhook is not told the cluster of its Canary. One of the same name in a cluster that is
     * named is another one; where none is, it cannot be told from the one that asks, unless the
     * metadata say where that one is.
     */
    private static boolean mayBeItself(HookCall call, CanaryKey canary, boolean isItsClusterNamed) {
        return call.isOwn(canary) && (!call.ownCluster().isEmpty() || !isItsClusterNamed);
    }

    private static String besides(List<CanaryKey> own) {
        return " that is surely not the one that asks (%s): name its cluster by metadata cluster"
                .formatted(named(own));
    }

    private static String described(String name, String cluster, String namespace) {
        return "%s%s%s"
                .formatted(
                        name.isEmpty() ? "where metadata.canary names none" : "by the name " + name,
                        cluster.isEmpty() ? "" : ", in " + cluster,
                        namespace.isEmpty() ? "" : ", in namespace " + namespace);
    }

    private static String several(String what, List<CanaryKey> left) {
        return "%d Canaries are known %s (%s): name one by metadata canary, cluster and namespace"
                .formatted(left.size(), what, named(left));
    }

    private static String named(List<CanaryKey> all) {
        return all.stream().limit(3).map(CanaryKey::toString).collect(Collectors.joining(", "));
    }
}
