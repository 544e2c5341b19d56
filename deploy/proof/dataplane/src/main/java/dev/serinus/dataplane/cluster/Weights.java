package dev.serinus.dataplane.cluster;

import com.fasterxml.jackson.databind.JsonNode;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Which weight an application's route declared for its canary, from when on. */
public final class Weights
        implements AutoCloseable, ResourceEventHandler<GenericKubernetesResource> {

    private static final KubernetesSerialization JSON = new KubernetesSerialization();

    /**
     * What a route declared.
     *
     * @param at when the API server told its watchers, as {@link System#nanoTime} counts
     */
    public record Change(long at, Shares shares) {

        /** Of those for whom no condition holds. */
        public int percent() {
            return shares.percent();
        }
    }

    private final String route;
    private final List<Change> changes = new ArrayList<>(); // guarded by itself
    private final SharedIndexInformer<GenericKubernetesResource> informer;

    /** Of the route of this name from now on. */
    public Weights(KubernetesClient client, RouteKind kind, String namespace, String route) {
        this.route = route;
        this.informer =
                client.genericKubernetesResources(kind.apiVersion(), kind.kind())
                        .inNamespace(namespace)
                        .inform(this);
    }

    @Override
    public void onAdd(GenericKubernetesResource object) {
        if (!object.getMetadata().getName().equals(route)) {
            return;
        }
        long at = System.nanoTime();
        List<Integer> all = new ArrayList<>();
        rules(JSON.convertValue(object, JsonNode.class).path("spec"), all);
        if (all.isEmpty()) {
            return;
        }
        // Rules with conditions come first, the one for everybody last.
        var change = new Change(at, Shares.of(all));
        synchronized (changes) {
            if (changes.isEmpty() || !changes.getLast().shares().equals(change.shares())) {
                changes.add(change);
            }
        }
    }

    @Override
    public void onUpdate(GenericKubernetesResource before, GenericKubernetesResource object) {
        onAdd(object);
    }

    @Override
    public void onDelete(GenericKubernetesResource object, boolean unknown) {
        // What was declared before stays true of its time.
    }

    /**
     * What the canary gets of each list that names a side; a side that it does not name, nothing.
     */
    private void rules(JsonNode tree, List<Integer> to) {
        if (tree.isArray() && tree.valueStream().anyMatch(it -> isOf(it, "-primary", "-canary"))) {
            to.add(
                    tree.valueStream()
                            .filter(it -> isOf(it, "-canary"))
                            .mapToInt(it -> it.path("weight").asInt())
                            .sum());
            return;
        }
        tree.forEach(child -> rules(child, to));
    }

    private boolean isOf(JsonNode backend, String... sides) {
        String name = backend.path("name").asText(backend.at("/destination/host").asText());
        return Stream.of(sides).anyMatch(it -> name.equals(route + it));
    }

    /** So far, the oldest first. */
    public List<Change> changes() {
        synchronized (changes) {
            return List.copyOf(changes);
        }
    }

    @Override
    public void close() {
        informer.close();
    }
}
