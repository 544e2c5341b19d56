package dev.serinus.router.objects;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.schemas.canary.Canary;
import dev.serinus.schemas.canary.Revision;
import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.cluster.Ref;

import org.jspecify.annotations.Nullable;

import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * One object of the cluster as a JSON tree, so that nothing of it is lost because we have no name
 * for it. Never changes: {@link #edited} gives another one.
 */
public final class ClusterObject {

    /** What this service notes on objects begins with it. */
    public static final String OURS = "serinus.dev/";

    /**
     * On a route of the user's own of which weights are changed, before the name of the apex: what
     * the rules that led to it were like.
     */
    public static final String STEERED = OURS + "weights.";

    /**
     * On an object of the whole cluster, which a Canary cannot own: namespace, name and UID of the
     * one that it was made for.
     */
    static final String OWNER = OURS + "canary";

    /** A number is the same whether it was written here or read from the server. */
    private static final Comparator<JsonNode> BY_VALUE =
            (one, other) ->
                    one.isNumber() && other.isNumber()
                            ? one.decimalValue().compareTo(other.decimalValue())
                            : one.equals(other) ? 0 : 1;

    private final Ref ref;
    private final ObjectNode json;

    /** Wraps a tree that nobody else changes from now on. */
    public ClusterObject(Ref ref, ObjectNode json) {
        this.ref = ref;
        this.json = json;
    }

    /** An object that does not exist yet. */
    public static ClusterObject blank(Ref ref) {
        var json = JsonNodeFactory.instance.objectNode();
        json.put("apiVersion", ref.kind().apiVersion()).put("kind", ref.kind().name());
        var metadata = json.putObject("metadata").put("name", ref.name());
        if (ref.kind().isNamespaced()) {
            metadata.put("namespace", ref.namespace());
        }
        return new ClusterObject(ref, json);
    }

    public Ref ref() {
        return ref;
    }

    /** This object with some of it changed. */
    public ClusterObject edited(Consumer<Edit> changes) {
        var copy = json.deepCopy();
        changes.accept(new Edit(copy));
        return new ClusterObject(ref, copy);
    }

    /** What is found at a JSON pointer, such as {@code /spec/replicas}; missing when absent. */
    public JsonNode at(String pointer) {
        return json.at(pointer);
    }

    /** The whole tree; not to be changed. */
    public ObjectNode json() {
        return json;
    }

    /** True when two trees say the same, whatever their numbers are kept as. */
    public static boolean isSame(JsonNode one, JsonNode other) {
        return one.equals(BY_VALUE, other);
    }

    /** The version this was read at; empty for an object that does not exist yet. */
    public String resourceVersion() {
        return at("/metadata/resourceVersion").asText();
    }

    /** True when its controller has seen its newest generation. */
    public boolean isObserved() {
        return at("/status/observedGeneration").asLong() >= at("/metadata/generation").asLong();
    }

    public @Nullable String annotation(String key) {
        return json.path("metadata").path("annotations").path(key).textValue();
    }

    /** Labels, sorted. */
    public Map<String, String> labels() {
        return texts(json.path("metadata").path("labels"));
    }

    /** Annotations, sorted. */
    public Map<String, String> annotations() {
        return texts(json.path("metadata").path("annotations"));
    }

    /** The apex for which a route of the user's own is steered; empty for any other object. */
    public Optional<String> steeredFor() {
        for (var note : json.path("metadata").path("annotations").properties()) {
            if (note.getKey().startsWith(STEERED)) {
                return Optional.of(note.getKey().substring(STEERED.length()));
            }
        }
        return Optional.empty();
    }

    /** The step that last changed it, if this service did. */
    public Optional<Mark> mark() {
        return Mark.parse(annotation(Mark.ANNOTATION));
    }

    /**
     * True when it was made for this Canary: a Canary of this name controls it, which is how
     * Flagger tells what it made from what it found. The garbage collector may have taken that
     * owner away, as it does when a Canary is deleted in the foreground or orphans what it owns;
     * then our mark and the target as an owner tell.
     */
    public boolean isOwnedBy(Canary canary) {
        if (!ref.kind().isNamespaced()) {
            return controllingCanary().equals(Optional.of(Edit.dotted(canary)));
        }
        var controlling = controllingCanary();
        return controlling.isPresent()
                ? controlling.get().equals(canary.getMetadata().getName())
                : mark().isPresent() && isKeptForTargetOf(canary);
    }

    private boolean isKeptForTargetOf(Canary canary) {
        var spec = canary.getSpec();
        return spec != null
                && owners().anyMatch(
                                owner ->
                                        owner.path("kind").asText().equals(spec.targetRef().kind())
                                                && owner.path("name")
                                                        .asText()
                                                        .equals(spec.targetRef().name()));
    }

    /** True when an object of this UID is among its owners. */
    public boolean isOwnedByUid(String uid) {
        String noted = annotation(OWNER);
        if (noted != null && noted.endsWith(" " + uid)) {
            return true;
        }
        return owners().anyMatch(owner -> owner.path("uid").asText().equals(uid));
    }

    /** True when another Canary than this one is among its owners. */
    public boolean isSharedWithOtherThan(Canary canary) {
        return owners().anyMatch(
                        owner ->
                                owner.path("kind").asText().equals(Kind.CANARY.name())
                                        && !owner.path("name")
                                                .asText()
                                                .equals(canary.getMetadata().getName()));
    }

    /**
     * True when it was left by a Canary that is gone, of whatever name: what it says about a run is
     * not about this one's.
     */
    public boolean isLeftByAnotherThan(Canary canary) {
        String uid = canary.getMetadata().getUid();
        return mark().filter(found -> !found.isOf(uid)).isPresent()
                || (mark().filter(found -> !found.canary().isEmpty()).isEmpty()
                        && controllingCanary().isPresent()
                        && !isOwnedByUid(uid));
    }

    private Stream<JsonNode> owners() {
        return json.path("metadata").path("ownerReferences").valueStream();
    }

    /**
     * The name of the Canary that controls it, whichever that is; with its namespace for an object
     * of the whole cluster.
     */
    public Optional<String> controllingCanary() {
        if (!ref.kind().isNamespaced()) {
            return Optional.ofNullable(annotation(OWNER)).map(it -> it.replaceFirst(" .*", ""));
        }
        return owners().filter(
                        owner ->
                                owner.path("controller").asBoolean()
                                        && owner.path("kind").asText().equals(Kind.CANARY.name()))
                .map(owner -> owner.path("name").asText())
                .findFirst();
    }

    /**
     * The same for the same content, whatever the server and this service note on the object: tells
     * a change that matters from one that does not.
     */
    public String fingerprint() {
        var copy = json.deepCopy();
        copy.remove("status");
        if (copy.path("metadata") instanceof ObjectNode metadata) {
            metadata.retain("labels", "annotations", "ownerReferences");
            if (metadata.path("annotations") instanceof ObjectNode annotations) {
                annotations.remove(Mark.ANNOTATION);
            }
        }
        return Revision.of(copy);
    }

    private static Map<String, String> texts(JsonNode node) {
        Map<String, String> found = new TreeMap<>();
        node.properties().forEach(entry -> found.put(entry.getKey(), entry.getValue().asText()));
        return found;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ClusterObject that
                && that.ref.equals(ref)
                && that.json.equals(BY_VALUE, json);
    }

    @Override
    public int hashCode() {
        return ref.hashCode();
    }

    /** Its name only: a Secret is an object too. */
    @Override
    public String toString() {
        return ref.toString();
    }
}
