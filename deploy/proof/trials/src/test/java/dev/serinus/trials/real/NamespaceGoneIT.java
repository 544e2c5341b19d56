package dev.serinus.trials.real;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serinus.testbed.junit.OnTestBed;
import dev.serinus.testbed.junit.TestBed;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Whoever deletes a namespace gets rid of it, whatever its Canaries are doing. */
@OnTestBed
class NamespaceGoneIT {

    private final TestBed bed;

    NamespaceGoneIT(TestBed bed) {
        this.bed = bed;
    }

    @Test
    void aNamespaceEndsWithCanariesAtRestAndInMidRun(@TempDir Path data) throws Exception {
        // Given
        var doomed = new TestBed(bed.controlPlane(), bed.namespace() + "-doomed", bed.admin());
        var namespace = bed.admin().namespaces().withName(doomed.namespace());
        var made =
                bed.admin()
                        .resource(
                                new NamespaceBuilder()
                                        .withNewMetadata()
                                        .withName(doomed.namespace())
                                        .endMetadata()
                                        .build())
                        .create();
        try (var outside = new Outside();
                var gateway = new Acceptance(bed.admin(), doomed.namespace());
                var services =
                        new SeparateServices(
                                bed::client, RightsIT.installation(outside, null), data)) {
            assertThat(List.of(gateway, services, made)).doesNotContainNull();
            var apps = new Apps(doomed, outside.url());
            apps.apply("providers");
            apps.apply("web");
            apps.apply("api");
            RightsIT.awaitPhase(apps, "web", "Initialized");
            RightsIT.awaitPhase(apps, "api", "Initialized");
            apps.release("web", 2);
            RightsIT.awaitPhase(apps, "web", "Progressing");
            // When
            assertThat(namespace.delete()).isNotEmpty();
            // Then
            await("the namespace to be gone")
                    .atMost(Duration.ofMinutes(2))
                    .until(() -> namespace.get() == null);
        }
    }
}
