package dev.serinus.installation.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;

import dev.serinus.cli.Main;
import dev.serinus.installation.HelmProgram;
import dev.serinus.installation.KustomizeBases;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import picocli.CommandLine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What kustomize is given is what the chart renders, and its overlays hit what they change. */
@WithHelm
class KustomizeTest {

    private static final Path DEPLOY = Helm.CHART.resolve("../..").normalize();

    @TempDir Path directory;

    @Test
    void theBasesAreWhatTheChartRenders() throws Exception {
        var bases = new KustomizeBases(DEPLOY, HelmProgram.find().orElseThrow());

        assertThat(bases.folders())
                .extracting(folder -> folder.getFileName().toString())
                .containsExactly("all-in-one", "edge", "hub");
        for (Path folder : bases.folders()) {
            assertThat(folder.resolve(KustomizeBases.FILE))
                    .as("rendered by deploy/serinus helm kustomize")
                    .hasContent(bases.rendered(folder));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"all-in-one", "edge", "hub"})
    void everyOverlayGivesArgumentsThatTheCommandTakes(String overlay) throws Exception {
        var built = built(overlay);

        assertThat(built.kind("CustomResourceDefinition")).hasSize(3);
        assertThat(built.containers())
                .filteredOn(container -> container.has("args"))
                .allSatisfy(
                        container -> {
                            List<String> arguments = new ArrayList<>();
                            container.path("args").forEach(each -> arguments.add(each.asText()));
                            var parsed =
                                    new CommandLine(new Main())
                                            .parseArgs(arguments.toArray(String[]::new));
                            assertThat(parsed.unmatched()).isEmpty();
                        });
    }

    @Test
    void theAllInOneAsksAnotherPrometheus() throws Exception {
        assertThat(built("all-in-one").containers().toString())
                .contains("--metrics-server=http://prometheus.monitoring:9090")
                .contains("--mesh-provider=istio")
                .contains("registry.example/serinus:0.1.0");
    }

    @Test
    void everyContainerOfTheHubLogsInAtItsKafka() throws Exception {
        assertThat(built("hub").containers())
                .hasSize(6)
                .allSatisfy(
                        container -> {
                            assertThat(variable(container, "KAFKA_BOOTSTRAP_SERVERS"))
                                    .isEqualTo("kafka-0.kafka:9093,kafka-1.kafka:9093");
                            assertThat(variable(container, "KAFKA_SECURITY_PROTOCOL"))
                                    .isEqualTo("SASL_SSL");
                            assertThat(container.at("/envFrom/0/secretRef/name").asText())
                                    .isEqualTo("serinus-kafka");
                        });
    }

    @Test
    void everyContainerOfTheEdgeSpeaksForItsClusterToTheHubsKafka() throws Exception {
        assertThat(built("edge").containers())
                .hasSize(5)
                .allSatisfy(
                        container -> {
                            assertThat(variable(container, "KAFKA_BOOTSTRAP_SERVERS"))
                                    .isEqualTo("kafka.hub.example:9092");
                            assertThat(container.toString()).contains("shop-eu");
                        });
    }

    private static String variable(JsonNode container, String name) {
        for (JsonNode variable : container.path("env")) {
            if (variable.path("name").asText().equals(name)) {
                return variable.path("value").asText();
            }
        }
        return "";
    }

    private Rendered built(String overlay) throws IOException, InterruptedException {
        Path out = directory.resolve(overlay + ".yaml");
        Path trouble = directory.resolve(overlay + ".err");
        Process kubectl;
        try {
            kubectl =
                    new ProcessBuilder(
                                    "kubectl",
                                    "kustomize",
                                    DEPLOY.resolve("kustomize/overlays")
                                            .resolve(overlay)
                                            .toString())
                            .redirectOutput(out.toFile())
                            .redirectError(trouble.toFile())
                            .start();
        } catch (IOException absent) {
            assumeTrue(false, "there is no kubectl, which has kustomize in it");
            throw absent;
        }
        assertThat(kubectl.waitFor()).as(Files.readString(trouble, UTF_8)).isZero();
        return new Rendered(Rendered.objects(Files.readString(out, UTF_8)), "");
    }
}
