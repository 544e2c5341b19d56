package dev.serinus.schemas.canary;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;

/**
 * The identity of a pod template: the same for the same content in every service and release, since
 * it is computed from the object as the API server shows it. The order of keys, nulls, empty lists,
 * empty maps and the difference of {@code 1} and {@code "1"} do not count, for they depend on who
 * read the object: a client with types drops or rewrites them. Flagger's own hash depends on the Go
 * types it was compiled with and cannot be computed elsewhere.
 */
public final class Revision {
    /**
     * Selector that Flagger puts on a DaemonSet to scale it to zero; not a change of the
     * application.
     */
    public static final String SCALE_TO_ZERO = "flagger.app/scale-to-zero";

    /**
     * Fields that are maps, which clients with types leave out when they are empty. Elsewhere an
     * empty object counts: an empty selector selects everything.
     */
    private static final Set<String> MAPS =
            Set.of(
                    "annotations",
                    "labels",
                    "limits",
                    "matchLabels",
                    "nodeSelector",
                    "overhead",
                    "requests");

    private Revision() {}

    /** The revision of a pod template, 10 characters of hex. */
    public static String of(JsonNode podTemplate) {
        var template = podTemplate.deepCopy();
        if (template.path("spec").path("nodeSelector") instanceof ObjectNode selector) {
            selector.remove(SCALE_TO_ZERO);
        }
        return digest(canonical(template).toString()).substring(0, 10);
    }

    /** True when both say the same to whoever computes a revision. */
    static boolean isSame(JsonNode one, JsonNode other) {
        return canonical(one).equals(canonical(other));
    }

    /** SHA-256 of a text in lower-case hex. */
    public static String digest(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }

    private static JsonNode canonical(JsonNode node) {
        return switch (node) {
            case ObjectNode object -> {
                var sorted = JsonNodeFactory.instance.objectNode();
                object.properties().stream()
                        .sorted(Map.Entry.comparingByKey())
                        .filter(field -> counts(field.getKey(), field.getValue()))
                        .forEach(field -> sorted.set(field.getKey(), canonical(field.getValue())));
                yield sorted;
            }
            case ArrayNode array -> {
                var items = JsonNodeFactory.instance.arrayNode();
                array.forEach(item -> items.add(canonical(item)));
                yield items;
            }
            default -> JsonNodeFactory.instance.textNode(node.asText());
        };
    }

    private static boolean counts(String field, JsonNode value) {
        if (value.isNull() || (value.isArray() && value.isEmpty())) {
            return false;
        }
        return !(value.isObject() && value.isEmpty() && MAPS.contains(field));
    }
}
