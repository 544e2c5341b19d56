package dev.serinus.conformance.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.conformance.json.Json;

import org.jspecify.annotations.Nullable;

import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/**
 * The objects of a cluster and the rules for writing them: versions, generations, UIDs, finalizers,
 * and a status that only its own address changes. Every object handed in or out is a copy.
 */
public final class Objects {

    /** Is told of every change, in order, while it is made: note it and return. */
    @FunctionalInterface
    public interface Listener {
        void changed(Resource resource, Change change, ObjectNode object);
    }

    /** What happened to an object. */
    public enum Change {
        ADDED,
        MODIFIED,
        DELETED
    }

    private final Map<Resource, TreeMap<String, ObjectNode>> all = new HashMap<>();
    private final List<Listener> listeners = new ArrayList<>();
    private final InstantSource clock;
    private final Addresses addresses = new Addresses();
    private long version = 1000;

    public Objects(InstantSource clock) {
        this.clock = clock;
    }

    public void onChange(Listener listener) {
        listeners.add(listener);
    }

    long version() {
        return version;
    }

    /** The object of this name; null when there is none. */
    public @Nullable ObjectNode find(Resource resource, String namespace, String name) {
        ObjectNode found = of(resource).get(key(resource, namespace, name));
        return found == null ? null : found.deepCopy();
    }

    ObjectNode get(Resource resource, String namespace, String name) {
        ObjectNode found = find(resource, namespace, name);
        if (found == null) {
            throw ApiError.notFound(resource, name);
        }
        return found;
    }

    /** All of a kind, in one namespace or in every one. */
    public List<ObjectNode> list(Resource resource, @Nullable String namespace) {
        return of(resource).values().stream()
                .filter(
                        object ->
                                namespace == null
                                        || object.at("/metadata/namespace")
                                                .asText()
                                                .equals(namespace))
                .map(ObjectNode::deepCopy)
                .toList();
    }

    public ObjectNode create(Resource resource, ObjectNode given) {
        ObjectNode object = bare(given);
        ObjectNode meta = object.withObjectProperty("metadata");
        String name = meta.path("name").asText();
        String key = key(resource, meta.path("namespace").asText(), name);
        if (of(resource).containsKey(key)) {
            throw ApiError.exists(resource, name);
        }
        if (resource.shape() == Resource.Shape.WITH_STATUS) {
            object.remove("status");
        }
        Defaults.fill(resource, object);
        definition(resource).ifPresent(it -> Schemas.fill(it, object));
        Schemas.enforce(resource, object);
        if (isService(resource)) {
            addresses.give(object.withObjectProperty("spec"));
        }
        meta.put("uid", new UUID(7, version).toString());
        meta.put("creationTimestamp", now());
        meta.remove(List.of("managedFields", "deletionTimestamp"));
        if (resource.shape() != Resource.Shape.PLAIN) {
            meta.put("generation", 1);
        }
        keep(resource, key, object, Change.ADDED);
        return object.deepCopy();
    }

    /** The definition of a kind that a scenario brings. */
    private Optional<ObjectNode> definition(Resource resource) {
        return Resource.called("customresourcedefinition")
                .map(kind -> of(kind).get(key(kind, "", resource.title())));
    }

    /** Writes an object whole, or only its status. */
    public ObjectNode replace(Resource resource, ObjectNode written, boolean status) {
        ObjectNode given = bare(written);
        ObjectNode meta = given.withObjectProperty("metadata");
        String name = meta.path("name").asText();
        String namespace = meta.path("namespace").asText();
        ObjectNode before = get(resource, namespace, name);
        String read = meta.path("resourceVersion").asText();
        if (!read.isEmpty() && !read.equals(before.at("/metadata/resourceVersion").asText())) {
            throw ApiError.conflict(resource, name);
        }
        String uid = meta.path("uid").asText();
        if (!uid.isEmpty() && !uid.equals(before.at("/metadata/uid").asText())) {
            throw ApiError.conflict(resource, name);
        }
        ObjectNode after =
                status ? withStatus(before, given) : withoutStatus(resource, before, given);
        if (after.equals(before)) {
            return before;
        }
        String key = key(resource, namespace, name);
        boolean going = after.at("/metadata").has("deletionTimestamp");
        if (going && after.at("/metadata/finalizers").isEmpty()) {
            of(resource).remove(key);
            told(resource, after, Change.DELETED);
            return after;
        }
        keep(resource, key, after, Change.MODIFIED);
        return after.deepCopy();
    }

