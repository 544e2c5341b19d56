package dev.serinus.watcher.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What the watcher keeps of a ConfigMap or a Secret: never its content.
 *
 * @param tracked false when a change of it is no change of the application
 * @param checksum Flagger's checksum of its data; empty when it is not tracked
 */
public record Config(boolean tracked, String checksum) {

    private static final Config IGNORED = new Config(false, "");
    private static final String TRACKING = "flagger.app/config-tracking";
    private static final Set<String> SECRET_TYPES =
            Set.of(
                    "Opaque",
                    "kubernetes.io/basic-auth",
                    "kubernetes.io/ssh-auth",
                    "kubernetes.io/tls");

    static Config configMap(GenericKubernetesResource object) {
        return disabled(object) ? IGNORED : of(JsonObjects.of(object).path("data"));
    }

    static Config secret(GenericKubernetesResource object) {
        var json = JsonObjects.of(object);
        boolean ofTrackedType = SECRET_TYPES.contains(json.path("type").asText("Opaque"));
        return disabled(object) || !ofTrackedType ? IGNORED : of(json.path("data"));
    }

    private static boolean disabled(GenericKubernetesResource object) {
        Map<String, String> annotations = object.getMetadata().getAnnotations();
        return annotations != null && annotations.getOrDefault(TRACKING, "").startsWith("disable");
    }

    private static Config of(JsonNode data) {
        try {
            var sha256 = MessageDigest.getInstance("SHA-256");
            byte[] digest = sha256.digest(goJson(data).getBytes(UTF_8));
            return new Config(true, HexFormat.of().formatHex(digest, 0, 8));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }

    /** The map as Go writes it, so that the checksums are those that Flagger left in a status. */
    private static String goJson(JsonNode data) {
        if (!data.isObject()) {
            return "null";
        }
        Map<String, String> sorted = new TreeMap<>();
        data.properties().forEach(entry -> sorted.put(entry.getKey(), entry.getValue().asText("")));
        var json = new StringBuilder("{");
        sorted.forEach(
                (key, value) -> {
                    quote(key, json.append(json.length() == 1 ? "" : ","));
                    quote(value, json.append(':'));
                });
        return json.append('}').toString();
    }

    private static void quote(String text, StringBuilder json) {
        json.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> json.append("\\\"");
                case '\\' -> json.append("\\\\");
                case '\n' -> json.append("\\n");
                case '\r' -> json.append("\\r");
                case '\t' -> json.append("\\t");
                case '\b' -> json.append("\\b");
                case '\f' -> json.append("\\f");
                case '<', '>', '&', '\u2028', '\u2029' -> escape(c, json);
                default -> {
                    if (c < 0x20) {
                        escape(c, json);
                    } else {
                        json.append(c);
                    }
                }
            }
        }
        json.append('"');
    }

    private static void escape(char c, StringBuilder json) {
        json.append("\\u").append(HexFormat.of().toHexDigits(c));
    }
}
