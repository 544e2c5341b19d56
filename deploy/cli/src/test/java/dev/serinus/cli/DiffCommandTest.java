package dev.serinus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What would be written, as it is printed. */
@EnableKubernetesMockClient(crud = true, https = false)
class DiffCommandTest {

    private static final String CANARY =
            """
            apiVersion: flagger.app/v1beta1
            kind: Canary
            metadata: {name: cart, namespace: shop}
            spec:
              provider: istio
              targetRef: {apiVersion: apps/v1, kind: Deployment, name: cart}
              service: {port: 80}
              analysis: {interval: 1m, threshold: 2, stepWeight: 25, maxWeight: 50}
            """;

    @TempDir private Path directory;

    @SuppressWarnings("NullAway.Init") // the extension sets it
    private KubernetesClient client;

    @SuppressWarnings("NullAway.Init") // before each test
    private Estate estate;

    @BeforeEach
    void begin() {
        estate = new Estate(client, directory);
    }

    private Estate.Told diff(String manifest) throws Exception {
        Path file = directory.resolve("canary.yaml");
        Files.writeString(file, manifest);
        return estate.command("diff", file.toString());
    }

    private void application() throws IOException {
        estate.create(
                """
                apiVersion: v1
                kind: Secret
                metadata: {name: keys}
                data: {token: aHVudGVyMg==}
                """);
        estate.create(
                """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: cart}
                spec:
                  replicas: 2
                  selector: {matchLabels: {app: cart}}
                  template:
                    metadata: {labels: {app: cart}}
                    spec:
                      containers:
                      - {name: app, image: "cart:1", envFrom: [{secretRef: {name: keys}}]}
                """);
    }

    @Test
    void eachObjectIsPrintedAsItWouldBeAndNothingIsWritten() throws Exception {
        application();

        var told = diff(CANARY);

        assertThat(told.code()).isEqualTo(1);
        assertThat(told.out())
                .contains("--- /dev/null\n+++ serinus/deployments/shop/cart-primary\n")
                .contains("+++ serinus/virtualservices/shop/cart\n")
                .contains("--- live/deployments/shop/cart\n+++ serinus/deployments/shop/cart\n")
                .contains("-  replicas: 2\n+  replicas: 0\n")
                .contains("+  token: \"***\"\n")
                .doesNotContain("aHVudGVyMg")
                .doesNotContain("serinus.dev/step");
        assertThat(client.apps().deployments().inNamespace("shop").list().getItems()).hasSize(1);
        assertThat(client.services().inNamespace("shop").list().getItems()).isEmpty();
    }

    /** Whoever pipes the difference has nothing else in it, however much is logged. */
    @Test
    void theLogIsNoPartOfTheDifference() throws Exception {
        application();
        Path manifest = Files.writeString(directory.resolve("canary.yaml"), CANARY);
        Path out = directory.resolve("out");
        Path err = directory.resolve("err");
        var builder =
                new ProcessBuilder(
                                System.getProperty("java.home") + "/bin/java",
                                "-XX:TieredStopAtLevel=1",
                                "-Dlogback.configurationFile="
                                        + Main.class.getResource("/logback.xml"),
                                "-cp",
                                System.getProperty("java.class.path"),
                                Main.class.getName(),
                                "diff",
                                manifest.toString(),
                                "--kubeconfig",
                                estate.kubeconfig().toString())
                        .redirectOutput(out.toFile())
                        .redirectError(err.toFile());
        builder.environment().put("SERINUS_LOG_FORMAT", "json");
        builder.environment().put("SERINUS_LOG_LEVEL_LIBRARIES", "DEBUG");

        assertThat(builder.start().waitFor()).as(Files.readString(err)).isEqualTo(1);

        assertThat(out).content().startsWith("--- ").doesNotContain("{\"ts\"");
        assertThat(err).content().contains("{\"ts\"").doesNotContain("unstable version");
    }

    @Test
    void whatCannotBeToldIsNoDifference() throws Exception {
        assertThat(diff(CANARY).code()).as("there is no target").isEqualTo(2);
        assertThat(diff(CANARY.replace("stepWeight: 25", "stepWeight: -1")).code())
                .as("the manifest is refused")
                .isEqualTo(2);
    }

    @Test
    void whereSomethingStandsInTheWayTheRestIsNotTold() throws Exception {
        application();

        var told =
                diff(
                        CANARY.replace(
                                "  service:",
                                "  autoscalerRef: {apiVersion: autoscaling/v2, kind:"
                                        + " HorizontalPodAutoscaler, name: nobody}\n  service:"));

        assertThat(told.out()).as("what was found before that").contains("+++ serinus/");
        assertThat(told.code()).isEqualTo(2);
    }

    @Test
    void aClusterTellsOfItsCanariesWithoutAHub() throws Exception {
        // Given
        estate.settings("blue", "blue");
        estate.canary("good", "Progressing", Estate.FLAGGERS, "app:2", "app:1");
        estate.says(
                "good",
                """
                canaryWeight: 12
                serinus: {run: 3, step: 7, canaryWeight: 12.5, waitingFor: the next interval}
                """);
        estate.canary("other", "Succeeded", Estate.FLAGGERS, "app:2", "app:2");
        // When, then
        assertThat(estate.command("get", "--direct").out())
                .containsPattern("good +Progressing +12.5 +here +shop +the next interval")
                .containsPattern("other +Succeeded +0 +here +shop");
        assertThat(estate.command("get", "shop/good", "--direct", "-o", "NAME").out())
                .isEqualToIgnoringNewLines("here/shop/good");
        assertThat(estate.command("get", "--direct", "--cluster", "there").out()).isEmpty();
        assertThat(estate.command("describe", "good", "--direct").out())
                .containsPattern("Name: +here/shop/good")
                .containsPattern("Weight: +12.5 %")
                .containsPattern("Run: +3")
                .containsPattern("Possible: +only a hub knows");
        assertThat(estate.command("describe", "good", "--direct", "-o", "json").out())
                .doesNotContain("possibleActions");
        assertThat(estate.command("describe", "nobody", "--direct").code()).isEqualTo(3);
    }
}
