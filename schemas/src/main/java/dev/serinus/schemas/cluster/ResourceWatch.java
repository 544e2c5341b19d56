package dev.serinus.schemas.cluster;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import java.util.function.UnaryOperator;

/**
 * Keeps a small part of every object of one kind, current by one list and one watch: no resync, no
 * request while nothing changes. What {@code trim} does not keep is not held in memory. An object
 * that it cannot read is reported in the log, without its content, and counts as absent, so that it
 * harms only itself. An API server that is away, or does not know the kind yet, is asked again
 * until it answers; until then nothing is known, and nothing is forgotten that was known.
 *
 * <p>Safe for use by many threads.
 */
public final class ResourceWatch<T> implements AutoCloseable {

    /** Is told of each change, in order per object, on the watch's thread: publish and return. */
    @FunctionalInterface
    public interface Listener<T> {
        /**
         * {@code before} is null for a new object, {@code after} for a deleted one; one of both is
         * always there.
         */
        void changed(@Nullable Observed<T> before, @Nullable Observed<T> after);
    }

    /** Canary of flagger.app/v1beta1. */
    public static final ResourceDefinitionContext CANARIES = flagger("Canary", "canaries");

    /** AlertProvider of flagger.app/v1beta1. */
    public static final ResourceDefinitionContext ALERT_PROVIDERS =
            flagger("AlertProvider", "alertproviders");

    /** MetricTemplate of flagger.app/v1beta1. */
    public static final ResourceDefinitionContext METRIC_TEMPLATES =
            flagger("MetricTemplate", "metrictemplates");

    /** Helm keeps whole charts in Secrets of this type, many of them: not even listed. */
    private static final Map<String, String> CHARTS = Map.of("type", "helm.sh/release.v1");

    private static final Logger LOG = LoggerFactory.getLogger(ResourceWatch.class);

    private record Kept<T>(UnaryOperator<T> part, ToLongFunction<T> bytes) {}

    private final String kind;
    private final Predicate<? super GenericKubernetesResource> ours;
    private final Function<? super GenericKubernetesResource, ? extends T> trim;
    private final IdentityStore identities;
    private final SharedIndexInformer<GenericKubernetesResource> informer;
    private volatile boolean synced;
    private final Map<String, Observed<T>> seen = new ConcurrentHashMap<>();
    private final GoneObjects<Observed<T>> gone = new GoneObjects<>();
    private volatile @Nullable Kept<T> keptOfGone;
    private final List<Listener<T>> listeners = new CopyOnWriteArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    private ResourceWatch(
            KubernetesClient client,
            boolean metadataOnly,
            ResourceDefinitionContext kind,
            @Nullable String namespace,
            Map<String, String> leaveOut,
            Predicate<? super GenericKubernetesResource> ours,
            Function<? super GenericKubernetesResource, ? extends T> trim) {
        this.kind = kind.getPlural();
        this.ours = ours;
        this.trim = trim;
        var all = ListClient.of(client, metadataOnly).genericKubernetesResources(kind);
        var wanted = namespace == null ? all.inAnyNamespace() : all.inNamespace(namespace);
        var filter = wanted.withNewFilter();
        for (var field : leaveOut.entrySet()) {
            filter = filter.withoutField(field.getKey(), field.getValue());
        }
        this.identities = new IdentityStore(this::take, key -> replace(key, null));
        this.informer =
                filter.endFilter()
                        .withLimit(PageSize.FIRST)
                        .runnableInformer(0)
                        .removeNamespaceIndex()
                        .itemStore(identities)
                        .exceptionHandler((started, problem) -> true);
    }

    /** Watches one kind, in one namespace or in all of them; call {@link #start} to begin. */
    public static <T> ResourceWatch<T> of(
            KubernetesClient client,
            ResourceDefinitionContext kind,
            @Nullable String namespace,
            Function<? super GenericKubernetesResource, ? extends T> trim) {
        return new ResourceWatch<>(client, false, kind, namespace, Map.of(), _ -> true, trim);
    }

