package dev.serinus.router.drift;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.route.Routers;
import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.cluster.Observed;
import dev.serinus.schemas.cluster.Ref;
import dev.serinus.schemas.cluster.ResourceWatch;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;

import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One watch for each kind that some Canary needs, begun when the first needs it: a mesh that nobody
 * uses need not be installed.
 */
final class Watches implements AutoCloseable {

    /** Is told of each change, on the watch's thread. */
    @FunctionalInterface
    interface Listener {
        void seen(Ref ref, @Nullable ObservedState before, @Nullable ObservedState now);
    }

    private final KubernetesClient client;
    private final @Nullable String namespace;
    private final Routers routers;
    private final Listener listener;
    private final Map<Kind, ResourceWatch<ObservedState>> watches = new ConcurrentHashMap<>();

    Watches(
            KubernetesClient client,
            @Nullable String namespace,
            Routers routers,
            Listener listener) {
        this.client = client;
        this.namespace = namespace;
        this.routers = routers;
        this.listener = listener;
    }

    /** Makes sure that a kind is watched. */
    void watch(Kind kind) {
        watches.computeIfAbsent(
                kind,
                _ ->
                        ResourceWatch.<ObservedState>of(
                                        client,
                                        kind.context(),
                                        namespace,
                                        object -> observed(kind, object))
                                .onChange((before, after) -> tell(kind, before, after))
                                .start());
    }

    /**
     * The version at which a watch that stands shows an object; empty without one, and for objects
     * that change by themselves: whether a workload serves is asked when it matters, since the
     * watch may be a moment behind whoever said that it does.
     */
    Optional<String> version(Ref ref) {
        if (ObservedState.isPresence(ref.kind())) {
            return Optional.empty();
        }
        return Optional.ofNullable(watches.get(ref.kind()))
                .filter(ResourceWatch::isWatching)
                .flatMap(watch -> watch.get(ref.namespace(), ref.name()))
                .map(Observed::resourceVersion);
    }

    /** True once each of them has read its first list. */
    boolean haveSynced() {
        return watches.values().stream().allMatch(ResourceWatch::hasSynced);
    }

    private void tell(
            Kind kind,
            @Nullable Observed<ObservedState> before,
            @Nullable Observed<ObservedState> after) {
        var any = Objects.requireNonNull(after == null ? before : after, "neither");
        listener.seen(
                kind.named(any.namespace(), any.name()),
                before == null ? null : before.value(),
                after == null ? null : after.value());
    }

    private ObservedState observed(Kind kind, GenericKubernetesResource object) {
        if (kind.equals(Kind.AUTOSCALER) || kind.equals(Kind.SCALED_OBJECT)) {
            return ObservedState.PRESENT;
        }
        var meta = object.getMetadata();
        var json = client.getKubernetesSerialization().convertValue(object, ObjectNode.class);
        var read = new ClusterObject(kind.named(meta.getNamespace(), meta.getName()), json);
        return ObservedState.at(read, routers.shown(read).orElse(null), Writers.lastBesideUs(meta));
    }

    @Override
    public void close() {
        watches.values().forEach(ResourceWatch::close);
    }
}
