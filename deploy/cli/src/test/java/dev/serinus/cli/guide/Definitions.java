package dev.serinus.cli.guide;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.serinus.schemas.crd.Crds;

import org.yaml.snakeyaml.Yaml;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** The fields of the three resources, as their definitions have them. */
final class Definitions {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String FLAGGERS = "flagger-fields.txt";

    private Definitions() {}

    /**
     * A field.
     *
     * @param path from the resource's root, {@code []} for each entry of a list and {@code {}} for
     *     each value of a map
     * @param required wherever what it stands in is there
     */
    record Field(String kind, String path, JsonNode schema, boolean required) {

        String type() {
            if (schema.path("x-kubernetes-int-or-string").asBoolean()) {
                return "number or text";
            }
            JsonNode items = schema.path("items");
            return switch (schema.path("type").asText()) {
                case "array" -> "list of " + plural(items.path("type").asText("any"));
                case "object" -> schema.has("additionalProperties") ? "map" : "object";
                case "string" -> "text";
                case "" -> "any";
                default -> schema.path("type").asText();
            };
        }

        private static String plural(String type) {
            return switch (type) {
                case "string" -> "texts";
                case "any" -> "anything";
                default -> type + "s";
            };
        }

        List<String> choices() {
            return StreamSupport.stream(schema.path("enum").spliterator(), false)
                    .map(JsonNode::asText)
                    .filter(word -> !word.isEmpty())
                    .toList();
        }

        /** Whether Flagger 1.44 has it. */
        boolean isFlaggers() {
            return flaggers(kind).contains(path);
        }
    }

    static List<Field> all() {
        List<Field> fields = new ArrayList<>();
        for (Object document : new Yaml().loadAll(Crds.yaml())) {
            JsonNode crd = JSON.valueToTree(document);
            String kind = crd.at("/spec/names/kind").asText();
            JsonNode root = crd.at("/spec/versions/0/schema/openAPIV3Schema");
            walk(kind, "", root, fields);
        }
        return fields.stream().filter(field -> field.path().matches("(spec|status).*")).toList();
    }

    static List<String> choices(String kind, String path) {
        return all().stream()
                .filter(field -> field.kind().equals(kind) && field.path().equals(path))
                .findFirst()
                .orElseThrow()
                .choices();
    }

    /** The paths of a kind in Flagger 1.44's definitions. */
    static Set<String> flaggers(String kind) {
        try (var in = Objects.requireNonNull(Definitions.class.getResourceAsStream(FLAGGERS))) {
            return new String(in.readAllBytes(), UTF_8)
                    .lines()
                    .filter(line -> line.startsWith(kind + " "))
                    .map(line -> line.substring(kind.length() + 1))
                    .collect(Collectors.toCollection(TreeSet::new));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static void walk(String kind, String path, JsonNode schema, List<Field> fields) {
        List<String> required =
                StreamSupport.stream(schema.path("required").spliterator(), false)
                        .map(JsonNode::asText)
                        .toList();
        schema.path("properties")
                .properties()
                .forEach(
                        property -> {
                            String name = property.getKey();
                            String here = path.isEmpty() ? name : path + "." + name;
                            JsonNode inner = property.getValue();
                            fields.add(new Field(kind, here, inner, required.contains(name)));
                            walk(kind, here, inner, fields);
                            walk(kind, here + "[]", inner.path("items"), fields);
                            walk(kind, here + "{}", inner.path("additionalProperties"), fields);
                        });
    }
}
