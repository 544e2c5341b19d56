package dev.serinus.images.layout;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.Map;
import java.util.TreeMap;

/**
 * How one blob is named by another, or by the index of a layout.
 *
 * @param size in bytes
 * @param platform such as {@code linux/arm64}; empty for what is of none
 */
public record Descriptor(
        String mediaType,
        Digest digest,
        long size,
        String platform,
        Map<String, String> annotations) {

    public Descriptor {
        annotations = Map.copyOf(annotations);
    }

    Descriptor(String mediaType, Digest digest, long size) {
        this(mediaType, digest, size, "", Map.of());
    }

    /**
     * @throws IllegalArgumentException if its digest is none
     */
    public static Descriptor of(JsonNode json) {
        Map<String, String> annotations = new TreeMap<>();
        json.path("annotations")
                .properties()
                .forEach(each -> annotations.put(each.getKey(), each.getValue().asText()));
        JsonNode platform = json.path("platform");
        return new Descriptor(
                json.path("mediaType").asText(),
                new Digest(json.path("digest").asText()),
                json.path("size").asLong(-1),
                platform.isMissingNode()
                        ? ""
                        : platform.path("os").asText()
                                + "/"
                                + platform.path("architecture").asText(),
                annotations);
    }

    public Descriptor with(String annotation, String value) {
        Map<String, String> all = new TreeMap<>(annotations);
        all.put(annotation, value);
        return new Descriptor(mediaType, digest, size, platform, all);
    }

    /**
     * @param of such as {@code linux/arm64}
     */
    public Descriptor withPlatform(String of) {
        return new Descriptor(mediaType, digest, size, of, annotations);
    }

    public ObjectNode json() {
        ObjectNode json =
                JsonNodeFactory.instance
                        .objectNode()
                        .put("mediaType", mediaType)
                        .put("digest", digest.text())
                        .put("size", size);
        if (!platform.isEmpty()) {
            int slash = platform.indexOf('/');
            json.putObject("platform")
                    .put("architecture", platform.substring(slash + 1))
                    .put("os", platform.substring(0, slash));
        }
        if (!annotations.isEmpty()) {
            ObjectNode all = json.putObject("annotations");
            new TreeMap<>(annotations).forEach(all::put);
        }
        return json;
    }
}
