package dev.serinus.installation.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

import io.fabric8.kubernetes.client.utils.KubernetesSerialization;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What Flux and Argo CD are given installs the chart as it is now. */
@WithHelm
class GitOpsTest {

    private static final KubernetesSerialization YAML = new KubernetesSerialization();
    private static final Path ROOT = Helm.CHART.resolve("../../..").normalize();

    @Test
    void fluxInstallsAHub() throws Exception {
        var release = one("flux.yaml", "HelmRelease");
        var source = one("flux.yaml", "GitRepository");

        assertChart(release.at("/spec/chart/spec/chart").asText());
        assertThat(release.at("/spec/chart/spec/sourceRef/name"))
                .isEqualTo(source.at("/metadata/name"));
        assertThat(workloads(release.at("/spec/values")))
                .containsExactlyInAnyOrder("analysis", "watcher", "router", "webhook", "notifier");
    }

    @Test
    void argoCdInstallsTheAllInOne() throws Exception {
        var application = one("argo-cd.yaml", "Application");

        assertChart(application.at("/spec/source/path").asText());
        assertThat(workloads(application.at("/spec/source/helm/valuesObject")))
                .containsExactly("all-in-one");
    }

    private static void assertChart(String path) {
        assertThat(ROOT.resolve(path).normalize()).isEqualTo(Helm.CHART.normalize());
    }

    /** Refused where a value is misspelt. */
    private static List<String> workloads(JsonNode values) {
        assertThat(values.isObject()).isTrue();
        return Rendered.of(YAML.asYaml(values)).workloads().stream()
                .map(
                        each ->
                                each.at("/spec/template/metadata/labels")
                                        .path("app.kubernetes.io/component")
                                        .asText())
                .toList();
    }

    private static JsonNode one(String file, String kind) throws IOException {
        String text = Files.readString(ROOT.resolve("deploy/gitops").resolve(file));
        return Stream.of(text.split("(?m)^---$"))
                .map(document -> YAML.unmarshal(document, JsonNode.class))
                .filter(object -> object.path("kind").asText().equals(kind))
                .findFirst()
                .orElseThrow();
    }
}
