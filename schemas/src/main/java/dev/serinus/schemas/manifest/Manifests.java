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
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * Resources of YAML or JSON texts, with the lines on which they stand.
 *
 * @param found in the order in which they stand there
 * @param broken texts and documents that are no YAML, or more of it than is read
 */
public record Manifests(List<Manifest> found, List<Finding> broken) {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final List<String> NAMES =
            List.of("/apiVersion", "/kind", "/metadata/name", "/metadata/namespace");

    /** Of the longest, an apiVersion: 253 of the group, 63 of the version. */
    private static final int LONGEST_NAME = 317;

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
        private final Yaml yaml;
        private final Values values;
        private final List<Manifest> found = new ArrayList<>();
        private final List<Finding> broken = new ArrayList<>();

        Reader(String file, ManifestBounds bounds) {
            this.file = file;
            this.bounds = bounds;
            var options = new LoaderOptions();
            options.setAllowDuplicateKeys(false);
            options.setCodePointLimit(bounds.characters());
            // These are counted before.
            options.setNestingDepthLimit(Integer.MAX_VALUE);
            options.setMaxAliasesForCollections(Integer.MAX_VALUE);
            this.values = new Values(options);
            this.yaml = new Yaml(values);
        }

        Manifests read(String text) {
            var size = new TextSize(bounds);
            Optional<Finding> beyond =
                    unread(() -> yaml.parse(new StringReader(text)).forEach(size::add));
            Optional<Finding> before = unread(() -> documents(text, size.documents()));
            before.or(() -> beyond).ifPresent(broken::add);
            return new Manifests(found, broken);
        }

        private void documents(String text, int most) {
            Iterator<Node> documents = yaml.composeAll(new StringReader(text)).iterator();
            for (int left = most; left > 0 && documents.hasNext(); left--) {
                Node document = documents.next();
                try {
                    resources(document);
                } catch (MarkedYAMLException unreadable) {
                    broken.add(broken(unreadable));
                }
            }
        }

        /** Why it is not done to the end; empty where it is. */
        private Optional<Finding> unread(Runnable reading) {
            try {
                reading.run();
                return Optional.empty();
            } catch (MarkedYAMLException unreadable) {
                return Optional.of(broken(unreadable));
            } catch (YAMLException unreadable) {
                return Optional.of(broken(null, "is no YAML: " + unreadable.getMessage()));
            } catch (TooMuch much) {
                return Optional.of(broken(much.at(), String.valueOf(much.getMessage())));
            }
        }

        private Finding broken(MarkedYAMLException unreadable) {
            return broken(
                    unreadable.getProblemMark(),
                    (unreadable instanceof Unfit ? "" : "is no YAML: ") + unreadable.getProblem());
        }

        private Finding broken(@Nullable Mark mark, String words) {
            return Finding.error(file, mark == null ? 1 : mark.getLine() + 1, "yaml", "", words);
        }

        /** A document is a resource, a list of them, or nothing. */
        private void resources(Node document) {
            JsonNode object = values.of(document);
            if (!object.isObject()) {
                return;
            }
            boolean list =
                    object.path("kind").asText().endsWith("List") && object.path("items").isArray();
            if (!list) {
                if (found.size() + broken.size() >= bounds.resources()) {
                    throw new TooMuch(
                            document.getStartMark(),
                            "has more than %d resources".formatted(bounds.resources()));
                }
                named(document, object);
                found.add(new Manifest(file, document, object));
                return;
            }
            if (!(document instanceof MappingNode map)) {
                return;
            }
            for (var field : map.getValue()) {
                if (field.getKeyNode() instanceof ScalarNode key
                        && key.getValue().equals("items")
                        && field.getValueNode() instanceof SequenceNode items) {
                    items.getValue().forEach(this::resources);
                }
            }
        }
    }

    /** What a resource is called stands in all that is said of it. */
    private static void named(Node document, JsonNode object) {
        for (String path : NAMES) {
            int length = object.at(path).asText().length();
            if (length > LONGEST_NAME) {
                throw new Unfit(
                        document,
                        "has %d characters in %s, and no object has more than %d"
                                .formatted(
                                        length, path.substring(1).replace('/', '.'), LONGEST_NAME));
            }
        }
    }

    /** A value that is well written, and cannot be one. */
    private static final class Unfit extends MarkedYAMLException {

        private static final long serialVersionUID = 1L;

        Unfit(Node node, String problem) {
            super(null, null, problem, node.getStartMark());
        }
    }

    /** Values as JSON has them: a date is a text, as for Kubernetes. */
    private static final class Values extends SafeConstructor {

        Values(LoaderOptions options) {
            super(options);
            yamlConstructors.put(Tag.TIMESTAMP, yamlConstructors.get(Tag.STR));
        }

        JsonNode of(Node node) {
            Object value = constructDocument(node);
            try {
                return JSON.valueToTree(value);
            } catch (IllegalArgumentException none) {
                throw new Unfit(node, "has what JSON cannot say, such as a key that is null");
            }
        }

        /** What is wrong with a value is not told: it may be a secret. */
        @Override
        protected Object constructObject(Node node) {
            try {
                return super.constructObject(node);
            } catch (YAMLException unreadable) {
                throw unreadable;
            } catch (RuntimeException unfit) {
                throw new Unfit(node, "is no value of the type " + node.getTag().getValue());
            }
        }
    }
}
