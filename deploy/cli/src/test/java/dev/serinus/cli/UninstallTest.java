package dev.serinus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

@EnableKubernetesMockClient(crud = true, https = false)
class UninstallTest {

    @TempDir private Path directory;

    @SuppressWarnings("NullAway.Init") // the extension sets it
    private KubernetesClient client;

    @SuppressWarnings("NullAway.Init") // before each test
    private Estate estate;

    @BeforeEach
    void begin() {
        estate = new Estate(client, directory);
        estate.settings("blue", "blue");
        estate.canary("web", "Failed", "a1b2c3d4e5", "app:2", "app:1");
    }

    @Test
    void takesFinalizersClaimsAndMarksOffAndNothingElse() throws Exception {
        // Given
        var spec = estate.canary("web").<Object>get("spec");
        var status = estate.canary("web").<Object>get("status");
        // When
        var told = estate.command("uninstall");
        // Then
        assertThat(told.code()).isZero();
        assertThat(told.out())
                .startsWith("Nothing is restored and no traffic moves")
                .contains("shop/web released")
                .contains("1 Canaries; 1 were released");
        assertThat(estate.marked()).isEmpty();
        var canary = estate.canary("web");
        assertThat(canary.getMetadata().getFinalizers()).containsExactly("example.com/other");
        assertThat(canary.getMetadata().getAnnotations()).containsOnlyKeys("example.com/kept");
        assertThat(estate.ownersOf("web"))
                .as("what its target owns stays when the Canary goes")
                .containsExactly("Canary", "Deployment");
        assertThat(canary.<Object>get("spec")).isEqualTo(spec);
        assertThat(canary.<Object>get("status")).isEqualTo(status);
    }

    @Test
    void aCheckSaysTheSameAndWritesNothing() throws Exception {
        // Given
        var before = estate.marked();
        // When
        var told = estate.command("uninstall", "--check");
        // Then
        assertThat(told.out()).contains("shop/web would be released");
        assertThat(estate.marked()).isEqualTo(before);
        assertThat(estate.canary("web").getMetadata().getFinalizers()).contains(Canaries.FINALIZER);
    }

    @Test
    void whatIsBeingDeletedKeepsItsFinalizerUnlessForced() throws Exception {
        // Given
        estate.delete("web");
        // When
        var told = estate.command("uninstall");
        // Then
        assertThat(told.code()).isEqualTo(1);
        assertThat(told.out()).contains("shop/web left alone: it is being deleted");
        assertThat(estate.marked()).contains("Canary/web", "Service/web");
        // When
        var forced = estate.command("uninstall", "--force");
        // Then
        assertThat(forced.code()).isZero();
        assertThat(forced.out())
                .contains("shop/web released: it goes, and with it what it alone owns");
        assertThat(estate.canary("web").getMetadata().getFinalizers())
                .containsExactly("example.com/other");
    }

    @Test
    void doingItAgainChangesNothingMore() throws Exception {
        // Given
        estate.command("uninstall");
        var version = estate.canary("web").getMetadata().getResourceVersion();
        // When
        var again = estate.command("uninstall");
        // Then
        assertThat(again.code()).isZero();
        assertThat(estate.canary("web").getMetadata().getResourceVersion()).isEqualTo(version);
    }

    @Test
    void whatLeadsToPodsOfTheCanaryKeepsTheNoteThatLeadsItBackUnlessForced() throws Exception {
        // Given
        estate.leadToCanary("web");
        // When
        var told = estate.command("uninstall");
        // Then
        assertThat(told.code()).isEqualTo(1);
        assertThat(told.out())
                .contains("shop/web left alone: Service web leads to pods of the canary");
        assertThat(estate.marked()).contains("Service/web");
        // When
        var forced = estate.command("uninstall", "--force");
        // Then
        assertThat(forced.code()).isZero();
        assertThat(forced.out()).contains("shop/web released; Service web leads to pods");
        assertThat(estate.marked()).isEmpty();
    }
}
