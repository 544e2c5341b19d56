package dev.serinus.router.objects;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.schemas.canary.Canary;
import dev.serinus.schemas.cluster.Kind;

import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.function.Predicate;

/** The changes to one object, by name; what is not named stays. */
public final class Edit {

    private final ObjectNode json;

    Edit(ObjectNode json) {
        this.json = json;
    }

    /** The object's spec, made when it is missing. */
    public ObjectNode spec() {
        return json.withObjectProperty("spec");
    }

    /** The object's metadata. */
    public ObjectNode metadata() {
        return json.withObjectProperty("metadata");
    }

    /** Puts a field of the object itself; null takes it away. */
    public Edit put(String field, @Nullable JsonNode value) {
        put(json, field, value);
        return this;
    }

    /** Puts a field of the spec; null takes it away. */
    public Edit spec(String field, @Nullable JsonNode value) {
        put(spec(), field, value);
        return this;
    }

    public Edit annotate(String key, String value) {
        annotations().put(key, value);
        return this;
    }

    public Edit annotate(Map<String, String> values) {
        values.forEach(this::annotate);
        return this;
    }

    public Edit label(Map<String, String> values) {
        values.forEach((key, value) -> labels().put(key, value));
        return this;
    }

    /** True when the object has this name. */
    public boolean isNamed(String name) {
        return json.path("metadata").path("name").asText().equals(name);
    }

    public boolean hasAnnotation(String key) {
        return json.path("metadata").path("annotations").has(key);
    }

    public boolean hasLabel(String key) {
        return json.path("metadata").path("labels").has(key);
    }

    /** True when the object has all of these labels. */
    boolean hasLabels(Map<String, String> values) {
        var labels = json.path("metadata").path("labels");
        return values.entrySet().stream()
                .allMatch(it -> labels.path(it.getKey()).asText().equals(it.getValue()));
    }

    /** Takes away the annotations whose key is so. */
    public Edit withoutAnnotations(Predicate<String> keys) {
        return without("annotations", keys);
    }

    /** Takes away the labels whose key is so. */
    public Edit withoutLabels(Predicate<String> keys) {
        return without("labels", keys);
    }

    /**
     * Makes the Canary the controller, as Flagger does with everything it creates. An object of the
     * whole cluster cannot have an owner in a namespace: there it is noted whose it is.
     */
    public Edit ownedBy(Canary canary) {
        if (isOfCluster()) {
            return annotate(
                    ClusterObject.OWNER, dotted(canary) + " " + canary.getMetadata().getUid());
        }
        metadata().withArrayProperty("ownerReferences").removeAll().add(ownerReference(canary));
        return this;
    }

    /**
     * Makes the target an owner beside the Canary that controls the object. The garbage collector
     * takes an object away only when none of its owners stays: so a Canary that is deleted in the
     * foreground, or by force, takes nothing with it that serves. With the target it goes.
     */
    public Edit keptBy(ClusterObject target) {
        if (isOfCluster()) {
            return this;
        }
        metadata().withArrayProperty("ownerReferences").add(ownerReference(target));
        return this;
    }

    /** Leaves the object to the target alone: it serves as long as there is something to serve. */
    public Edit leftTo(ClusterObject target) {
        if (isOfCluster()) {
            return this;
        }
        ManagedBy.takeOff(this);
        metadata().withArrayProperty("ownerReferences").removeAll().add(ownerReference(target));
        return this;
    }

    private boolean isOfCluster() {
        return json.path("metadata").path("namespace").asText().isEmpty();
    }

    /** Name and namespace of a Canary, as messages have them. */
    static String dotted(Canary canary) {
        return canary.getMetadata().getName() + "." + canary.getMetadata().getNamespace();
    }

    private static ObjectNode ownerReference(ClusterObject target) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("apiVersion", target.ref().kind().apiVersion())
                .put("kind", target.ref().kind().name())
                .put("name", target.ref().name())
                .put("uid", target.at("/metadata/uid").asText());
    }

    /** What points at a Canary as the controller. */
    public static ObjectNode ownerReference(Canary canary) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("apiVersion", Kind.CANARY.apiVersion())
                .put("kind", Kind.CANARY.name())
                .put("name", canary.getMetadata().getName())
                .put("uid", canary.getMetadata().getUid())
                .put("controller", true)
                .put("blockOwnerDeletion", true);
    }

    private Edit without(String field, Predicate<String> keys) {
        var metadata = metadata();
        if (metadata.path(field) instanceof ObjectNode map) {
            map.properties().removeIf(entry -> keys.test(entry.getKey()));
            if (map.isEmpty()) {
                metadata.remove(field);
            }
        }
        return this;
    }

    private ObjectNode annotations() {
        return metadata().withObjectProperty("annotations");
    }

    private ObjectNode labels() {
        return metadata().withObjectProperty("labels");
    }

    private static void put(ObjectNode parent, String field, @Nullable JsonNode value) {
        if (value == null || value.isMissingNode() || value.isNull()) {
            parent.remove(field);
        } else {
            parent.set(field, value);
        }
    }
}
