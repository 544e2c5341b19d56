package dev.serinus.router.objects;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.cluster.Ref;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.KubernetesClientTimeoutException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** The objects of a real API server. */
public final class KubernetesCluster implements Cluster {

    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;
    private static final int FORBIDDEN = 403;
    private static final int UNPROCESSABLE = 422;

    /** Kinds with a generation, whose status others write, and which are written in parts. */
    private static final Set<Kind> AMENDED = Set.of(Kind.DEPLOYMENT, Kind.DAEMON_SET);

    private static final Set<Integer> UNSEEN = Set.of(401, 429, 503);

    /**
     * The API server gives out the addresses of Services one after the other, under one lock. Of
     * two hundred at once half get no answer before the client gives up, and are asked for again.
     */
    private static final int SERVICES_AT_ONCE = 4;

    /**
     * What a small API server answers at once without being late: of more the last would be given
     * up by the client and asked for again, which makes all the others later.
     */
    private static final int REQUESTS_AT_ONCE = 16;

    private static final Duration TURN = Duration.ofMinutes(1);

    /** What an API server says of a dry run that a webhook would not know from a write. */
    private static final String KNOWS_NO_TRIAL = "does not support dry run";

    private final KubernetesClient client;
    private final RequestLimit newServices;
    private final RequestLimit requests;

    public KubernetesCluster(KubernetesClient client) {
        this(
                client,
                new RequestLimit(SERVICES_AT_ONCE, TURN),
                new RequestLimit(REQUESTS_AT_ONCE, TURN));
    }

    KubernetesCluster(KubernetesClient client, RequestLimit newServices, RequestLimit requests) {
        this.client = client;
        this.newServices = newServices;
        this.requests = requests;
    }

    @Override
    public @Nullable ClusterObject find(Ref ref) {
        var found = guarded(ref, "get query", () -> resource(ref).get());
        return found == null ? null : read(ref, found);
    }

    @Override
    public List<ClusterObject> list(Kind kind, String namespace, Map<String, String> labels) {
        var all = kind.named(namespace, "*");
        var objects = client.genericKubernetesResources(kind.context());
        var wanted =
                namespace.isEmpty() ? objects.inAnyNamespace() : objects.inNamespace(namespace);
        var found = guarded(all, "list query", () -> wanted.withLabels(labels).list());
        return found == null
                ? List.of()
                : found.getItems().stream()
                        .map(
                                item ->
                                        read(
                                                kind.named(
                                                        namespaceOf(item),
                                                        item.getMetadata().getName()),
                                                item))
                        .toList();
    }

    /** Empty for an object of the whole cluster. */
    private static String namespaceOf(GenericKubernetesResource object) {
        String namespace = object.getMetadata().getNamespace();
        return namespace == null ? "" : namespace;
    }

    @Override
    public ClusterObject create(ClusterObject object) {
        return object.ref().kind().equals(Kind.SERVICE)
                ? newServices.pass(object.ref(), () -> created(object))
                : created(object);
    }

    private ClusterObject created(ClusterObject object) {
        var written = guarded(object.ref(), "create", () -> resource(object).create());
        return written == null ? object : read(object.ref(), written);
    }

    @Override
    public ClusterObject replace(ClusterObject object) {
        if (object.resourceVersion().isEmpty()) {
            throw new IllegalStateException(
                    "a replacement must name the version it was read at: " + object.ref());
        }
        var written = guarded(object.ref(), "update", () -> resource(object).update());
        if (written == null) {
            throw new Conflict(object.ref());
        }
        return read(object.ref(), written);
    }

