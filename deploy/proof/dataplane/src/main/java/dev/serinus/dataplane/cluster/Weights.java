package dev.serinus.dataplane.cluster;

import com.fasterxml.jackson.databind.JsonNode;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Which weight an application's route declared for its canary, from when on. */
public final class Weights
        implements AutoCloseable, ResourceEventHandler<GenericKubernetesResource> {

    private static final KubernetesSerialization JSON = new KubernetesSerialization();

    /**
     * What a route declared.
     *
     * @param at when the API server told its watchers, as {@link System#nanoTime} counts
     * @param percent of those for whom no condition holds
     * @param most the most that any rule has, such as 100 for those who meet a condition
     */
    public record Change(long at, int percent, int most) {}

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
        ofCanary(JSON.convertValue(object, JsonNode.class).path("spec"), route + "-canary", all);
        if (all.isEmpty()) {
            return;
        }
        // Rules with conditions come first, the one for everybody last.
        var change = new Change(at, all.getLast(), Collections.max(all));
        synchronized (changes) {
            if (changes.isEmpty()
                    || changes.getLast().percent() != change.percent()
                    || changes.getLast().most() != change.most()) {
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

    private static void ofCanary(JsonNode tree, String name, List<Integer> to) {
        if (tree.path("name").asText().equals(name) && tree.has("weight")) {
            to.add(tree.path("weight").asInt());
        }
        tree.forEach(child -> ofCanary(child, name, to));
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
