package dev.serinus.cli.guide;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.serinus.schemas.mesh.Mesh;
import dev.serinus.schemas.mesh.Meshes;

import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Nothing that can be chosen is forgotten: each mesh, provider, chat and webhook has an example.
 */
class CompletenessTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void everyMeshHasAnExample() {
        Set<String> shown =
                values("meshes.md", "provider").stream()
                        .flatMap(provider -> Meshes.find(provider).stream())
                        .map(CompletenessTest::group)
                        .collect(Collectors.toSet());

        assertThat(shown)
                .containsAll(
                        Meshes.served().stream()
                                .map(CompletenessTest::group)
                                .collect(Collectors.toSet()));
    }

    @Test
    void everyProviderOfMetricsHasAnExample() {
        assertThat(values("metrics.md", "type"))
                .containsAll(Definitions.choices("MetricTemplate", "spec.provider.type"));
    }

    @Test
    void everyChatHasAnExample() {
        assertThat(values("alerts.md", "type"))
                .containsAll(Definitions.choices("AlertProvider", "spec.type"));
    }

    @Test
    void everyTypeOfWebhookHasAnExample() {
        assertThat(values("gates-and-hooks.md", "type"))
                .containsAll(Definitions.choices("Canary", "spec.analysis.webhooks[].type"));
    }

    /** Older versions of one interface share a section. */
    private static String group(Mesh mesh) {
        return mesh.title().replaceFirst(" v1(alpha|beta)\\d$", "");
    }

    /** What this field says anywhere in the examples of a page. */
    private static Set<String> values(String page, String field) {
        Set<String> found = new TreeSet<>();
        Guide.blocks(page).stream()
                .filter(Guide.Block::isYaml)
                .forEach(
                        block ->
                                new Yaml()
                                        .loadAll(block.text())
                                        .forEach(
                                                each ->
                                                        collect(
                                                                JSON.valueToTree(each),
                                                                field,
                                                                found)));
        return found;
    }

    private static void collect(JsonNode tree, String field, Set<String> found) {
        if (tree.path(field).isTextual()) {
            found.add(tree.path(field).asText());
        }
        tree.forEach(inner -> collect(inner, field, found));
    }
}
