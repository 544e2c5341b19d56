package dev.serinus.cli.guide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;

import dev.serinus.analysis.rules.FleetFile;
import dev.serinus.cli.guide.Guide.Block;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Every manifest of the guide can be applied as it stands. What stands behind {@code yaml} says
 * where a part belongs: {@code spec} into the spec of a plain Canary, {@code canary} into such a
 * Canary itself, {@code metrictemplate} into a plain MetricTemplate, {@code values} into the values
 * of the chart; {@code fleet} is a fleet file.
 */
class ExamplesTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final String CANARY =
            """
            apiVersion: flagger.app/v1beta1
            kind: Canary
            metadata: {name: podinfo, namespace: shop}
            spec:
              targetRef: {apiVersion: apps/v1, kind: Deployment, name: podinfo}
              service: {port: 9898}
              analysis:
                interval: 1m
                threshold: 5
                stepWeight: 10
                maxWeight: 50
                metrics:
                - name: request-success-rate
                  interval: 1m
                  thresholdRange: {min: 99}
            """;

    private static final String TEMPLATE =
            """
            apiVersion: flagger.app/v1beta1
            kind: MetricTemplate
            metadata: {name: errors, namespace: shop}
            spec:
              provider: {type: prometheus, address: "http://prometheus.monitoring:9090"}
              query: 'sum(rate(errors_total{app="{{ target }}"}[{{ interval }}]))'
            """;

    private static final Path INSTALLATIONS = Guide.ROOT.resolve("deploy/kustomize/base");
    private static final Pattern OWN_ADDRESS = Pattern.compile("http://(serinus[^/\\s]*)");

    @TempDir Path folder;

    static Stream<Block> manifests() {
        return yaml().filter(block -> !List.of("values", "fleet").contains(block.place()));
    }

    static Stream<Block> values() {
        return yaml().filter(block -> block.place().equals("values"));
    }

    private static Stream<Block> yaml() {
        return Guide.blocks().stream().filter(Block::isYaml);
    }

    @ParameterizedTest
    @MethodSource("manifests")
    void nothingIsWrongWithAManifestAndEachCanaryIsPromoted(Block block) throws IOException {
        List<JsonNode> resources = resources(block);
        assertThat(resources).isNotEmpty();
        List<JsonNode> ours = new ArrayList<>();
        for (JsonNode resource : resources) {
            if (resource.path("apiVersion").asText().startsWith("flagger.app/")) {
                ours.add(resource);
            } else {
                assertThat(resource.path("apiVersion").asText()).isNotEmpty();
                assertThat(resource.path("kind").asText()).isNotEmpty();
                assertThat(resource.at("/metadata/name").asText()).isNotEmpty();
            }
        }
        if (ours.isEmpty()) {
            return;
        }

        Path file = folder.resolve("example.json");
        Files.writeString(
                file, JSON.createObjectNode().put("kind", "List").set("items", array(ours)) + "\n");
        var linted = Commands.run("lint", "--strict", file.toString());
        assertThat(linted.out()).contains("0 wrong, 0 warnings");
        assertThat(linted.code()).isZero();
        if (ours.stream().anyMatch(each -> each.path("kind").asText().equals("Canary"))) {
            var planned = Commands.run("plan", "-o", "json", file.toString());
            assertThat(planned.err()).isEmpty();
            assertThat(JSON.readTree(planned.out()))
                    .isNotEmpty()
                    .allSatisfy(
                            each ->
                                    assertThat(each.at("/atBest/end").asText())
                                            .isEqualTo("Succeeded"));
        }
    }

    /** Whoever copies both has what the cluster takes. */
    @Test
    void eachWorkloadFitsTheCanaryBeforeIt() throws IOException {
        List<Block> all = yaml().filter(block -> block.place().isEmpty()).toList();
        int workloads = 0;
        for (int place = 1; place < all.size(); place++) {
            JsonNode workload = documents(all.get(place).text()).getFirst();
            if (!workload.path("kind").asText().equals("Deployment")) {
                continue;
            }
            workloads++;
            Path file =
                    Files.writeString(
                            folder.resolve("both.yaml"),
                            all.get(place - 1).text() + "---\n" + all.get(place).text());

            var linted = Commands.run("lint", "--strict", file.toString());

            assertThat(linted.out())
                    .as(all.get(place).toString())
                    .contains("1 of 2 resources judged: 0 wrong, 0 warnings")
                    .contains(
                            "release them: Deployment "
                                    + workload.at("/metadata/namespace").asText())
                    .doesNotContain("spec.replicas is not set");
        }
        assertThat(workloads).isPositive();
    }

    @Test
    void fleetFilesAreTaken() throws IOException {
        List<Block> fleets = yaml().filter(block -> block.place().equals("fleet")).toList();

        assertThat(fleets).isNotEmpty();
        for (Block block : fleets) {
            Path file = Files.writeString(folder.resolve("fleet.yaml"), block.text());
            assertThatCode(() -> FleetFile.read(file))
                    .as(block.toString())
                    .doesNotThrowAnyException();
        }
    }

    @ParameterizedTest
    @MethodSource("values")
    void theChartTakesTheValues(Block block) throws IOException {
        JsonNode schema =
                JSON.readTree(
                        Guide.read(Guide.ROOT.resolve("deploy/helm/serinus/values.schema.json")));

        assertThat(
                        JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V7)
                                .getSchema(schema)
                                .validate(documents(block.text()).getFirst()))
                .isEmpty();
    }

    /** Addresses of our own lead to what is installed. */
    @ParameterizedTest
    @ValueSource(strings = {"all-in-one", "hub"})
    void addressesOfOurOwnAreServicesOfTheInstallation(String overlay) {
        List<String> served =
                documents(Guide.read(INSTALLATIONS.resolve(overlay).resolve("serinus.yaml")))
                        .stream()
                        .filter(each -> each.path("kind").asText().equals("Service"))
                        .filter(each -> !each.at("/spec/clusterIP").asText().equals("None"))
                        .map(
                                each ->
                                        "%s.%s:%d"
                                                .formatted(
                                                        each.at("/metadata/name").asText(),
                                                        each.at("/metadata/namespace").asText(),
                                                        each.at("/spec/ports/0/port").asInt()))
                        .toList();
        List<String> named =
                yaml().flatMap(block -> OWN_ADDRESS.matcher(block.text()).results())
                        .map(found -> found.group(1))
                        .toList();

        assertThat(named).isNotEmpty().isSubsetOf(served);
    }

    private static List<JsonNode> resources(Block block) throws IOException {
        List<JsonNode> documents = documents(block.text());
        return switch (block.place()) {
            case "" -> documents;
            case "canary" -> documents.stream().map(part -> merged(CANARY, part)).toList();
            case "metrictemplate" ->
                    documents.stream().map(part -> merged(TEMPLATE, part)).toList();
            case "spec" ->
                    documents.stream()
                            .map(part -> merged(CANARY, JSON.createObjectNode().set("spec", part)))
                            .toList();
            default -> throw new AssertionError("nobody knows where this belongs: " + block);
        };
    }

    private static JsonNode merged(String whole, JsonNode part) {
        var tree = (ObjectNode) documents(whole).getFirst();
        merge(tree, part);
        return tree;
    }

    private static void merge(ObjectNode into, JsonNode part) {
        part.properties()
                .forEach(
                        field -> {
                            JsonNode before = into.get(field.getKey());
                            if (before instanceof ObjectNode inner && field.getValue().isObject()) {
                                merge(inner, field.getValue());
                            } else {
                                into.set(field.getKey(), field.getValue());
                            }
                        });
    }

    private static JsonNode array(List<JsonNode> all) {
        return JSON.createArrayNode().addAll(all);
    }

    private static List<JsonNode> documents(String text) {
        var options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        List<JsonNode> all = new ArrayList<>();
        new Yaml(new SafeConstructor(options))
                .loadAll(new String(text.getBytes(UTF_8), UTF_8))
                .forEach(each -> all.add(JSON.valueToTree(each)));
        return all;
    }
}
