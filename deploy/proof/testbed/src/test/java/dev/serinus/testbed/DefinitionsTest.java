package dev.serinus.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.testbed.binaries.Binaries;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;

class DefinitionsTest {

    private static final String PUBLISHED =
            """
            # of a project
            ---
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: {name: httpproxies.projectcontour.io}
            spec: {group: projectcontour.io, names: {kind: Published}}
            ---
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: {name: unheard.of}
            """;

    @TempDir Path folder;

    @Test
    void aPublishedDefinitionTakesThePlaceOfOneThatAcceptsAnything() throws Exception {
        // Given
        var binaries = new Binaries(folder);
        Files.createDirectory(binaries.definitions());
        Files.writeString(binaries.definitions().resolve("some.yaml"), PUBLISHED);
        // When
        var published = Definitions.PUBLISHED.read(binaries);
        var permissive = Definitions.PERMISSIVE.read(binaries);
        // Then
        assertThat(kindOf(published, "httpproxies.projectcontour.io")).isEqualTo("Published");
        assertThat(kindOf(permissive, "httpproxies.projectcontour.io")).isEqualTo("HTTPProxy");
        assertThat(published)
                .extracting(each -> each.getMetadata().getName())
                .contains("canaries.flagger.app", "virtualservices.networking.istio.io")
                .doesNotContain("unheard.of")
                .doesNotHaveDuplicates();
    }

    private static Object kindOf(
            java.util.List<io.fabric8.kubernetes.api.model.GenericKubernetesResource> all,
            String name) {
        return all.stream()
                .filter(each -> each.getMetadata().getName().equals(name))
                .findFirst()
                .orElseThrow()
                .<Object>get("spec", "names", "kind");
    }
}
