package dev.serinus.schemas.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;

import dev.serinus.schemas.cluster.Kind;

import org.jspecify.annotations.Nullable;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** When a ConfigMap or a Secret belongs to the application that reads it, as Flagger decides it. */
public final class ConfigTracking {

    private static final String ANNOTATION = "flagger.app/config-tracking";
    private static final Set<String> SECRET_TYPES =
            Set.of(
                    "Opaque",
                    "kubernetes.io/basic-auth",
                    "kubernetes.io/ssh-auth",
                    "kubernetes.io/tls");

    private ConfigTracking() {}

    /**
     * True when a change of the config is a change of the application.
     *
     * @param type of a Secret; Opaque when there is none
     */
    public static boolean isTracked(
            Kind kind, @Nullable String type, @Nullable Map<String, String> annotations) {
        boolean ofTrackedType =
                !kind.equals(Kind.SECRET) || SECRET_TYPES.contains(type == null ? "Opaque" : type);
        return ofTrackedType && !isSwitchedOff(annotations);
    }

    /** True when the annotations of a config say that changes of it are none of the application. */
    public static boolean isSwitchedOff(@Nullable Map<String, String> annotations) {
        return annotations != null
                && annotations.getOrDefault(ANNOTATION, "").startsWith("disable");
    }

    /** Flagger's checksum of a config's data, as its status keeps it: 16 hexadecimal digits. */
    public static String checksum(JsonNode data) {
        try {
            var sha256 = MessageDigest.getInstance("SHA-256");
            byte[] digest = sha256.digest(goJson(data).getBytes(UTF_8));
            return HexFormat.of().formatHex(digest, 0, 8);
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
