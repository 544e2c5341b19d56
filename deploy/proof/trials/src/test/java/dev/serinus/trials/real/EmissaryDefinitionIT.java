package dev.serinus.trials.real;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.testbed.binaries.Go;
import dev.serinus.testbed.junit.OnTestBed;
import dev.serinus.testbed.junit.TestBed;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the router is tested to write of Mappings is what Emissary's published definition allows, in
 * each field. Emissary stores another version than it reads, by a conversion that runs in a cluster
 * with it only: here the version that the router writes is stored, and in a group of its own, since
 * the test bed has one that accepts anything.
 */
@OnTestBed
class EmissaryDefinitionIT {

    private static final Path GOLDEN =
            Path.of(
                    System.getProperty("serinus.root"),
                    "router-service/src/test/resources/emissary");
    private static final KubernetesSerialization YAML = new KubernetesSerialization();
    private static final String MODULE = "github.com/emissary-ingress/emissary/v3";
    private static final String DEFINITIONS = "pkg/api/getambassador.io/crds.yaml";
    private static final String NAME = "mappings.getambassador.io";
    private static final String GROUP = "published.getambassador.io";
    private static final String VERSION = "v3alpha1";

    @TempDir private Path folder;
    private final TestBed bed;

    EmissaryDefinitionIT(TestBed bed) {
        this.bed = bed;
    }

    static Stream<Path> mappings() throws IOException {
        try (var all = Files.walk(GOLDEN.normalize())) {
            return all
                    .filter(it -> it.toString().endsWith(".yaml"))
                    .filter(it -> !it.endsWith("canary.yaml"))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    @ParameterizedTest
    @MethodSource("mappings")
    void everyFieldOfAMappingIsAllowedAndNoneIsAdded(Path file) throws Exception {
        define();
        var object = YAML.unmarshal(Files.readString(file), ObjectNode.class);
        object.put("apiVersion", GROUP + "/" + VERSION);
        var metadata = object.withObjectProperty("metadata");
        metadata.put("namespace", bed.namespace()).remove("ownerReferences");
        String path =
                "/apis/%s/%s/namespaces/%s/mappings?dryRun=All&fieldValidation=Strict"
                        .formatted(GROUP, VERSION, bed.namespace());

        JsonNode created =
                new ObjectMapper().readTree(bed.admin().raw(path, "POST", object.toString()));

        assertThat(created.path("spec")).isEqualTo(object.path("spec"));
    }

    private void define() throws IOException {
        var definitions = bed.admin().apiextensions().v1().customResourceDefinitions();
        String name = "mappings." + GROUP;
        if (definitions.withName(name).get() == null) {
            definitions.resource(published(name)).create();
        }
        await().atMost(Duration.ofSeconds(30))
                .until(
                        () ->
                                definitions
                                        .withName(name)
                                        .get()
                                        .getStatus()
                                        .getConditions()
                                        .stream()
                                        .anyMatch(
                                                it ->
                                                        it.getType().equals("Established")
                                                                && it.getStatus().equals("True")));
        await().atMost(Duration.ofSeconds(30))
                .until(
                        () ->
                                bed.admin()
                                        .raw("/apis/%s/%s".formatted(GROUP, VERSION))
                                        .contains("mappings"));
    }

    private CustomResourceDefinition published(String name) throws IOException {
        for (String file : List.of("go.mod", "go.sum")) {
            try (var in = EmissaryDefinitionIT.class.getResourceAsStream("emissary/" + file)) {
                Files.write(folder.resolve(file), in.readAllBytes());
            }
        }
        Go.need("1.26.0").take(folder, MODULE, List.of(DEFINITIONS), folder);
        ObjectNode definition =
                Stream.of(Files.readString(folder.resolve("crds.yaml")).split("(?m)^---.*$"))
                        .filter(it -> it.contains("name: " + NAME))
                        .map(it -> YAML.<ObjectNode>unmarshal(it, ObjectNode.class))
                        .findFirst()
                        .orElseThrow();
        definition.withObjectProperty("metadata").put("name", name);
        definition.remove("status");
        var spec = definition.withObjectProperty("spec").put("group", GROUP);
        spec.remove("conversion");
        JsonNode version =
                spec.path("versions")
                        .valueStream()
                        .filter(it -> it.path("name").asText().equals(VERSION))
                        .findFirst()
                        .orElseThrow();
        ((ObjectNode) version).put("storage", true);
        spec.putArray("versions").add(version);
        return YAML.convertValue(definition, CustomResourceDefinition.class);
    }
}
