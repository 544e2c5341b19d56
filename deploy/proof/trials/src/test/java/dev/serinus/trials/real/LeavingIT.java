package dev.serinus.trials.real;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.serinus.cli.Main;
import dev.serinus.testbed.User;
import dev.serinus.testbed.junit.OnTestBed;
import dev.serinus.testbed.junit.TestBed;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;

import org.junit.jupiter.api.Test;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** Nothing of Serinus runs any more: what its finalizers hold is let go as the README says. */
@OnTestBed
class LeavingIT {

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final String FINALIZER = "finalizer.flagger.app";
    private static final Path README =
            Path.of(System.getProperty("serinus.root"), "deploy", "cli", "README.md");

    private final TestBed bed;

    LeavingIT(TestBed bed) {
        this.bed = bed;
    }

    @Test
    void aNamespaceThatIsHeldEndsWithUninstall() {
        // Given
        var held = held("by-command");
        // When
        int code =
                Main.execute(
                        new Main(),
                        "uninstall",
                        "--namespace",
                        held.namespace(),
                        "--kubeconfig",
                        bed.kubeconfig(User.ADMIN).toString());
        // Then
        assertThat(code).isZero();
        awaitGone(held);
    }

    @Test
    void aNamespaceThatIsHeldEndsWithTheLineOfTheReadme() throws Exception {
        // Given
        assumeTrue(hasKubectl(), "the line is for kubectl: install it");
        var held = held("by-hand");
        String line =
                Files.readAllLines(README).stream()
                        .filter(it -> it.startsWith("    kubectl "))
                        .findFirst()
                        .orElseThrow()
                        .replace("-n NS", "-n " + held.namespace());
        var shell = new ProcessBuilder("bash", "-c", line).inheritIO();
        shell.environment().put("KUBECONFIG", bed.kubeconfig(User.ADMIN).toString());
        // When
        int code = shell.start().waitFor();
        // Then
        assertThat(code).isZero();
        awaitGone(held);
    }

    /** A namespace whose deletion waits for a Canary in it. */
    private TestBed held(String name) {
        var held = new TestBed(bed.controlPlane(), bed.namespace() + "-" + name, bed.admin());
        var _ =
                bed.admin()
                        .resource(
                                new NamespaceBuilder()
                                        .withNewMetadata()
                                        .withName(held.namespace())
                                        .endMetadata()
                                        .build())
                        .create();
        var apps = new Apps(held, "http://127.0.0.1:9");
        apps.apply("shop");
        var _ =
                apps.canary("shop")
                        .edit(
                                canary -> {
                                    canary.getMetadata().setFinalizers(List.of(FINALIZER));
                                    return canary;
                                });
        var _ = bed.admin().namespaces().withName(held.namespace()).delete();
        await("the Canary to be deleted, and held")
                .atMost(PATIENCE)
                .until(
                        () ->
                                apps.canary("shop").get().getMetadata().getDeletionTimestamp()
                                        != null);
        return held;
    }

    private void awaitGone(TestBed held) {
        await(held.namespace() + " to be gone")
                .atMost(PATIENCE)
                .until(() -> bed.admin().namespaces().withName(held.namespace()).get() == null);
    }

    private static boolean hasKubectl() {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "kubectl")));
    }
}
