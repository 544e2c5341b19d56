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
 * the caller's own go first, and what is left has to be one.
 *
 * @param canary null where there is not just one
 * @param because why not; empty where there is
 * @param isUnknown there is none, and may be later
 */
record NamedCanary(
        @Nullable CanaryKey canary,
        @Nullable RolloutState state,
        String because,
        boolean isUnknown) {

    /** The one that has this name; one without a name is the only one there. */
    static NamedCanary of(HookCall call, Map<CanaryKey, RolloutState> seen) {
        String name = call.given("canary", "name");
        String cluster = call.cluster();
        String namespace = call.given("namespace");
        boolean isCluster = seen.keySet().stream().anyMatch(it -> it.cluster().equals(cluster));
        // A region that is no cluster's name says nothing to us.
        boolean counts = isCluster || !call.given("cluster", "primary-cluster").isEmpty();
        var there =
                seen.keySet().stream()
                        .filter(it -> name.isEmpty() || it.name().equals(name))
                        .filter(it -> cluster.isEmpty() || !counts || it.cluster().equals(cluster))
                        .filter(it -> namespace.isEmpty() || it.namespace().equals(namespace))
                        .filter(it -> !isItself(call, it, cluster))
                        .toList();
        var near = there.stream().filter(it -> it.namespace().equals(call.namespace())).toList();
        var left = nearest(call, name, near.isEmpty() || !namespace.isEmpty() ? there : near);
        if (left.size() == 1) {
            return new NamedCanary(left.getFirst(), seen.get(left.getFirst()), "", false);
        }
        String what = described(name, cluster, namespace);
        return left.isEmpty()
                ? new NamedCanary(null, null, "no Canary is known " + what, true)
                : new NamedCanary(null, null, several(what, left), false);
    }

    /** Where no name is given, the caller's own in another cluster is meant before others. */
    private static List<CanaryKey> nearest(HookCall call, String name, List<CanaryKey> there) {
        var same = there.stream().filter(it -> it.name().equals(call.name())).toList();
        return name.isEmpty() && !same.isEmpty() ? same : there;
    }

    /** Where a cluster alone is named, a canary of the same name in another one is meant. */
    private static boolean isItself(HookCall call, CanaryKey canary, String cluster) {
        return cluster.isEmpty()
                && canary.name().equals(call.name())
                && canary.namespace().equals(call.namespace());
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
                .formatted(
                        left.size(),
                        what,
                        left.stream()
                                .limit(3)
                                .map(CanaryKey::toString)
                                .collect(Collectors.joining(", ")));
    }
}