    /**
     * As the first, but an object counts as absent while it is not {@code ours}: unlike what the
     * API server leaves out, it comes and goes as it changes.
     */
    public static <T> ResourceWatch<T> only(
            Predicate<? super GenericKubernetesResource> ours,
            KubernetesClient client,
            ResourceDefinitionContext kind,
            @Nullable String namespace,
            Function<? super GenericKubernetesResource, ? extends T> trim) {
        return new ResourceWatch<>(client, false, kind, namespace, Map.of(), ours, trim);
    }

    /**
     * As above, but the API server sends nothing of an object but its metadata: for kinds whose
     * objects are large, or secret.
     */
    public static <T> ResourceWatch<T> ofMetadata(
            Predicate<? super GenericKubernetesResource> ours,
            KubernetesClient client,
            ResourceDefinitionContext kind,
            @Nullable String namespace,
            Function<? super GenericKubernetesResource, ? extends T> trim) {
        return new ResourceWatch<>(
                client,
                true,
                kind,
                namespace,
                kind.getPlural().equals("secrets") ? CHARTS : Map.of(),
                ours,
                trim);
    }

    private static ResourceDefinitionContext flagger(String kind, String plural) {
        return new ResourceDefinitionContext.Builder()
                .withGroup("flagger.app")
                .withVersion("v1beta1")
                .withKind(kind)
                .withPlural(plural)
                .withNamespaced(true)
                .build();
    }

    /** Adds a listener; add them before {@link #start}, so that none misses the first list. */
    public ResourceWatch<T> onChange(Listener<T> listener) {
        listeners.add(listener);
        return this;
    }

    /**
     * Keeps something of what goes for a while, for {@link #gone}.
     *
     * @param part what somebody may still ask for
     * @param bytes about how much memory that takes
     */
    public ResourceWatch<T> keepingGone(UnaryOperator<T> part, ToLongFunction<T> bytes) {
        keptOfGone = new Kept<>(part, bytes);
        return this;
    }

    /** The object of this UID as it was last seen, if it went in the last minutes. */
    public Optional<Observed<T>> gone(String uid) {
        return gone.last(uid);
    }

    /** Begins to list and watch, and returns at once. */
    public ResourceWatch<T> start() {
        var _ = informer.start();
        return this;
    }

    /** True once the first list was read whole and every listener was told of all that is in it. */
    public boolean hasSynced() {
        if (!synced) {
            synced = informer.hasSynced();
        }
        return synced;
    }

    /** True while the watch stands. */
    public boolean isWatching() {
        return informer.isWatching();
    }

    /** The object of this name as last seen. */
    public Optional<Observed<T>> get(String namespace, String name) {
        return Optional.ofNullable(seen.get(key(namespace, name)));
    }

    /**
     * True when there is no object of this name, as far as the API server has told: one that was
     * sent and is not shown yet, or cannot be read, is there.
     */
    public boolean isAbsent(String namespace, String name) {
        return identities.get(key(namespace, name)) == null;
    }

    /**
     * How long ago what was seen is known to have been so: since the API server sent anything of
     * this kind last. Empty when it has sent a newer version since, which comes in a moment.
     */
    public Optional<Duration> age(Observed<T> seen) {
        var current =
                identities.current(key(seen.namespace(), seen.name()), seen.resourceVersion());
        return current.isEmpty()
                ? Optional.empty()
                : Optional.of(Duration.ofNanos(System.nanoTime() - current.getAsLong()));
    }

    /** All objects as last seen. */
    public List<Observed<T>> all() {
        return List.copyOf(seen.values());
    }

    /**
     * The object of this name and UID at this generation or a newer one; waits for it as long as
     * {@code patience} and is empty when it did not come. An object of another UID is another
     * object.
     */
    public Optional<Observed<T>> awaitGeneration(
            String namespace, String name, String uid, long generation, Duration patience)
            throws InterruptedException {
        return await(
                namespace,
                name,
                found -> found.uid().equals(uid) && found.generation() >= generation,
                gone.has(uid) ? Duration.ZERO : patience);
    }

    private boolean isHere(String namespace, String name, String uid) {
        return get(namespace, name).filter(found -> found.uid().equals(uid)).isPresent();
    }

