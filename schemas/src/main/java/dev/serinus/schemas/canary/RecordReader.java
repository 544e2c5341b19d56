package dev.serinus.schemas.canary;

import com.fasterxml.jackson.databind.JsonNode;

import dev.serinus.schemas.events.Problem;

import io.fabric8.kubernetes.api.model.IntOrString;

import org.jspecify.annotations.Nullable;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads JSON into records by their components: a field nobody knows is passed over, null means
 * absent, and what does not fit is noted with its path while reading goes on. A value is never
 * quoted, for it may be a secret, but for the wrong number where a number belongs.
 */
final class RecordReader {
    private final List<Problem> problems = new ArrayList<>();

    /** What did not fit so far, in the order of the record's components. */
    List<Problem> problems() {
        return List.copyOf(problems);
    }

    /** The record, or null when the node is none or a component that must be there is missing. */
    <R extends Record> @Nullable R read(Class<R> type, JsonNode node, String path) {
        if (!node.isObject()) {
            refuse(path, "must be an object, was " + kind(node));
            return null;
        }
        var shape = RecordShape.of(type);
        var values = new Object[shape.parts().size()];
        var whole = true;
        for (var i = 0; i < values.length; i++) {
            var part = shape.parts().get(i);
            values[i] = part(part, node, path);
            whole &= values[i] != null || !part.required();
        }
        return whole ? type.cast(shape.create(values)) : null;
    }

    private @Nullable Object part(RecordShape.Part part, JsonNode node, String path) {
        var field = node.path(part.name());
        var at = path + "." + part.name();
        if (field.isMissingNode() || field.isNull()) {
            if (part.required()) {
                refuse(at, "is required");
            }
            return part.absent();
        }
        var value = value(part.type(), field, at);
        return value == null ? part.absent() : value;
    }

    private @Nullable Object value(Type type, JsonNode node, String path) {
        if (type instanceof ParameterizedType generic) {
            var content = generic.getActualTypeArguments();
            return generic.getRawType() == List.class
                    ? list(content[0], node, path)
                    : map(content[1], node, path);
        }
        if (type == JsonNode.class) {
            return node.deepCopy();
        }
        if (type == String.class) {
            return node.isTextual() ? node.textValue() : unfit(path, "text", node);
        }
        if (type == Boolean.class) {
            return node.isBoolean() ? node.booleanValue() : unfit(path, "true or false", node);
        }
        if (type == Double.class) {
            return node.isNumber() ? node.doubleValue() : unfit(path, "a number", node);
        }
        if (type == BigDecimal.class) {
            return node.isNumber() && Double.isFinite(node.doubleValue())
                    ? node.decimalValue()
                    : unfit(path, "a number", node);
        }
        if (type == Integer.class || type == int.class) {
            return node.canConvertToExactIntegral() && node.canConvertToInt()
                    ? (Object) node.intValue()
                    : unfit(path, "a whole number", node);
        }
        if (type == long.class) {
            return node.canConvertToExactIntegral() && node.canConvertToLong()
                    ? (Object) node.longValue()
                    : unfit(path, "a whole number", node);
        }
        if (type == IntOrString.class) {
            return intOrString(node, path);
        }
        return read(((Class<?>) type).asSubclass(Record.class), node, path);
    }

    private @Nullable IntOrString intOrString(JsonNode node, String path) {
        if (node.isTextual()) {
            return new IntOrString(node.textValue());
        }
        if (node.canConvertToExactIntegral() && node.canConvertToInt()) {
            return new IntOrString(node.intValue());
        }
        unfit(path, "a whole number or text", node);
        return null;
    }

    private @Nullable List<?> list(Type content, JsonNode node, String path) {
        if (!node.isArray()) {
            unfit(path, "a list", node);
            return null;
        }
        var list = new ArrayList<Object>();
        var whole = true;
        for (var i = 0; i < node.size(); i++) {
            var at = path + "[" + i + "]";
            var item =
                    node.get(i).isNull()
                            ? unfit(at, "a value", node.get(i))
                            : value(content, node.get(i), at);
            if (item != null) {
                list.add(item);
            }
            whole &= item != null;
        }
        // Without its malformed items a list would give the others a wrong path.
        return whole ? List.copyOf(list) : null;
    }

    private @Nullable Map<String, ?> map(Type content, JsonNode node, String path) {
        if (!node.isObject()) {
            unfit(path, "a map", node);
            return null;
        }
        var map = new LinkedHashMap<String, Object>();
        for (var entry : node.properties()) {
            var at = path + "." + entry.getKey();
            var item =
                    entry.getValue().isNull()
                            ? unfit(at, "a value", entry.getValue())
                            : value(content, entry.getValue(), at);
            if (item != null) {
                map.put(entry.getKey(), item);
            }
        }
        return Collections.unmodifiableMap(map);
    }

    private @Nullable Object unfit(String path, String wanted, JsonNode node) {
        refuse(
                path,
                "must be "
                        + wanted
                        + ", was "
                        + (node.isNumber() && wanted.contains("number")
                                ? node.asText()
                                : kind(node)));
        return null;
    }

    private void refuse(String path, String message) {
        problems.add(Problem.newBuilder().setPath(path).setMessage(message).build());
    }

    private static String kind(JsonNode node) {
        return switch (node.getNodeType()) {
            case ARRAY -> "a list";
            case OBJECT, POJO -> "an object";
            case STRING, BINARY -> "text";
            case NUMBER -> "a number";
            case BOOLEAN -> "a boolean";
            case NULL, MISSING -> "empty";
        };
    }
}
