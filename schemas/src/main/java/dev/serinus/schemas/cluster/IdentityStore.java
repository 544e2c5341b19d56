package dev.serinus.schemas.cluster;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.informers.cache.ItemStore;

import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * What the informer itself has to remember of an object: its name and its version. The informer's
 * own store would hold every object whole.
 */
final class IdentityStore implements ItemStore<GenericKubernetesResource> {

    private final Map<String, GenericKubernetesResource> items = new ConcurrentHashMap<>();

    /**
     * Objects that were stored and not yet handed out: the informer does that on another thread.
     */
    private final Set<String> untaken = ConcurrentHashMap.newKeySet();

    /** An object was handed out. */
    void taken(String key) {
        untaken.remove(key);
    }

    /** True when every object that was stored was also handed out. */
    boolean allTaken() {
        return untaken.isEmpty();
    }

    private static GenericKubernetesResource identity(GenericKubernetesResource object) {
        var meta = object.getMetadata();
        var identity = new GenericKubernetesResource();
        identity.setApiVersion(object.getApiVersion());
        identity.setKind(object.getKind());
        identity.setMetadata(
                new ObjectMetaBuilder()
                        .withNamespace(meta.getNamespace())
                        .withName(meta.getName())
                        .withUid(meta.getUid())
                        .withResourceVersion(meta.getResourceVersion())
                        .build());
        return identity;
    }

    @Override
    public String getKey(GenericKubernetesResource object) {
        return ResourceWatch.key(
                object.getMetadata().getNamespace(), object.getMetadata().getName());
    }

    @Override
    public @Nullable GenericKubernetesResource put(String key, GenericKubernetesResource object) {
        var before = items.put(key, identity(object));
        if (before == null) {
            untaken.add(key);
        }
        return before;
    }

    @Override
    public @Nullable GenericKubernetesResource remove(String key) {
        untaken.remove(key);
        return items.remove(key);
    }

    @Override
    public Stream<String> keySet() {
        return items.keySet().stream();
    }

    @Override
    public Stream<GenericKubernetesResource> values() {
        return items.values().stream();
    }

    @Override
    public int size() {
        return items.size();
    }

    @Override
    public @Nullable GenericKubernetesResource get(String key) {
        return items.get(key);
    }

    /** False makes the informer hand out new objects whole instead of from this store. */
    @Override
    public boolean isFullState() {
        return false;
    }
}
