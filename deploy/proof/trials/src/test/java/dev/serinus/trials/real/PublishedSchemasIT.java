package dev.serinus.trials.real;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.testbed.junit.OnTestBed;
import dev.serinus.testbed.junit.TestBed;

import io.fabric8.kubernetes.client.utils.KubernetesSerialization;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What the router is tested to write is what the definitions that the meshes publish allow, in each
 * field, and comes back as it was written: whatever a server drops or fills in would look like
 * somebody else's change.
 */
@OnTestBed
class PublishedSchemasIT {

    private static final Path GOLDEN =
            Path.of(
                            System.getProperty("serinus.root"),
                            "router-service",
                            "src",
                            "test",
                            "resources")
                    .normalize();

    /**
     * Users' fields that the router keeps though no released definition has them: of the
     * experimental channel, and made up.
     */
    private static final List<String> UNRELEASED =
            List.of("retry", "sessionPersistence", "fieldOfTomorrow");

    private final TestBed bed;

    PublishedSchemasIT(TestBed bed) {
        this.bed = bed;
    }

    /** But for Kuma's, which are in no namespace. */
    static Stream<Path> routes() throws IOException {
        return written()
                .filter(file -> !file.startsWith("scaler"))
                .filter(file -> !file.startsWith("kuma"));
    }

    static Stream<Path> autoscalers() throws IOException {
        return written().filter(file -> file.startsWith("scaler"));
    }

    private static Stream<Path> written() throws IOException {
        // Of a Service the router writes a selector, and every server fills in the rest.
        return files().filter(file -> file.toString().endsWith(".expected.yaml"))
                .filter(file -> !file.startsWith("kubernetes"));
    }

    static Stream<Path> canaries() throws IOException {
        return files().filter(file -> file.toString().endsWith("canary.yaml"));
    }

    private static Stream<Path> files() throws IOException {
        try (var all = Files.walk(GOLDEN)) {
            return all.map(GOLDEN::relativize).sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("routes")
    void everyFieldOfARouteIsAllowedAndNoneIsAdded(Path file) throws Exception {
        var object = read(file);
        assertThat(created(object).path("spec")).isEqualTo(object.path("spec"));
    }

    /** Copies of what a server has filled in already; the examples are as somebody wrote them. */
    @ParameterizedTest
    @MethodSource("autoscalers")
    void everyFieldOfAnAutoscalerIsAllowedAndKept(Path file) throws Exception {
        var object = read(file);
        var spec = (ObjectNode) created(object).path("spec");
        keepOnly(object.path("spec"), spec);
        assertThat(spec).isEqualTo(object.path("spec"));
    }

    private static void keepOnly(JsonNode wanted, JsonNode found) {
        if (found instanceof ObjectNode fields) {
            fields.retain(wanted.propertyStream().map(Map.Entry::getKey).toList());
            fields.properties()
                    .forEach(field -> keepOnly(wanted.path(field.getKey()), field.getValue()));
        } else if (found.isArray()) {
            for (int i = 0; i < found.size(); i++) {
                keepOnly(wanted.path(i), found.path(i));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("canaries")
    void everyFieldOfACanaryIsAllowed(Path file) throws Exception {
        assertThat(created(read(file)).path("kind").asText()).isEqualTo("Canary");
    }

    private ObjectNode read(Path file) throws IOException {
        var object =
                new KubernetesSerialization()
                        .unmarshal(
                                document(Files.readString(GOLDEN.resolve(file))), ObjectNode.class);
        var metadata = object.withObjectProperty("metadata");
        metadata.put("namespace", bed.namespace());
        metadata.remove("ownerReferences");
        metadata.remove("resourceVersion");
        metadata.remove("uid");
        UNRELEASED.forEach(
                field ->
                        object.findParents(field)
                                .forEach(parent -> ((ObjectNode) parent).remove(field)));
        return object;
    }

    /** The Canary where there are several, which is what such a file is called after. */
    private static String document(String file) {
        return Stream.of(file.split("(?m)^---\\s*$"))
                .filter(it -> !it.isBlank())
                .reduce((one, other) -> other.contains("kind: Canary") ? other : one)
                .orElseThrow();
    }

    /** As the server would store it, were it not asked to only say so. */
    private JsonNode created(ObjectNode object) throws IOException {
        String plural = object.path("kind").asText().toLowerCase(Locale.ROOT) + "s";
        String path =
                "/apis/%s/namespaces/%s/%s?dryRun=All&fieldValidation=Strict"
                        .formatted(
                                object.path("apiVersion").asText(),
                                bed.namespace(),
                                plural.replaceFirst("ys$", "ies").replaceFirst("sss$", "sses"));
        return new ObjectMapper().readTree(bed.admin().raw(path, "POST", object.toString()));
    }
}