    /**
     * As {@link #awaitGeneration}, but empty only when the watch stood and showed nothing: while
     * the API server is away nothing is known, and not knowing is no answer, so the wait goes on.
     */
    public Optional<Observed<T>> insistOnGeneration(
            String namespace, String name, String uid, long generation, Duration patience)
            throws InterruptedException {
        while (true) {
            var found = awaitGeneration(namespace, name, uid, generation, patience);
            if (found.isPresent()) {
                return found;
            }
            if (isCurrent()) {
                if (!isHere(namespace, name, uid)) {
                    gone.add(uid);
                }
                return found;
            }
            waiting(key(namespace, name));
        }
    }

    /** The object of this name, waited for while the watch does not stand. */
    public Optional<Observed<T>> insistOn(String namespace, String name, Duration patience)
            throws InterruptedException {
        while (true) {
            Duration unlessCurrent = isCurrent() ? Duration.ZERO : patience;
            var found = await(namespace, name, _ -> true, unlessCurrent);
            if (found.isPresent() || isCurrent()) {
                return found;
            }
            waiting(key(namespace, name));
        }
    }

    /** True once the first list was read whole, while the watch stands. */
    public boolean isCurrent() {
        return hasSynced() && isWatching();
    }

    private Optional<Observed<T>> await(
            String namespace, String name, Predicate<Observed<T>> wanted, Duration patience)
            throws InterruptedException {
        String key = key(namespace, name);
        long nanos = patience.toNanos();
        lock.lockInterruptibly();
        try {
            while (true) {
                Observed<T> found = seen.get(key);
                if (found != null && wanted.test(found)) {
                    return Optional.of(found);
                }
                if (nanos <= 0) {
                    return Optional.empty();
                }
                nanos = changed.awaitNanos(nanos);
            }
        } finally {
            lock.unlock();
        }
    }

    private void waiting(String key) {
        LOG.atWarn()
                .addKeyValue("resource", kind)
                .addKeyValue("object", key)
                .log("waiting for the API server");
    }

    @Override
    public void close() {
        informer.close();
    }

    private void take(GenericKubernetesResource object) {
        var meta = object.getMetadata();
        String key = key(meta.getNamespace(), meta.getName());
        Observed<T> now = null;
        try {
            now = ours.test(object) ? seen(object) : null;
        } catch (RuntimeException | StackOverflowError malformed) {
            // Only its type: the message of a parser quotes what it read, which may be a secret.
            LOG.atWarn()
                    .addKeyValue("resource", kind)
                    .addKeyValue("object", key)
                    .addKeyValue("problem", malformed.getClass().getSimpleName())
                    .log("object cannot be read and counts as absent");
        }
        replace(key, now);
    }

    private Observed<T> seen(GenericKubernetesResource object) {
        var meta = object.getMetadata();
        return new Observed<>(
                meta.getNamespace(),
                meta.getName(),
                meta.getUid() == null ? "" : meta.getUid(),
                meta.getGeneration() == null ? 0 : meta.getGeneration(),
                meta.getResourceVersion() == null ? "" : meta.getResourceVersion(),
                trim.apply(object));
    }

    private void replace(String key, @Nullable Observed<T> now) {
        Observed<T> before;
        lock.lock();
        try {
            before = now == null ? seen.remove(key) : seen.put(key, now);
            if (before != null && (now == null || !now.uid().equals(before.uid()))) {
                went(before);
            }
            if (now != null) {
                gone.remove(now.uid());
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        if (before != null || now != null) {
            for (Listener<T> listener : listeners) {
                try {
                    listener.changed(before, now);
                } catch (RuntimeException ours) {
                    LOG.atError()
                            .addKeyValue("resource", kind)
                            .addKeyValue("object", key)
                            .addKeyValue("problem", ours.getClass().getName())
                            .log("a listener of the watch failed");
                }
            }
        }
    }

    private void went(Observed<T> last) {
        var kept = keptOfGone;
        if (kept == null) {
            gone.add(last.uid());
            return;
        }
        T part = kept.part().apply(last.value());
        gone.add(last.uid(), last.with(part), kept.bytes().applyAsLong(part));
    }

    /** An object of the whole cluster has no namespace, which is empty in its {@link Ref}. */
    static String key(@Nullable String namespace, String name) {
        return (namespace == null ? "" : namespace) + "/" + name;
    }
}
