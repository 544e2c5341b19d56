package dev.serinus.schemas.canary;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The identity of a pod template: the same for the same content, whatever the order of its keys,
 * and the same in every service and release, since it is computed from the object as the API server
 * shows it. Flagger's own hash depends on the Go types it was compiled with and cannot be computed
 * elsewhere.
 */
public final class Revision {

    /**
     * Selector that Flagger puts on a DaemonSet to scale it to zero; not a change of the
     * application.
     */
    public static final String SCALE_TO_ZERO = "flagger.app/scale-to-zero";

    private static final ObjectMapper SORTED =
            JsonMapper.builder()
                    .configure(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS, true)
                    .build();

    private Revision() {}

    /** The revision of a pod template, 10 characters of hex. */
    public static String of(JsonNode podTemplate) {
        var template = podTemplate.deepCopy();
        if (template.path("spec").path("nodeSelector") instanceof ObjectNode selector) {
            selector.remove(SCALE_TO_ZERO);
            if (selector.isEmpty()) {
                ((ObjectNode) template.path("spec")).remove("nodeSelector");
            }
        }
        return digest(canonical(template)).substring(0, 10);
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

    private static String canonical(JsonNode node) {
        try {
            // Through a map, since the order of an ObjectNode's own fields is not sorted.
            return SORTED.writeValueAsString(SORTED.treeToValue(node, Object.class));
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("a JSON tree is always valid JSON", impossible);
        }
    }
}
