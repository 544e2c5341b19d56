package dev.serinus.schemas.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;

/**
 * Resources of YAML or JSON texts, with the lines on which they stand.
 *
 * @param found in the order in which they stand there
 * @param broken texts and documents that are no YAML, or more of it than is read
 */
public record Manifests(List<Manifest> found, List<Finding> broken) {

    private static final ObjectMapper JSON = new ObjectMapper();

    public Manifests {
        found = List.copyOf(found);
        broken = List.copyOf(broken);
    }

    /**
     * Reads one text, of any number of documents. Never throws because of it.
     *
     * @param file what the text is called in findings
     */
    public static Manifests read(String file, String text, ManifestBounds bounds) {
        return new Reader(file, bounds).read(text);
    }

    /** All of several, in this order. */
    public static Manifests together(List<Manifests> all) {
        return new Manifests(
                all.stream().flatMap(each -> each.found().stream()).toList(),
                all.stream().flatMap(each -> each.broken().stream()).toList());
    }

    /** Reads one text. */
    private static final class Reader {

        private final String file;
        private final ManifestBounds bounds;
        private final Values values;
        private final List<Manifest> found = new ArrayList<>();
        private final List<Finding> broken = new ArrayList<>();
        private int left;

        Reader(String file, ManifestBounds bounds) {
            this.file = file;
            this.bounds = bounds;
            this.left = bounds.values();
            var options = new LoaderOptions();
            options.setAllowDuplicateKeys(false);
            options.setCodePointLimit(bounds.characters());
            this.values = new Values(options);
        }

        Manifests read(String text) {
            try {
                for (Node document : new Yaml(values).composeAll(new StringReader(text))) {
                    count(document, 0);
                    resources(document);
                }
            } catch (MarkedYAMLException unreadable) {
                broken(unreadable.getProblemMark(), "is no YAML: " + unreadable.getProblem());
            } catch (YAMLException unreadable) {
                broken(null, "is no YAML: " + unreadable.getMessage());
            } catch (TooMuch much) {
                broken(much.at, String.valueOf(much.getMessage()));
            }
            return new Manifests(found, broken);
        }

        private void broken(@Nullable Mark mark, String words) {
            broken.add(
                    Finding.error(file, mark == null ? 1 : mark.getLine() + 1, "yaml", "", words));
        }

        /** Before values are made: an alias of an alias of an alias may stand for any number. */
        private void count(Node node, int depth) {
            if (depth > bounds.depth()) {
                throw new TooMuch(
                        node, "is nested deeper than %d levels".formatted(bounds.depth()));
            }
            if (--left < 0) {
                throw new TooMuch(
                        node,
                        "has more than %d values, with what aliases stand for"
                                .formatted(bounds.values()));
            }
            switch (node) {
                case SequenceNode list -> list.getValue().forEach(each -> count(each, depth + 1));
                case MappingNode map ->
                        map.getValue()
                                .forEach(
                                        field -> {
                                            count(field.getKeyNode(), depth + 1);
                                            count(field.getValueNode(), depth + 1);
                                        });
                case ScalarNode scalar -> {
                    boolean number =
                            scalar.getTag().equals(Tag.INT) || scalar.getTag().equals(Tag.FLOAT);
                    if (number && scalar.getValue().length() > ManifestBounds.DIGITS) {
                        throw new TooMuch(
                                node,
                                "has a number of more than %d digits"
                                        .formatted(ManifestBounds.DIGITS));
                    }
                }
                default -> {
                    // An alias stands here as what it means.
                }
            }
        }

        /** A document is a resource, a list of them, or nothing. */
        private void resources(Node document) {
            JsonNode object = JSON.valueToTree(values.of(document));
            if (!object.isObject()) {
                return;
            }
            boolean list =
                    object.path("kind").asText().endsWith("List") && object.path("items").isArray();
            if (!list) {
                if (found.size() >= bounds.resources()) {
                    throw new TooMuch(
                            document, "has more than %d resources".formatted(bounds.resources()));
                }
                found.add(new Manifest(file, document, object));
                return;
            }
            for (var field : ((MappingNode) document).getValue()) {
                if (field.getKeyNode() instanceof ScalarNode key
                        && key.getValue().equals("items")
                        && field.getValueNode() instanceof SequenceNode items) {
                    items.getValue().forEach(this::resources);
                }
            }
        }
    }

    /** There is more than is read; what stands before it is read all the same. */
    private static final class TooMuch extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final transient Mark at;

        TooMuch(Node node, String message) {
            super(message);
            this.at = node.getStartMark();
        }
    }

    /** Values as JSON has them: a date is a text, as for Kubernetes. */
    private static final class Values extends SafeConstructor {

        Values(LoaderOptions options) {
            super(options);
            yamlConstructors.put(Tag.TIMESTAMP, yamlConstructors.get(Tag.STR));
        }

        Object of(Node node) {
            return constructDocument(node);
        }
    }
}
