package dev.serinus.watcher.cluster;

import dev.serinus.schemas.canary.Installation;
import dev.serinus.schemas.canary.ObjectNames;
import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.cluster.MetadataClient;
import dev.serinus.schemas.cluster.Observed;
import dev.serinus.schemas.cluster.Ref;
import dev.serinus.schemas.cluster.ResourceWatch;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/**
 * The ConfigMaps and Secrets that pods of Canaries read. Of all others nothing is read: the watches
 * show names and versions only, and a content is read, a few at a time, when somebody asks for it
 * and its version is another than when it was read last. What is kept of it is a checksum.
 *
 * <p>Safe for use by many threads.
 */
public final class TrackedConfigs {

    private static final Logger LOG = LoggerFactory.getLogger(TrackedConfigs.class);

    /** Contents in memory at once; each may have more than a megabyte. */
    private static final int READ_AT_ONCE = 4;

    /**
     * What was read.
     *
     * @param version of the object; empty when there was none
     */
    private record Content(String version, @Nullable Config config) {
        private static final Content NONE = new Content("", null);

        Optional<Config> found() {
            return Optional.ofNullable(config);
        }
    }

    private final KubernetesClient client;
    private final KubernetesClient metadata;
    private final Map<Kind, ResourceWatch<String>> watches;
    private final Map<Ref, Content> contents = new ConcurrentHashMap<>();
    private final List<Consumer<Ref>> listeners = new CopyOnWriteArrayList<>();
    private final Semaphore reading = new Semaphore(READ_AT_ONCE);

    TrackedConfigs(KubernetesClient client, Installation installation, SecretChanges secrets) {
        this.client = client;
        this.metadata = MetadataClient.of(client);
        Map<Kind, ResourceWatch<String>> all = new HashMap<>();
        if (installation.configTracking()) {
            all.put(Kind.CONFIG_MAP, watch(Kind.CONFIG_MAP, installation.namespace()));
            if (secrets == SecretChanges.WATCHED) {
                all.put(Kind.SECRET, watch(Kind.SECRET, installation.namespace()));
            }
        }
        this.watches = Map.copyOf(all);
    }

    private ResourceWatch<String> watch(Kind kind, @Nullable String namespace) {
        return ResourceWatch.ofMetadata(
                        _ -> true,
                        client,
                        kind.context(),
                        namespace,
                        object -> object.getMetadata().getResourceVersion())
                .onChange((before, after) -> changed(kind, before, after));
    }

    private void changed(
            Kind kind, @Nullable Observed<String> before, @Nullable Observed<String> after) {
        if (before == null || after == null || !before.value().equals(after.value())) {
            var object = after == null ? Objects.requireNonNull(before) : after;
            tell(kind.named(object.namespace(), object.name()));
        }
    }

    private void tell(Ref config) {
        listeners.forEach(listener -> listener.accept(config));
    }

    Map<Kind, ResourceWatch<String>> watches() {
        return watches;
    }

    /** Is told of a config that may have changed, on the watch's thread: publish and return. */
    public void onChange(Consumer<Ref> listener) {
        listeners.add(listener);
    }

    /**
     * A config as it is now; empty when there is none. An API server that does not answer is an
     * exception.
     *
     * @param certain true to ask the API server before a config counts as absent that the watch
     *     does not show: it may not have shown it yet
     */
    public Optional<Config> find(Ref config, boolean certain) throws InterruptedException {
        if (!ObjectNames.isName(config.name()) || !ObjectNames.isNamespace(config.namespace())) {
            return Optional.empty(); // there can be none, and the request would be for another path
        }
        var known = contents.get(config);
        var watch = watches.get(config.kind());
        if (watch == null) {
            return known == null ? read(config).found() : known.found();
        }
        var seen = watch.get(config.namespace(), config.name());
        if (seen.isEmpty()) {
            return certain ? read(config).found() : Optional.empty();
        }
        return known != null && known.version().equals(seen.get().value())
                ? known.found()
                : read(config).found();
    }

    /** Keeps nothing of it any more: no Canary's pods read it. */
    public void forget(Ref config) {
        contents.remove(config);
    }

    /**
     * Looks whether the Secrets that were asked for have changed, where they are not watched, and
     * tells of those that have. A content that may not be read now is looked at again the next
     * time.
     */
    public void askForSecrets() throws InterruptedException {
        if (watches.containsKey(Kind.SECRET)) {
            return;
        }
        KubernetesClientException refused = null;
        for (var each : Map.copyOf(contents).entrySet()) {
            Ref config = each.getKey();
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            if (!config.kind().equals(Kind.SECRET)) {
                continue;
            }
            try {
                String version = version(get(metadata, config));
                if (!version.equals(each.getValue().version())) {
                    contents.remove(config, each.getValue());
                    tell(config);
                }
            } catch (KubernetesClientException away) {
                refused = away;
            }
        }
        if (refused != null) {
            LOG.atWarn()
                    .addKeyValue("status", refused.getCode())
                    .log("Secrets that pods read cannot be looked at now");
        }
    }

    private Content read(Ref config) throws InterruptedException {
        reading.acquire();
        try {
            var object = get(client, config);
            var content =
                    object == null
                            ? Content.NONE
                            : new Content(version(object), Config.of(config.kind(), object));
            contents.put(config, content);
            return content;
        } finally {
            reading.release();
        }
    }

    private static @Nullable GenericKubernetesResource get(KubernetesClient client, Ref config) {
        return client.genericKubernetesResources(config.kind().context())
                .inNamespace(config.namespace())
                .withName(config.name())
                .get();
    }

    private static String version(@Nullable GenericKubernetesResource object) {
        return object == null
                ? ""
                : Objects.requireNonNullElse(object.getMetadata().getResourceVersion(), "");
    }
}
