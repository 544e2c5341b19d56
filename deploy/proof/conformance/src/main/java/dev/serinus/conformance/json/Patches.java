package dev.serinus.conformance.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.Comparator;

/** Changes to a tree, as the API server takes them. */
public final class Patches {

    /** A number is the same whatever it is kept as. */
    private static final Comparator<JsonNode> BY_VALUE =
            (one, other) ->
                    one.isNumber() && other.isNumber()
                            ? one.decimalValue().compareTo(other.decimalValue())
                            : one.equals(other) ? 0 : 1;

    private Patches() {}

    /** RFC 7396: null takes away, objects are merged, all else is replaced. */
    public static JsonNode merge(JsonNode before, JsonNode patch) {
        if (!(patch instanceof ObjectNode changes)) {
            return patch;
        }
        ObjectNode after = before instanceof ObjectNode it ? it.deepCopy() : Json.object();
        changes.properties()
                .forEach(
                        each -> {
                            if (each.getValue().isNull()) {
                                after.remove(each.getKey());
                            } else {
                                after.set(
                                        each.getKey(),
                                        merge(after.path(each.getKey()), each.getValue()));
                            }
                        });
        return after;
    }

    /**
     * RFC 6902, as much as is used: add, replace, remove and test.
     *
     * @throws IllegalStateException when a test does not hold
     */
    public static ObjectNode json(ObjectNode before, JsonNode operations) {
        ObjectNode after = before.deepCopy();
        for (JsonNode operation : operations) {
            String path = operation.path("path").asText();
            if (operation.path("op").asText().equals("test")) {
                require(after.at(path).equals(BY_VALUE, operation.path("value")), path);
                continue;
            }
            int last = path.lastIndexOf('/');
            JsonNode parent = after.at(path.substring(0, last));
            String name = path.substring(last + 1).replace("~1", "/").replace("~0", "~");
            boolean remove = operation.path("op").asText().equals("remove");
            if (parent instanceof ObjectNode object) {
                if (remove) {
                    object.remove(name);
                } else {
                    object.set(name, operation.path("value"));
                }
            } else if (parent instanceof ArrayNode list) {
                element(list, name, operation, remove);
            } else {
                throw new IllegalArgumentException("no such place: " + path);
            }
        }
        return after;
    }

    private static void require(boolean holds, String path) {
        if (!holds) {
            throw new IllegalStateException("testing value " + path + " failed");
        }
    }

    private static void element(ArrayNode list, String name, JsonNode operation, boolean remove) {
        if (remove) {
            list.remove(Integer.parseInt(name));
        } else if (name.equals("-")) {
            list.add(operation.path("value"));
        } else if (operation.path("op").asText().equals("add")) {
            list.insert(Integer.parseInt(name), operation.path("value"));
        } else {
            list.set(Integer.parseInt(name), operation.path("value"));
        }
    }
}
