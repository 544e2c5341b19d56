package dev.serinus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.schemas.crd.Crds;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.Objects;

@EnableKubernetesMockClient(crud = true, https = false)
class DefinitionsCheckTest {

    @SuppressWarnings("NullAway.Init") // the extension sets it
    private KubernetesClient client;

    @Test
    void whatIsNotThereIsNamed() {
        assertThat(DefinitionsCheck.wrong(client))
                .contains("the cluster has no definition canaries.flagger.app")
                .hasSize(Crds.all().size());
    }

    @Test
    void thoseOfThisVersionAreNoNews() {
        Crds.all().forEach(each -> client.resource(each).create());

        assertThat(DefinitionsCheck.wrong(client)).isEmpty();
    }

    @Test
    void anOlderOneIsToldWithWhatItDoesNotHave() {
        var older = canaries();
        var analysis = properties(older, "spec", "analysis");
        List.of("score", "metrics", "interval", "threshold").forEach(analysis::remove);

        assertThat(DefinitionsCheck.older(canaries(), older))
                .contains(
                        "the definition canaries.flagger.app is older than this version, so the API"
                                + " server drops what manifests say of spec.analysis.interval,"
                                + " spec.analysis.metrics, spec.analysis.score and 1 more fields");
    }

    @Test
    void aFieldWithinAListIsFound() {
        var older = canaries();
        var metric = schema(older, "spec", "analysis", "metrics").getItems().getSchema();
        metric.getProperties().remove("compare");

        assertThat(DefinitionsCheck.older(canaries(), older).orElseThrow())
                .endsWith("say of spec.analysis.metrics[].compare");
    }

    @Test
    void aNewerOneAndOneThatKeepsWhatItDoesNotKnowAreNone() {
        var newer = canaries();
        properties(newer, "spec").put("later", new JSONSchemaProps());
        assertThat(DefinitionsCheck.older(canaries(), newer)).isEmpty();

        var open = canaries();
        var spec = schema(open, "spec");
        spec.setProperties(null);
        spec.setXKubernetesPreserveUnknownFields(true);
        assertThat(DefinitionsCheck.older(canaries(), open)).isEmpty();
    }

    private static CustomResourceDefinition canaries() {
        return Crds.all().stream()
                .filter(each -> each.getMetadata().getName().equals("canaries.flagger.app"))
                .findFirst()
                .orElseThrow();
    }

    private static Map<String, JSONSchemaProps> properties(
            CustomResourceDefinition definition, String... path) {
        return schema(definition, path).getProperties();
    }

    private static JSONSchemaProps schema(CustomResourceDefinition definition, String... path) {
        var found = definition.getSpec().getVersions().getFirst().getSchema().getOpenAPIV3Schema();
        for (String name : path) {
            found = Objects.requireNonNull(found.getProperties().get(name), name);
        }
        return found;
    }
}
