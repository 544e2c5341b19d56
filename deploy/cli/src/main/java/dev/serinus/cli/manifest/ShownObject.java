package dev.serinus.cli.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.schemas.canary.StepAnnotation;
import dev.serinus.schemas.cluster.Kind;

import io.fabric8.kubernetes.client.utils.Serialization;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * An object of the cluster as people read it: without what the server or a step alone says of it,
 * and without the content of a Secret.
 */
final class ShownObject {

    private static final List<String> OF_THE_SERVER =
            List.of(
                    "uid",
                    "resourceVersion",
                    "generation",
                    "creationTimestamp",
                    "managedFields",
                    "selfLink");

    /** Of a ControllerRevision: the number of the step that makes it. */
    private static final String OF_A_STEP = "revision";

    /** Annotations that are of a step: its own, and what a copy of a config says of its content. */
    private static final List<String> OF_STEPS =
            List.of(StepAnnotation.NAME, "serinus.dev/content");

    private static final List<String> CONTENT = List.of("data", "stringData");

    private ShownObject() {}

    /** An object before and after in lines of YAML; none for one that is not there. */
    static List<List<String>> lines(
            Kind kind, @Nullable ObjectNode before, @Nullable ObjectNode after) {
        var one = before == null ? null : shown(before);
        var other = after == null ? null : shown(after);
        if (kind.equals(Kind.CONTROLLER_REVISION)) {
            Stream.of(one, other).filter(Objects::nonNull).forEach(it -> it.remove(OF_A_STEP));
        }
        if (kind.equals(Kind.SECRET)) {
            mask(one, other);
        }
        return List.of(lines(one), lines(other));
    }

    private static ObjectNode shown(ObjectNode object) {
        ObjectNode tree = object.deepCopy();
        tree.remove("status");
        if (tree.get("metadata") instanceof ObjectNode metadata) {
            metadata.remove(OF_THE_SERVER);
            if (metadata.get("annotations") instanceof ObjectNode annotations) {
                annotations.remove(OF_STEPS);
                if (annotations.isEmpty()) {
                    metadata.remove("annotations");
                }
            }
        }
        return tree;
    }

    /** Says which values are there, and which of them differ, and of none what it is. */
    private static void mask(@Nullable ObjectNode before, @Nullable ObjectNode after) {
        for (String field : CONTENT) {
            ObjectNode one = content(before, field);
            ObjectNode other = content(after, field);
            List<String> keys = new ArrayList<>();
            one.fieldNames().forEachRemaining(keys::add);
            other.fieldNames().forEachRemaining(keys::add);
            for (String key : keys.stream().distinct().toList()) {
                boolean same = Objects.equals(one.get(key), other.get(key));
                boolean both = one.has(key) && other.has(key);
                mask(one, key, both && !same ? "*** (before)" : "***");
                mask(other, key, both && !same ? "*** (after)" : "***");
            }
        }
    }

    private static void mask(ObjectNode content, String key, String instead) {
        if (content.has(key)) {
            content.put(key, instead);
        }
    }

    private static ObjectNode content(@Nullable ObjectNode object, String field) {
        JsonNode found = object == null ? null : object.get(field);
        return found instanceof ObjectNode content
                ? content
                : JsonNodeFactory.instance.objectNode();
    }

    private static List<String> lines(@Nullable ObjectNode tree) {
        return tree == null
                ? List.of()
                : Serialization.asYaml(tree).lines().filter(line -> !line.equals("---")).toList();
    }
}