    /** A copy without the version and kind it was written in: they are those of its place. */
    private static ObjectNode bare(ObjectNode object) {
        return Json.plain(object).without(List.of("apiVersion", "kind"));
    }

    private static ObjectNode withStatus(ObjectNode before, ObjectNode given) {
        ObjectNode after = before.deepCopy();
        after.set("status", given.get("status"));
        return after;
    }

    private ObjectNode withoutStatus(Resource resource, ObjectNode before, ObjectNode given) {
        ObjectNode after = given.deepCopy();
        ObjectNode meta = after.withObjectProperty("metadata");
        meta.remove("managedFields");
        for (String name :
                List.of(
                        "uid",
                        "resourceVersion",
                        "creationTimestamp",
                        "generation",
                        "deletionTimestamp",
                        "deletionGracePeriodSeconds")) {
            meta.remove(name);
            JsonNode kept = before.path("metadata").get(name);
            if (kept != null) {
                meta.set(name, kept);
            }
        }
        for (String name : List.of("labels", "annotations", "finalizers", "ownerReferences")) {
            if (meta.path(name).isNull()
                    || (meta.path(name).isContainerNode() && meta.path(name).isEmpty())) {
                meta.remove(name);
                if (before.path("metadata").has(name)
                        && before.path("metadata").get(name).isEmpty()) {
                    meta.set(name, before.path("metadata").get(name));
                }
            }
        }
        if (isService(resource)) {
            Addresses.keep(resource, before.path("spec"), after.withObjectProperty("spec"));
        }
        if (resource.shape() == Resource.Shape.WITH_STATUS) {
            after.remove("status");
            if (before.has("status")) {
                after.set("status", before.get("status"));
            }
        }
        Defaults.fill(resource, after);
        Schemas.enforce(resource, after);
        if (resource.kind().equals("DaemonSet")
                && !after.at("/spec/template").equals(before.at("/spec/template"))) {
            Defaults.templateChanged(after);
        }
        if (resource.shape() != Resource.Shape.PLAIN && contentDiffers(resource, before, after)) {
            meta.put("generation", meta.path("generation").asLong() + 1);
        }
        return after;
    }

    private static boolean contentDiffers(Resource resource, ObjectNode before, ObjectNode after) {
        List<String> aside =
                resource.shape() == Resource.Shape.WITH_STATUS
                        ? List.of("metadata", "status")
                        : List.of("metadata");
        return !before.deepCopy().without(aside).equals(after.deepCopy().without(aside));
    }

    /** Takes an object away, or marks it when somebody has to finish first. */
    public void delete(Resource resource, String namespace, String name) {
        ObjectNode object = get(resource, namespace, name);
        ObjectNode meta = object.withObjectProperty("metadata");
        String key = key(resource, namespace, name);
        if (meta.path("finalizers").isEmpty()) {
            of(resource).remove(key);
            told(resource, object, Change.DELETED);
        } else if (!meta.has("deletionTimestamp")) {
            meta.put("deletionTimestamp", now()).put("deletionGracePeriodSeconds", 0);
            if (resource.shape() != Resource.Shape.PLAIN) {
                meta.put("generation", meta.path("generation").asLong() + 1);
            }
            keep(resource, key, object, Change.MODIFIED);
        }
    }

    private void keep(Resource resource, String key, ObjectNode object, Change change) {
        of(resource).put(key, object);
        told(resource, object, change);
    }

    private void told(Resource resource, ObjectNode object, Change change) {
        version++;
        object.withObjectProperty("metadata").put("resourceVersion", String.valueOf(version));
        listeners.forEach(listener -> listener.changed(resource, change, object.deepCopy()));
    }

    private static boolean isService(Resource resource) {
        return resource.kind().equals("Service") && resource.group().isEmpty();
    }

    private Map<String, ObjectNode> of(Resource resource) {
        return all.computeIfAbsent(resource, _ -> new TreeMap<>());
    }

    private static String key(Resource resource, String namespace, String name) {
        return resource.namespaced() ? namespace + "/" + name : name;
    }

    private String now() {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
