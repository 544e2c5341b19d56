package dev.serinus.schemas.canary;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Optional;

/**
 * On which nodes the pods of a canary alone run. While a Deployment has pods for a canary, its pod
 * template has the {@code nodeSelector} and {@code tolerations} of {@code
 * spec.analysis.canaryAnalysis.templateVariables}, and an annotation beside it says of each of the
 * two what its user wrote there and what was written over it. Whoever asks what is released asks
 * for the template as its user wrote it: what is noted counts only as long as the template still
 * has what was written over it, since whoever wrote another value there is the user.
 */
public final class CanaryScheduling {

    /** On a Deployment with pods for a canary: the note, as JSON. */
    public static final String ANNOTATION = "serinus.dev/canary-scheduling";

    /** Keys of a map, each of which takes the place of the user's of the same name. */
    public static final String NODE_SELECTOR = "nodeSelector";

    /** A list, which takes the place of the user's. */
    public static final String TOLERATIONS = "tolerations";

    private static final List<String> FIELDS = List.of(NODE_SELECTOR, TOLERATIONS);
    private static final String USERS = "users";
    private static final String WRITTEN = "written";
    private static final String TEMPLATE = "/spec/template";
    private static final ObjectMapper JSON = new ObjectMapper();

    private CanaryScheduling() {}

    /** The pod template of a workload as its user wrote it; not to be changed. */
    public static JsonNode usersTemplate(JsonNode workload) {
        return usersTemplate(workload.at(TEMPLATE), noted(workload));
    }

    /**
     * The same of a pod template.
     *
     * @param noted what {@link #ANNOTATION} says on the workload; null for nothing
     */
    public static JsonNode usersTemplate(JsonNode template, @Nullable String noted) {
        var note = parsed(noted);
        if (note.isEmpty() || !(template.path("spec") instanceof ObjectNode)) {
            return template;
        }
        ObjectNode users = template.deepCopy();
        var spec = users.withObjectProperty("spec");
        for (String field : FIELDS) {
            JsonNode of = note.get().path(field);
            if (of.has(WRITTEN) && Revision.isSame(spec.path(field), of.path(WRITTEN))) {
                put(spec, field, of.path(USERS));
            }
        }
        return users;
    }

    /** The workload as its user wrote it; the same object where nothing is noted. */
    public static ObjectNode withoutScheduling(ObjectNode workload) {
        if (noted(workload) == null) {
            return workload;
        }
        var users = workload.deepCopy();
        if (usersTemplate(workload) instanceof ObjectNode template) {
            users.withObjectProperty("spec").set("template", template.deepCopy());
        }
        var annotations = users.withObjectProperty("metadata").withObjectProperty("annotations");
        annotations.remove(ANNOTATION);
        if (annotations.isEmpty()) {
            users.withObjectProperty("metadata").remove("annotations");
        }
        return users;
    }

    /**
     * The workload with what is wanted for a canary's pods in its template, and the note beside it;
     * as its user wrote it where nothing is wanted, or nothing else than that.
     *
     * @param wanted the {@code templateVariables}; null for none
     */
    public static ObjectNode scheduled(ObjectNode workload, @Nullable JsonNode wanted) {
        var users = withoutScheduling(workload);
        if (wanted == null || !(users.at(TEMPLATE) instanceof ObjectNode)) {
            return users;
        }
        var scheduled = users.deepCopy();
        var spec = ((ObjectNode) scheduled.at(TEMPLATE)).withObjectProperty("spec");
        var note = JsonNodeFactory.instance.objectNode();
        for (String field : FIELDS) {
            JsonNode before = spec.path(field);
            JsonNode after = over(before, wanted.path(field));
            if (!Revision.isSame(before, after)) {
                var of = note.putObject(field);
                if (!before.isMissingNode()) {
                    of.set(USERS, before);
                }
                of.set(WRITTEN, after);
                spec.set(field, after);
            }
        }
        if (note.isEmpty()) {
            return users;
        }
        scheduled
                .withObjectProperty("metadata")
                .withObjectProperty("annotations")
                .put(ANNOTATION, note.toString());
        return scheduled;
    }

    /** What a field says with what is wanted in it. */
    private static JsonNode over(JsonNode before, JsonNode wanted) {
        if (wanted.isMissingNode() || wanted.isNull() || wanted.isEmpty()) {
            return before;
        }
        if (!(wanted instanceof ObjectNode keys)) {
            return wanted.deepCopy();
        }
        var merged =
                before instanceof ObjectNode users
                        ? users.deepCopy()
                        : JsonNodeFactory.instance.objectNode();
        return merged.setAll(keys.deepCopy());
    }

    private static void put(ObjectNode spec, String field, JsonNode value) {
        if (value.isMissingNode()) {
            spec.remove(field);
        } else {
            spec.set(field, value.deepCopy());
        }
    }

    private static @Nullable String noted(JsonNode workload) {
        return workload.path("metadata").path("annotations").path(ANNOTATION).textValue();
    }

    /** What somebody else wrote there says nothing. */
    private static Optional<JsonNode> parsed(@Nullable String noted) {
        try {
            return noted == null ? Optional.empty() : Optional.of(JSON.readTree(noted));
        } catch (JsonProcessingException somebodyElses) {
            return Optional.empty();
        }
    }
}
