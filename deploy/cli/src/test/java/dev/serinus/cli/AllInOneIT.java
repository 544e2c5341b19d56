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
                null,
                data.resolve(folder),
                null,
                0,
                2,
                httpPort,
                LocalSettings.Telling.NOBODY);
    }
}
