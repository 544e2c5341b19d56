package dev.serinus.schemas.crd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.fabric8.kubernetes.api.model.IntOrString;

import org.jspecify.annotations.Nullable;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The structural schema of a record, as the API server checks and prunes by it: types and required
 * fields from the record's components, by the same rules as the reader's, and the rest from the
 * details written beside them.
 */
final class StructuralSchema {
    private final Map<String, ObjectNode> details;
    private final Set<String> used = new HashSet<>();

    /**
     * @param details what the records do not say, by the path of the field
     */
    StructuralSchema(Map<String, ObjectNode> details) {
        this.details = details;
    }

    /** The details at a path, for what no record describes. */
    ObjectNode detail(String path) {
        used.add(path);
        return details.getOrDefault(path, object()).deepCopy();
    }

    /** The schema of a record that is found at this path. */
    ObjectNode of(Class<?> record, String path) {
        var schema = object().put("type", "object");
        var required = schema.arrayNode();
        var properties = object();
        for (var component : record.getRecordComponents()) {
            properties.set(
                    component.getName(),
                    of(component.getGenericType(), path + "." + component.getName()));
            if (isRequired(component)) {
                required.add(component.getName());
            }
        }
        schema.set("properties", properties);
        if (!required.isEmpty()) {
            schema.set("required", required);
        }
        return detailed(schema, path);
    }

    /** Details for fields that no record has would be lost in silence. */
    void checkAllUsed() {
        var unused =
                details.keySet().stream().filter(path -> !used.contains(path)).sorted().toList();
        if (!unused.isEmpty()) {
            throw new IllegalStateException("no record has the fields " + unused);
        }
    }

    private ObjectNode of(Type type, String path) {
        if (type instanceof ParameterizedType generic) {
            var content = generic.getActualTypeArguments();
            return generic.getRawType() == List.class
                    ? detailed(
                            object().put("type", "array").set("items", of(content[0], path + "[]")),
                            path)
                    : detailed(
                            object().put("type", "object")
                                    .set("additionalProperties", of(content[1], path + "{}")),
                            path);
        }
        if (type instanceof Class<?> record && record.isRecord()) {
            return of(record, path);
        }
        return detailed(scalar(type), path);
    }

    private static ObjectNode scalar(Type type) {
        if (type == IntOrString.class) {
            return object().put("x-kubernetes-int-or-string", true);
        }
        if (type == JsonNode.class) {
            return object();
        }
        if (type == String.class) {
            return object().put("type", "string");
        }
        if (type == Boolean.class) {
            return object().put("type", "boolean");
        }
        if (type == long.class) {
            return object().put("type", "integer").put("format", "int64");
        }
        if (type == Integer.class
                || type == int.class
                || type == Double.class
                || type == BigDecimal.class) {
            // Flagger's schema has numbers where it wants whole ones; what it accepts must not be
            // refused here.
            return object().put("type", "number");
        }
        throw new IllegalStateException("no schema for " + type);
    }

    private ObjectNode detailed(ObjectNode schema, String path) {
        var merged = schema.setAll(detail(path));
        return merged.path("required").isEmpty()
                ? (ObjectNode) ((ObjectNode) merged).without("required")
                : (ObjectNode) merged;
    }

    /** As the reader has it: a number that must be there is 0 when absent. */
    private static boolean isRequired(RecordComponent component) {
        return !component.getType().isPrimitive()
                && !component.getAnnotatedType().isAnnotationPresent(Nullable.class);
    }

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }
}