    /** Of a workload, since its controller writes its status all the time that it is released. */
    @Override
    public ClusterObject replace(ClusterObject desired, ClusterObject live) {
        var patch =
                AMENDED.contains(desired.ref().kind())
                        ? Amendment.of(live, desired)
                        : Optional.<String>empty();
        if (patch.isEmpty()) {
            return replace(desired);
        }
        var written =
                guarded(
                        desired.ref(),
                        "patch",
                        // By the object: by its name, the client would read it first.
                        () ->
                                unlessPassed(
                                        desired.ref(),
                                        () ->
                                                resource(desired)
                                                        .patch(
                                                                PatchContext.of(PatchType.JSON),
                                                                patch.get())));
        if (written == null) {
            throw new Conflict(desired.ref());
        }
        return read(desired.ref(), written);
    }

    /**
     * A patch that does not hold any more is answered as an invalid one; but what is wrong with an
     * object is told with the object's name.
     */
    private static <T> T unlessPassed(Ref ref, Supplier<T> patch) {
        try {
            return patch.get();
        } catch (KubernetesClientException refused) {
            var status = refused.getStatus();
            boolean ofObject =
                    status != null
                            && status.getDetails() != null
                            && status.getDetails().getName() != null
                            && !status.getDetails().getName().isEmpty();
            if (refused.getCode() == UNPROCESSABLE && !ofObject) {
                throw new Conflict(ref);
            }
            throw refused;
        }
    }

    /** Whatever is in the way, an admission webhook that knows no dry run too, the write meets. */
    @Override
    public Optional<ClusterObject> tried(ClusterObject object) {
        try {
            return trial(object);
        } catch (Conflict | Refusal untold) {
            return Optional.empty();
        }
    }

    @Override
    public Optional<Refusal> refusing(ClusterObject object) {
        try {
            var _ = trial(object);
            return Optional.empty();
        } catch (Conflict untold) {
            return Optional.empty();
        } catch (Refusal refusal) {
            return Optional.of(refusal)
                    .filter(it -> !it.isUnseen() && !it.because().contains(KNOWS_NO_TRIAL));
        }
    }

    private Optional<ClusterObject> trial(ClusterObject object) {
        var trial = resource(object).dryRun();
        var kept =
                guarded(
                        object.ref(),
                        "dry run",
                        () -> object.resourceVersion().isEmpty() ? trial.create() : trial.update());
        return Optional.ofNullable(kept).map(it -> read(object.ref(), it));
    }

    @Override
    public void put(ClusterObject part) {
        if (part.resourceVersion().isEmpty()) {
            throw new IllegalStateException(
                    "what is put on an object must name its version: " + part.ref());
        }
        var written =
                guarded(
                        part.ref(),
                        "patch",
                        // By the object: by its name, the client would read it first.
                        () ->
                                resource(part)
                                        .patch(
                                                PatchContext.of(PatchType.JSON_MERGE),
                                                part.json().toString()));
        if (written == null) {
            throw new Conflict(part.ref());
        }
    }

    @Override
    public void release(ClusterObject object) {
        var patch =
                JsonNodeFactory.instance
                        .arrayNode()
                        .add(replacing("/metadata/resourceVersion", object))
                        .add(replacing("/metadata/finalizers", object));
        var _ =
                guarded(
                        object.ref(),
                        "finalizer patch",
                        // By the object: by its name, the client would read it first.
                        () ->
                                resource(object)
                                        .patch(PatchContext.of(PatchType.JSON), patch.toString()));
    }

