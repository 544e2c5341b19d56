package dev.serinus.installation.chart;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;

import io.fabric8.kubernetes.client.utils.KubernetesSerialization;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * What Helm makes of the chart with some values.
 *
 * @param notes what is told after the installation
 */
record Rendered(List<JsonNode> objects, String notes) {

    private static final KubernetesSerialization YAML = new KubernetesSerialization();

    /** The release's name and namespace in all of these. */
    static final String RELEASE = "green";

    static final String NAMESPACE = "releases";

    /** Rendering takes a process, and the same values give the same. */
    private static final Map<String, Rendered> KNOWN = new ConcurrentHashMap<>();

    static Rendered of(String values) {
        return KNOWN.computeIfAbsent(values, Rendered::render);
    }

    private static Rendered render(String values) {
        String printed = attempt(values).orFail();
        int notes = printed.indexOf("\nNOTES:\n");
        int manifest = printed.indexOf("\nMANIFEST:\n");
        return new Rendered(
                objects(printed.substring(manifest, notes)),
                printed.substring(notes + "\nNOTES:\n".length()));
    }

    /** The objects of a text with documents of YAML. */
    static List<JsonNode> objects(String text) {
        List<JsonNode> objects = new ArrayList<>();
        for (String document : text.split("(?m)^---.*$")) {
            JsonNode tree = YAML.unmarshal(document.replace("MANIFEST:", ""), JsonNode.class);
            if (tree != null && tree.has("kind")) {
                objects.add(tree);
            }
        }
        return objects;
    }

    /** The same where it may be refused. */
    static Helm.Outcome attempt(String values) {
        try {
            Path file = Files.createTempFile("serinus-values-", ".yaml");
            try {
                Files.writeString(file, values, UTF_8);
                return Helm.run(
                        "install",
                        RELEASE,
                        Helm.CHART.toString(),
                        "--namespace",
                        NAMESPACE,
                        "--dry-run=client",
                        "--values",
                        file.toString());
            } finally {
                Files.delete(file);
            }
        } catch (IOException trouble) {
            throw new UncheckedIOException(trouble);
        }
    }

    Stream<JsonNode> kind(String kind) {
        return objects.stream().filter(object -> object.path("kind").asText().equals(kind));
    }

    JsonNode one(String kind, String name) {
        return kind(kind)
                .filter(object -> object.at("/metadata/name").asText().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("there is no " + kind + " " + name));
    }

    /** StatefulSets and Deployments. */
    List<JsonNode> workloads() {
        return Stream.concat(kind("StatefulSet"), kind("Deployment")).toList();
    }

    /** The specifications of their pods. */
    List<JsonNode> pods() {
        return workloads().stream().map(each -> each.at("/spec/template/spec")).toList();
    }

    /** All containers, those that run at first included. */
    List<JsonNode> containers() {
        List<JsonNode> all = new ArrayList<>();
        for (JsonNode pod : pods()) {
            pod.path("initContainers").forEach(all::add);
            pod.path("containers").forEach(all::add);
        }
        return all;
    }
}
