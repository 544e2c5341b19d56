package dev.serinus.installation.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.serinus.schemas.crd.Crds;
import dev.serinus.schemas.mesh.Meshes;

import io.fabric8.kubernetes.client.utils.KubernetesSerialization;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** A packaged chart holds nothing but its own folder, so that it has copies, which must be true. */
class ChartFilesTest {

    private static final Path MONITORING = Helm.CHART.resolve("../../monitoring").normalize();
    private static final Path RBAC = Helm.CHART.resolve("../../manifests/rbac").normalize();

    @ParameterizedTest
    @ValueSource(strings = {"watcher", "router", "webhook", "notifier", "all-in-one"})
    void theRightsAreThoseThatAreTriedWithoutHelmToo(String role) throws IOException {
        Path copy = Helm.CHART.resolve("files/rbac/" + role + ".yaml");

        assertThat(copy)
                .as("cp deploy/manifests/rbac/*.yaml deploy/helm/serinus/files/rbac/")
                .hasSameTextualContentAs(RBAC.resolve(role + ".yaml"));
    }

    @Test
    void noOtherRightsAreInTheChart() throws IOException {
        assertThat(names(Helm.CHART.resolve("files/rbac")))
                .isEqualTo(
                        new TreeSet<>(
                                names(RBAC).stream()
                                        .filter(name -> name.endsWith(".yaml"))
                                        .toList()));
    }

    @Test
    void theRulesAndDashboardsAreThoseThatAreTried() throws IOException {
        Path copies = Helm.CHART.resolve("files/monitoring");
        String mend =
                "cp deploy/monitoring/rules/serinus.yaml CHART/files/monitoring/rules.yaml;"
                        + " cp deploy/monitoring/dashboards/* CHART/files/monitoring/dashboards/";

        assertThat(copies.resolve("rules.yaml"))
                .as(mend)
                .hasSameTextualContentAs(MONITORING.resolve("rules/serinus.yaml"));
        var boards = names(MONITORING.resolve("dashboards"));
        assertThat(names(copies.resolve("dashboards"))).as(mend).isEqualTo(boards);
        for (String board : boards) {
            assertThat(copies.resolve("dashboards").resolve(board))
                    .as(mend)
                    .hasSameTextualContentAs(MONITORING.resolve("dashboards").resolve(board));
        }
    }

    @Test
    void theDefinitionsAreThoseThatTheCommandPrints() throws IOException {
        assertThat(Files.readString(Helm.CHART.resolve("files/crds.yaml")))
                .as("deploy/serinus crds > deploy/helm/serinus/files/crds.yaml")
                .isEqualTo(Crds.yaml());
    }

    @Test
    void theProvidersOfTheSchemaAreThoseThatAreServed() throws IOException {
        String pattern =
                Meshes.served().stream()
                        .flatMap(mesh -> mesh.providers().stream())
                        .map(name -> name.text() + (name.prefix() ? ".*" : ""))
                        .sorted()
                        .collect(Collectors.joining("|", "^(|", ")$"));

        assertThat(schema().at("/properties/meshProvider/pattern").asText()).isEqualTo(pattern);
    }

    @Test
    void everyValueThatIsExplainedIsInTheSchema() throws IOException {
        var values =
                new KubernetesSerialization()
                        .unmarshal(
                                Files.readString(Helm.CHART.resolve("values.yaml")),
                                JsonNode.class);
        List<String> unknown = new ArrayList<>();
        compare("", values, schema(), unknown);
        assertThat(unknown).isEmpty();
    }

    private static void compare(
            String path, JsonNode values, JsonNode schema, List<String> unknown) {
        for (var value : values.properties()) {
            String at = path + value.getKey();
            JsonNode known = schema.path("properties").path(value.getKey());
            if (known.isMissingNode()) {
                // A map of the user's own names is open.
                if (schema.path("additionalProperties").isBoolean()) {
                    unknown.add(at);
                }
            } else if (value.getValue().isObject()) {
                compare(at + ".", value.getValue(), known, unknown);
            }
        }
    }

    @Test
    void everyObjectOfTheSchemaIsClosedOrAMap() throws IOException {
        List<String> open = new ArrayList<>();
        walk("", schema(), open);
        // What Kubernetes itself describes, and what belongs to charts around this one.
        assertThat(open)
                .containsExactlyInAnyOrder(
                        "global",
                        "affinity",
                        "securityContext.context",
                        "prometheus.securityContext",
                        "resources.requests",
                        "resources.limits",
                        "services.analysis.resources.requests",
                        "services.analysis.resources.limits",
                        "services.watcher.resources.requests",
                        "services.watcher.resources.limits",
                        "services.router.resources.requests",
                        "services.router.resources.limits",
                        "services.webhook.resources.requests",
                        "services.webhook.resources.limits",
                        "services.notifier.resources.requests",
                        "services.notifier.resources.limits",
                        "loadtester.resources.requests",
                        "loadtester.resources.limits");
    }

    private static void walk(String path, JsonNode schema, List<String> open) {
        if (schema.path("type").asText().equals("object") && !schema.has("additionalProperties")) {
            open.add(path);
        }
        for (var property : schema.path("properties").properties()) {
            walk(
                    path.isEmpty() ? property.getKey() : path + "." + property.getKey(),
                    property.getValue(),
                    open);
        }
    }

    private static JsonNode schema() throws IOException {
        return new ObjectMapper()
                .readTree(Files.readString(Helm.CHART.resolve("values.schema.json")));
    }

    private static Set<String> names(Path folder) throws IOException {
        Set<String> names = new TreeSet<>();
        try (var files = Files.newDirectoryStream(folder)) {
            files.forEach(file -> names.add(file.getFileName().toString()));
        }
        return names;
    }
}
