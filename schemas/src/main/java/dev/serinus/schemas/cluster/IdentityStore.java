package dev.serinus.schemas.cluster;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.informers.cache.ItemStore;

import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * What the informer itself has to remember of an object: its name and its version. The informer's
 * own store would hold every object whole.
 */
final class IdentityStore implements ItemStore<GenericKubernetesResource> {

    private final Map<String, Stored> items = new ConcurrentHashMap<>();

    /**
     * @param at when it was received, by the clock of {@link System#nanoTime}
     */
    private record Stored(GenericKubernetesResource identity, long at) {}

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

    /**
     * When this version was received, by the clock of {@link System#nanoTime}; empty when a newer
     * one was, or none of this name.
     */
    OptionalLong received(String key, String version) {
        var stored = items.get(key);
        return stored != null
                        && version.equals(stored.identity().getMetadata().getResourceVersion())
                ? OptionalLong.of(stored.at())
                : OptionalLong.empty();
    }

    private static @Nullable GenericKubernetesResource identity(@Nullable Stored stored) {
        return stored == null ? null : stored.identity();
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
        var before = items.put(key, new Stored(identity(object), System.nanoTime()));
        if (before == null) {
            untaken.add(key);
        }
        return identity(before);
    }

    @Override
    public @Nullable GenericKubernetesResource remove(String key) {
        untaken.remove(key);
        return identity(items.remove(key));
    }

    @Override
    public Stream<String> keySet() {
        return items.keySet().stream();
    }

    @Override
    public Stream<GenericKubernetesResource> values() {
        return items.values().stream().map(Stored::identity);
    }

    @Override
    public int size() {
        return items.size();
    }

    @Override
    public @Nullable GenericKubernetesResource get(String key) {
        return identity(items.get(key));
    }

    /** False makes the informer hand out new objects whole instead of from this store. */
    @Override
    public boolean isFullState() {
        return false;
    }
}
