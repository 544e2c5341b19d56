package dev.serinus.router.drift;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.MadeFor;
import dev.serinus.router.objects.MadeForIndex;
import dev.serinus.router.objects.Mark;
import dev.serinus.router.objects.Sight;
import dev.serinus.router.route.Routers;
import dev.serinus.schemas.canary.Canary;
import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.cluster.Observed;
import dev.serinus.schemas.cluster.Ref;
import dev.serinus.schemas.cluster.ResourceWatch;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.KubernetesClient;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * One watch for each kind that some Canary needs, begun when the first needs it: a mesh that nobody
 * uses need not be installed.
 */
final class Watches implements AutoCloseable {

    /**
     * Is told of each change, on the watch's thread, with the version of the object; one that is
     * gone has its last.
     */
    @FunctionalInterface
    interface Listener {
        void seen(
                Ref ref,
                @Nullable ObservedState before,
                @Nullable ObservedState now,
                String version);
    }

    private static final ObjectMapper JSON = new ObjectMapper();

    /** The age of what a newer version, which is on its way, takes the place of. */
    private static final Duration PASSED = Duration.ofNanos(Long.MAX_VALUE);

    private final KubernetesClient client;
    private final @Nullable String namespace;
    private final Routers routers;
    private final Listener listener;
    private final Predicate<Ref> whole;
    private final Map<Kind, ResourceWatch<Seen>> watches = new ConcurrentHashMap<>();
    private final MadeForIndex index = new MadeForIndex();

    /**
     * What is kept of an object.
     *
     * @param content all of it as JSON, without the server's bookkeeping; null where nobody needs
     *     it
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Seen(ObservedState state, MadeFor madeFor, byte @Nullable [] content) {}

    /**
     * @param whole the workloads of which all is kept, so that nobody needs to ask for them
     */
    Watches(
            KubernetesClient client,
            @Nullable String namespace,
            Routers routers,
            Predicate<Ref> whole,
            Listener listener) {
        this.client = client;
        this.namespace = namespace;
        this.routers = routers;
        this.whole = whole;
        this.listener = listener;
    }

    /** Makes sure that a kind is watched. */
    void watch(Kind kind) {
        watches.computeIfAbsent(
                kind,
                _ ->
                        ResourceWatch.<Seen>of(
                                        client,
                                        kind.context(),
                                        namespace,
                                        object -> seen(kind, object))
                                .onChange((before, after) -> tell(kind, before, after))
                                .start());
    }

    /** What a watch that stands shows of an object. */
    Sight sight(Ref ref) {
        var watch = watches.get(ref.kind());
        boolean elsewhere = namespace != null && !namespace.equals(ref.namespace());
        if (watch == null || elsewhere || isScaler(ref.kind()) || !watch.isCurrent()) {
            return new Sight.Unwatched();
        }
        return watch.get(ref.namespace(), ref.name())
                .<Sight>map(
                        found -> {
                            byte[] content = found.value().content();
                            return content == null
                                    ? new Sight.At(found.resourceVersion())
                                    : new Sight.Whole(
                                            read(ref, content), watch.age(found).orElse(PASSED));
                        })
                .orElseGet(
                        () ->
                                watch.isAbsent(ref.namespace(), ref.name())
                                        ? new Sight.Absent()
                                        : new Sight.Unwatched());
    }

    /** True while the watch of a kind stands. */
    boolean isCurrent(Kind kind) {
        var watch = watches.get(kind);
        return watch != null && watch.isCurrent();
    }

    /**
     * Names the objects of a kind that seem to be made for a Canary; empty while no watch of it
     * stands.
     */
    Optional<List<Ref>> made(Canary canary, Kind kind) {
        var watch = watches.get(kind);
        if (watch == null || !watch.isCurrent()) {
            return Optional.empty();
        }
        return Optional.of(List.copyOf(index.of(canary, kind)));
    }

    private static ClusterObject read(Ref ref, byte[] content) {
        try {
            return new ClusterObject(ref, JSON.readValue(content, ObjectNode.class));
        } catch (IOException impossible) {
            throw new UncheckedIOException("what was written here cannot be read", impossible);
        }
    }

    private static boolean isScaler(Kind kind) {
        return kind.equals(Kind.AUTOSCALER) || kind.equals(Kind.SCALED_OBJECT);
    }

    /** True once the watch of each of these kinds has read its first list, while it stands. */
    boolean areCurrent(Stream<Kind> kinds) {
        return kinds.allMatch(this::isCurrent);
    }

    private void tell(Kind kind, @Nullable Observed<Seen> before, @Nullable Observed<Seen> after) {
        var any = Objects.requireNonNull(after == null ? before : after, "neither");
        var ref = kind.named(any.namespace(), any.name());
        index.change(
                ref,
                before == null ? null : before.value().madeFor(),
                after == null ? null : after.value().madeFor());
        listener.seen(
                ref,
                before == null ? null : before.value().state(),
                after == null ? null : after.value().state(),
                any.resourceVersion());
    }

    private Seen seen(Kind kind, GenericKubernetesResource object) {
        if (isScaler(kind)) {
            return new Seen(ObservedState.PRESENT, scalerMadeFor(kind, object.getMetadata()), null);
        }
        var meta = object.getMetadata();
        var ref = kind.named(meta.getNamespace(), meta.getName());
        String by = Writers.lastBesideUs(meta);
        // Often longer than all the rest; the object is handed out here and to nobody else.
        meta.setManagedFields(List.of());
        var json = client.getKubernetesSerialization().convertValue(object, ObjectNode.class);
        var read = new ClusterObject(ref, json);
        var state = ObservedState.at(read, routers.shown(read).orElse(null), by);
        return new Seen(state, MadeFor.of(read), content(ref, json));
    }

    /** Most are nobody's and change all the time: of those nothing is read. */
    private MadeFor scalerMadeFor(Kind kind, ObjectMeta meta) {
        boolean ours =
                meta.getOwnerReferences().stream()
                                .anyMatch(it -> it.getKind().equals(Kind.CANARY.name()))
                        || (meta.getAnnotations() != null
                                && meta.getAnnotations().containsKey(Mark.ANNOTATION));
        if (!ours) {
            return MadeFor.NOBODY;
        }
        var json =
                client.getKubernetesSerialization()
                        .convertValue(Map.of("metadata", meta), ObjectNode.class);
        return MadeFor.of(new ClusterObject(kind.named(meta.getNamespace(), meta.getName()), json));
    }

    private byte @Nullable [] content(Ref ref, ObjectNode json) {
        if (!ObservedState.isPresence(ref.kind()) || !whole.test(ref)) {
            return null;
        }
        json.withObjectProperty("metadata").remove("managedFields");
        try {
            return JSON.writeValueAsBytes(json);
        } catch (IOException impossible) {
            throw new UncheckedIOException("a tree of JSON cannot be written", impossible);
        }
    }

    @Override
    public void close() {
        watches.values().forEach(ResourceWatch::close);
    }
}