    private static ObjectNode replacing(String path, ClusterObject object) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("op", "replace")
                .put("path", path)
                .set("value", object.at(path));
    }

    @Override
    public void delete(Ref ref) {
        var _ = guarded(ref, "delete", () -> resource(ref).delete());
    }

    @Override
    public boolean isTerminating(String namespace) {
        try {
            var found = client.namespaces().withName(namespace).get();
            return found != null && found.getMetadata().getDeletionTimestamp() != null;
        } catch (KubernetesClientException unreadable) {
            if (unreadable.getCode() == FORBIDDEN) {
                // An installation for one namespace may have no right to read it.
                return false;
            }
            throw trouble(
                    Kind.CANARY.named(namespace, namespace), "namespace get query", unreadable);
        }
    }

    @Override
    public Optional<Instant> lastWrite(Ref ref, String program) {
        var found = guarded(ref, "get query", () -> resource(ref).get());
        if (found == null || found.getMetadata().getManagedFields() == null) {
            return Optional.empty();
        }
        return found.getMetadata().getManagedFields().stream()
                .filter(entry -> program.equals(entry.getManager()))
                .map(ManagedFieldsEntry::getTime)
                .filter(Objects::nonNull)
                .map(Instant::parse)
                .max(Comparator.naturalOrder());
    }

    @Override
    public @Nullable ClusterObject await(Ref ref, Predicate<ClusterObject> so, Duration patience) {
        try {
            var _ =
                    resource(ref)
                            .waitUntilCondition(
                                    object -> object != null && so.test(read(ref, object)),
                                    patience.toMillis(),
                                    TimeUnit.MILLISECONDS);
        } catch (KubernetesClientTimeoutException late) {
            return find(ref);
        } catch (KubernetesClientException unreadable) {
            throw trouble(ref, "watch", unreadable);
        }
        return find(ref);
    }

    private Resource<GenericKubernetesResource> resource(Ref ref) {
        var all = client.genericKubernetesResources(ref.kind().context());
        return ref.kind().isNamespaced()
                ? all.inNamespace(ref.namespace()).withName(ref.name())
                : all.withName(ref.name());
    }

    private Resource<GenericKubernetesResource> resource(ClusterObject object) {
        var typed =
                client.getKubernetesSerialization()
                        .convertValue(object.json(), GenericKubernetesResource.class);
        var all = client.genericKubernetesResources(object.ref().kind().context());
        return object.ref().kind().isNamespaced()
                ? all.inNamespace(object.ref().namespace()).resource(typed)
                : all.resource(typed);
    }

    private ClusterObject read(Ref ref, GenericKubernetesResource object) {
        // The server keeps its own bookkeeping when a write leaves it out.
        object.getMetadata().setManagedFields(List.of());
        var json = client.getKubernetesSerialization().convertValue(object, ObjectNode.class);
        json.withObjectProperty("metadata").remove("managedFields");
        return new ClusterObject(ref, json);
    }

    private <T> @Nullable T guarded(Ref ref, String doing, Supplier<@Nullable T> request) {
        try {
            return requests.<@Nullable T>pass(ref, request);
        } catch (KubernetesClientException refused) {
            if (refused.getCode() == CONFLICT) {
                throw new Conflict(ref);
            }
            if (refused.getCode() == NOT_FOUND && !doing.equals("create")) {
                return null;
            }
            throw trouble(ref, doing, refused);
        }
    }

    private static Refusal trouble(Ref ref, String doing, KubernetesClientException refused) {
        String because =
                "%s %s %s error: %s"
                        .formatted(
                                ref.kind().name().toLowerCase(Locale.ROOT),
                                ref.dotted(),
                                doing,
                                reason(ref, refused));
        if (refused.getCode() == UNPROCESSABLE) {
            return Refusal.invalid(because);
        }
        if (refused.getCode() == FORBIDDEN) {
            return Refusal.forbidden(because);
        }
        return isUnseen(refused.getCode()) ? Refusal.unseen(because) : Refusal.retry(because);
    }

    /** Without a connection, with credentials that it does not take, or while it is too busy. */
    private static boolean isUnseen(int code) {
        return code <= 0 || UNSEEN.contains(code);
    }

    private static String reason(Ref ref, KubernetesClientException refused) {
        if (refused.getCode() <= 0) {
            // The message of a failed connection names hosts and classes.
            return "the API server does not answer";
        }
        if (Kind.isUnknown(refused)) {
            return "the cluster does not know this kind (%s): what brings it is not installed"
                    .formatted(ref.kind().apiVersion());
        }
        var status = refused.getStatus();
        // The server's own reason is what people can act on. Never the body, which may be a Secret.
        return status != null && status.getMessage() != null && !ref.kind().equals(Kind.SECRET)
                ? status.getMessage()
                : "status " + refused.getCode();
    }
}
