package dev.serinus.router.drift;

import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.cluster.Observed;
import dev.serinus.schemas.cluster.Ref;
import dev.serinus.schemas.cluster.ResourceWatch;
import dev.serinus.schemas.config.ConfigTracking;

import io.fabric8.kubernetes.client.KubernetesClient;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * The ConfigMaps and Secrets whose tracking is switched off: a primary that read a copy of one
 * reads it itself from then on. Others count as absent, and of these only the names are kept.
 */
final class UntrackedConfigs implements AutoCloseable {

    private final Map<Kind, ResourceWatch<String>> watches;

    /**
     * Watches nothing yet.
     *
     * @param changed is told the namespace, on the watch's thread
     */
    UntrackedConfigs(
            KubernetesClient client, @Nullable String namespace, Consumer<String> changed) {
        this.watches =
                List.of(Kind.CONFIG_MAP, Kind.SECRET).stream()
                        .collect(
                                Collectors.toUnmodifiableMap(
                                        kind -> kind,
                                        kind ->
                                                ResourceWatch.<String>ofMetadata(
                                                                object ->
                                                                        ConfigTracking
                                                                                .isSwitchedOff(
                                                                                        object.getMetadata()
                                                                                                .getAnnotations()),
                                                                client,
                                                                kind.context(),
                                                                namespace,
                                                                object ->
                                                                        object.getMetadata()
                                                                                .getName())
                                                        .onChange(
                                                                (before, after) -> {
                                                                    if (before == null
                                                                            && after != null) {
                                                                        changed.accept(
                                                                                after.namespace());
                                                                    }
                                                                })));
    }

    void start() {
        watches.values().forEach(ResourceWatch::start);
    }

    /** Those of a namespace. */
    Set<Ref> in(String namespace) {
        return watches.entrySet().stream()
                .flatMap(
                        entry ->
                                entry.getValue().all().stream()
                                        .filter(seen -> seen.namespace().equals(namespace))
                                        .map(Observed::value)
                                        .map(name -> entry.getKey().named(namespace, name)))
                .collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public void close() {
        watches.values().forEach(ResourceWatch::close);
    }
}
