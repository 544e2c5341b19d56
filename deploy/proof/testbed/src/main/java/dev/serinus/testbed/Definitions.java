package dev.serinus.testbed;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;

import dev.serinus.schemas.crd.Crds;
import dev.serinus.testbed.binaries.Binaries;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Which resource definitions a control plane gets. */
public enum Definitions {
    /** Those that the projects publish, as far as there are modules that hold them. */
    PUBLISHED,
    /** For all kinds but our own such as accept any field, as Flagger was recorded with. */
    PERMISSIVE;

    private static final KubernetesSerialization YAML = new KubernetesSerialization();

    List<GenericKubernetesResource> read(Binaries binaries) {
        Map<String, JsonNode> published = this == PUBLISHED ? published(binaries) : Map.of();
        List<JsonNode> trees = new ArrayList<>(documents(Crds.yaml()));
        for (KnownKind kind : kinds()) {
            trees.add(published.getOrDefault(kind.name(), kind.permissive()));
        }
        return trees.stream()
                .map(tree -> YAML.convertValue(tree, GenericKubernetesResource.class))
                .toList();
    }

    private static List<KnownKind> kinds() {
        try (var in = Definitions.class.getResourceAsStream("kinds.yaml")) {
            return YAML.unmarshal(in, new TypeReference<List<KnownKind>>() {});
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static Map<String, JsonNode> published(Binaries binaries) {
        Map<String, JsonNode> found = new HashMap<>();
        try (var files = Files.newDirectoryStream(binaries.definitions(), "*.yaml")) {
            for (Path file : files) {
                for (JsonNode tree : documents(Files.readString(file))) {
                    found.put(tree.at("/metadata/name").asText(), tree);
                }
            }
        } catch (IOException trouble) {
            throw new UncheckedIOException(trouble);
        }
        return found;
    }

    /** The documents of a YAML stream. */
    static List<JsonNode> documents(String yaml) {
        List<JsonNode> documents = new ArrayList<>();
        for (String document : yaml.split("(?m)^---.*$")) {
            JsonNode tree = YAML.unmarshal(document, JsonNode.class);
            if (tree != null && tree.has("kind")) {
                documents.add(tree);
            }
        }
        return documents;
    }
}
