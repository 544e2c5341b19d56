package dev.serinus.schemas.cluster;

import static java.util.Objects.requireNonNullElse;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.informers.cache.ItemStore;

import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * What the informer itself has to remember of an object: its name and its version. The informer's
 * own store would hold every object whole, and so would its queue for listeners, which has no end:
 * objects are handed out here instead, on the thread that reads them, so that no more are read than
 * are taken.
 */
final class IdentityStore implements ItemStore<GenericKubernetesResource> {

    private final Map<String, GenericKubernetesResource> items = new ConcurrentHashMap<>();

    /** When anything was received last, by the clock of {@link System#nanoTime}. */
    private volatile long heard;

    private final Consumer<GenericKubernetesResource> changed;
    private final Consumer<String> removed;

    /**
     * @param changed is handed each new object and each new version, whole, before the next one is
     *     read
     * @param removed is handed the key of each object that went
     */
    IdentityStore(Consumer<GenericKubernetesResource> changed, Consumer<String> removed) {
        this.changed = changed;
        this.removed = removed;
    }

    /**
     * Until when this version is known to have been the newest, by the clock of {@link
     * System#nanoTime}: changes of all objects come in their order, so that of this one there was
     * none before the last that came. Empty when a newer one came, or none of this name.
     */
    OptionalLong current(String key, String version) {
        long until = heard; // before the look: what comes meanwhile must not count for it
        var stored = items.get(key);
        return stored != null && version.equals(stored.getMetadata().getResourceVersion())
                ? OptionalLong.of(until)
                : OptionalLong.empty();
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

    private static String version(GenericKubernetesResource identity) {
        return requireNonNullElse(identity.getMetadata().getResourceVersion(), "");
    }

    @Override
    public String getKey(GenericKubernetesResource object) {
        return ResourceWatch.key(
                object.getMetadata().getNamespace(), object.getMetadata().getName());
    }

    @Override
    public @Nullable GenericKubernetesResource put(String key, GenericKubernetesResource object) {
        var identity = identity(object);
        var before = items.put(key, identity);
        heard = System.nanoTime();
        // A list that is read again brings what is known already.
        if (before == null || !version(before).equals(version(identity))) {
            changed.accept(object);
        }
        return before;
    }

    @Override
    public @Nullable GenericKubernetesResource remove(String key) {
        var before = items.remove(key);
        heard = System.nanoTime();
        removed.accept(key);
        return before;
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

    @Override
    public boolean isFullState() {
        return false;
    }
}
