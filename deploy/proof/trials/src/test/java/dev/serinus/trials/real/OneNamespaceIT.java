package dev.serinus.trials.real;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serinus.testbed.User;
import dev.serinus.testbed.junit.OnTestBed;
import dev.serinus.testbed.junit.TestBed;

import io.fabric8.kubernetes.client.KubernetesClientException;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;

/** An installation for one namespace lives with Roles in that namespace. */
@Tag("long")
@OnTestBed
class OneNamespaceIT {

    private final TestBed bed;

    OneNamespaceIT(TestBed bed) {
        this.bed = bed;
    }

    @Test
    void aReleaseIsPromotedAndToldWithRightsInItsNamespaceAlone(@TempDir Path data)
            throws Exception {
        // Given
        var rights = new OneNamespace(bed);
        rights.grant();
        try (var notifier = rights.client(User.NOTIFIER)) {
            assertThatThrownBy(() -> notifier.secrets().inNamespace("default").withName("x").get())
                    .as("rights elsewhere")
                    .isInstanceOf(KubernetesClientException.class);
        }
        // When
        try (var outside = new Outside();
                var gateway = new Acceptance(bed.admin(), bed.namespace());
                var services =
                        new SeparateServices(
                                rights::client,
                                RightsIT.installation(outside, bed.namespace()),
                                data)) {
            assertThat(List.of(gateway, services)).doesNotContainNull();
            var apps = new Apps(bed, outside.url());
            apps.apply("providers");
            apps.apply("api");
            RightsIT.awaitPhase(apps, "api", "Initialized");
            apps.release("api", 2);
            RightsIT.awaitPhase(apps, "api", "Succeeded");
            assertThat(apps.canary("api").delete()).isNotEmpty();
            RightsIT.awaitPhase(apps, "api", "gone");
            // Then
            assertThat(outside.paths()).contains("/chat");
        }
    }
}
