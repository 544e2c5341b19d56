package dev.serinus.cli.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.serinus.cli.Refused;

import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * The resources in YAML and JSON files, of folders all of them, with the lines on which they stand.
 *
 * @param found in the order of the files
 * @param broken files and documents that are no YAML
 */
record ManifestFiles(List<Manifest> found, List<Finding> broken) {

    private static final ObjectMapper JSON = new ObjectMapper();

    ManifestFiles {
        found = List.copyOf(found);
        broken = List.copyOf(broken);
    }

    /**
     * Reads files, folders, or for {@code -} the standard input. One that is not there is {@link
     * Refused}.
     */
    static ManifestFiles read(List<String> paths, InputStream input) {
        List<Manifest> found = new ArrayList<>();
        List<Finding> broken = new ArrayList<>();
        List<String> wrong = new ArrayList<>();
        for (String path : paths) {
            try {
                if (path.equals("-")) {
                    var text = new String(input.readAllBytes(), StandardCharsets.UTF_8);
                    documents("(standard input)", text, found, broken);
                } else if (!Files.exists(Path.of(path))) {
                    wrong.add("there is no file or folder " + path);
                } else {
                    for (Path file : files(Path.of(path))) {
                        documents(file.toString(), Files.readString(file), found, broken);
                    }
                }
            } catch (IOException unreadable) {
                wrong.add("%s cannot be read: %s".formatted(path, unreadable.getMessage()));
            }
        }
        if (!wrong.isEmpty()) {
            throw new Refused(wrong);
        }
        return new ManifestFiles(found, broken);
    }

    private static List<Path> files(Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            return List.of(path);
        }
        try (Stream<Path> all = Files.walk(path)) {
            return all.filter(Files::isRegularFile)
                    .filter(ManifestFiles::isManifest)
                    .sorted()
                    .toList();
        }
    }

    private static boolean isManifest(Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        return name.endsWith(".yaml") || name.endsWith(".yml") || name.endsWith(".json");
    }

    private static void documents(
            String file, String text, List<Manifest> found, List<Finding> broken) {
        var options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        options.setCodePointLimit(Integer.MAX_VALUE);
        var values = new Values(options);
        try {
            for (Node document : new Yaml(values).composeAll(new StringReader(text))) {
                resources(file, document, values, found);
            }
        } catch (MarkedYAMLException unreadable) {
            var mark = unreadable.getProblemMark();
            broken.add(
                    Finding.error(
                            file,
                            mark == null ? 1 : mark.getLine() + 1,
                            "yaml",
                            "",
                            "is no YAML: " + unreadable.getProblem()));
        } catch (YAMLException unreadable) {
            broken.add(
                    Finding.error(file, 1, "yaml", "", "is no YAML: " + unreadable.getMessage()));
        }
    }

    /** A document is a resource, a list of them, or nothing. */
    private static void resources(String file, Node document, Values values, List<Manifest> found) {
        JsonNode object = JSON.valueToTree(values.of(document));
        if (!object.isObject()) {
            return;
        }
        var manifest = new Manifest(file, document, object);
        if (!object.path("kind").asText().endsWith("List") || !object.path("items").isArray()) {
            found.add(manifest);
            return;
        }
        for (var field : ((MappingNode) document).getValue()) {
            if (field.getKeyNode() instanceof ScalarNode key
                    && key.getValue().equals("items")
                    && field.getValueNode() instanceof SequenceNode items) {
                items.getValue().forEach(item -> resources(file, item, values, found));
            }
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
