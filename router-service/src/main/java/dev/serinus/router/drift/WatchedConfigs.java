package dev.serinus.router.drift;

import dev.serinus.router.workload.CopyNote;
import dev.serinus.router.workload.Primaries;
import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.cluster.Observed;
import dev.serinus.schemas.cluster.Ref;
import dev.serinus.schemas.cluster.ResourceWatch;
import dev.serinus.schemas.config.ConfigTracking;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.client.KubernetesClient;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The ConfigMaps and Secrets that matter between two promotions: those whose tracking is switched
 * off, which a primary that read a copy reads itself from then on, and the copies that primaries
 * read. All others count as absent; of these the metadata are watched, and no content.
 */
final class WatchedConfigs implements AutoCloseable {

    /** Is told on the watch's thread. */
    interface Listener {

        /** The tracking of a config in this namespace was switched off. */
        void untracked(String namespace);

        /**
         * Somebody, we perhaps, wrote or deleted a copy.
         *
         * @param before what it said of itself
         * @param version that it has now; empty when it is gone
         */
        void copyChanged(Ref copy, CopyNote before, String version);
    }

    /**
     * What is kept of one.
     *
     * @param copy null for what is none
     */
    private record Seen(String name, boolean untracked, @Nullable CopyNote copy, String version) {}

    private final Map<Kind, ResourceWatch<Seen>> watches;

    /** Watches nothing yet. */
    WatchedConfigs(KubernetesClient client, @Nullable String namespace, Listener listener) {
        this.watches =
                List.of(Kind.CONFIG_MAP, Kind.SECRET).stream()
                        .collect(
                                Collectors.toUnmodifiableMap(
                                        kind -> kind,
                                        kind -> watch(client, kind, namespace, listener)));
    }

    private static ResourceWatch<Seen> watch(
            KubernetesClient client, Kind kind, @Nullable String namespace, Listener listener) {
        return ResourceWatch.<Seen>ofMetadata(
                        object -> {
                            var seen = seen(object.getMetadata());
                            return seen.untracked() || seen.copy() != null;
                        },
                        client,
                        kind.context(),
                        namespace,
                        object -> seen(object.getMetadata()))
                .onChange((before, after) -> tell(kind, before, after, listener));
    }

    private static Seen seen(ObjectMeta meta) {
        return new Seen(
                meta.getName(),
                ConfigTracking.isSwitchedOff(meta.getAnnotations()),
                copy(meta),
                Objects.requireNonNullElse(meta.getResourceVersion(), ""));
    }

    private static @Nullable CopyNote copy(ObjectMeta meta) {
        return meta.getOwnerReferences().stream()
                .filter(owner -> Boolean.TRUE.equals(owner.getController()))
                .filter(owner -> Kind.CANARY.name().equals(owner.getKind()))
                .map(OwnerReference::getName)
                .findFirst()
                .map(
                        canary ->
                                Primaries.copyNote(
                                        canary,
                                        meta.getName(),
                                        Objects.requireNonNullElse(
                                                meta.getAnnotations(), Map.of())))
                .orElse(null);
    }

    private static void tell(
            Kind kind,
            @Nullable Observed<Seen> before,
            @Nullable Observed<Seen> after,
            Listener listener) {
        var past = before == null ? null : before.value();
        var now = after == null ? null : after.value();
        if (after != null
                && now != null
                && now.untracked()
                && (past == null || !past.untracked())) {
            listener.untracked(after.namespace());
        }
        var noted = past == null ? null : past.copy();
        String version = now == null ? "" : now.version();
        if (before != null && past != null && noted != null && !past.version().equals(version)) {
            listener.copyChanged(kind.named(before.namespace(), past.name()), noted, version);
        }
    }

    void start() {
        watches.values().forEach(ResourceWatch::start);
    }

    /** Those of a namespace whose tracking is switched off. */
    Set<Ref> untrackedIn(String namespace) {
        return watches.entrySet().stream()
                .flatMap(
                        entry ->
                                entry.getValue().all().stream()
                                        .filter(seen -> seen.namespace().equals(namespace))
                                        .map(Observed::value)
                                        .filter(Seen::untracked)
                                        .map(seen -> entry.getKey().named(namespace, seen.name())))
                .collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public void close() {
        watches.values().forEach(ResourceWatch::close);
    }
}
