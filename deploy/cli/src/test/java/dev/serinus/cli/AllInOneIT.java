package dev.serinus.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.serinus.schemas.canary.Installation;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;

/** All of Serinus in this JVM, with its own broker, on an API server in which nothing is yet. */
@EnableKubernetesMockClient(crud = true, https = false)
class AllInOneIT {

    @TempDir Path data;

    @SuppressWarnings("NullAway.Init") // the extension sets it
    private KubernetesClient client;

    @Test
    void servesHealthMetricsAndTheFleetAndStartsAgainOnItsOwnData() throws Exception {
        try (var serinus = AllInOne.start(settings("a", 0), client)) {
            await().atMost(Duration.ofMinutes(5)).until(serinus::ready);
            assertThat(get(serinus, "/healthz").body()).isEqualTo("OK");
            assertThat(get(serinus, "/readyz").statusCode()).isEqualTo(200);
            assertThat(get(serinus, "/metrics").body()).contains("serinus_records_handled_total");
            assertThat(get(serinus, "/api/rollouts").body()).contains("\"rollouts\":[]");
            assertThat(serinus.metricsTrouble()).contains("http://prometheus:9090 does not answer");
            assertThat(serinus.missing()).isEmpty();
            assertThat(DataDirectory.bootstrapServers(data.resolve("a")))
                    .isEqualTo(serinus.bootstrapServers());
            assertThatThrownBy(() -> AllInOne.start(settings("a", 0), client))
                    .isInstanceOf(Refused.class)
                    .hasMessageContaining("another Serinus runs with the data directory");
            int taken = URI.create(serinus.url()).getPort();
            assertThatThrownBy(() -> AllInOne.start(settings("b", taken), client))
                    .isInstanceOf(Refused.class)
                    .hasMessageContaining("--http-port");
        }
        try (var again = AllInOne.start(settings("a", 0), client)) {
            await().atMost(Duration.ofMinutes(5)).until(again::ready);
        }
    }

    @Test
    void whoeverIsOnThisMachinePausesACanaryByOneRequest() throws Exception {
        try (var serinus = AllInOne.start(settings("c", 0), client)) {
            await().atMost(Duration.ofMinutes(5)).until(serinus::ready);
            new Estate(client, data)
                    .create(
                            """
                            apiVersion: flagger.app/v1beta1
                            kind: Canary
                            metadata: {name: cart, namespace: shop, generation: 1}
                            spec:
                              provider: kubernetes
                              targetRef: {apiVersion: apps/v1, kind: Deployment, name: cart}
                              service: {port: 80}
                              analysis: {interval: 1m, threshold: 2, iterations: 2}
                            """);
            String path = "/api/v1/rollouts/test/shop/cart";
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> get(serinus, path).statusCode() == 200);

            var answer = post(serinus, path + "/actions", "{\"action\": \"pause\"}");
            var elsewhere =
                    post(
                            serinus,
                            path.replace("cart", "none") + "/actions",
                            "{\"action\": \"pause\"}");

            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            assertThat(answer.body())
                    .contains("\"outcome\":\"done\"")
                    .contains("\"actor\":\"localhost\"")
                    .contains("\"held\":true");
            assertThat(get(serinus, path).body()).contains("\"held\":true", "Paused by localhost");
            assertThat(elsewhere.statusCode()).isEqualTo(404);
        }
    }

    private static HttpResponse<String> post(AllInOne serinus, String path, String body)
            throws Exception {
        try (var http = HttpClient.newHttpClient()) {
            return http.send(
                    HttpRequest.newBuilder(URI.create(serinus.url() + path))
                            .header("Content-Type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofString(body))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }

    private static HttpResponse<String> get(AllInOne serinus, String path) throws Exception {
        try (var http = HttpClient.newHttpClient()) {
            return http.send(
                    HttpRequest.newBuilder(URI.create(serinus.url() + path)).build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }

    private LocalSettings settings(String folder, int httpPort) {
        return new LocalSettings(
                Installation.named("test"),
                data.resolve(folder),
                null,
                0,
                2,
                httpPort,
                LocalSettings.Telling.NOBODY);
    }
}
