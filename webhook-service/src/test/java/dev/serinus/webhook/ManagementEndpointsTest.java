package dev.serinus.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;

import org.junit.jupiter.api.Test;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;

/** On a service's own class path, where the framework could bring endpoints of its own. */
@EnableKubernetesMockClient(crud = true, https = false)
class ManagementEndpointsTest {

    @SuppressWarnings("NullAway.Init") // the extension sets it
    static KubernetesClient client;

    @Test
    void noVariableOpensThem() throws Exception {
        TestBeans.client = client;
        Map<String, Object> opened =
                Map.of(
                        "serinus.cluster-name",
                        "lab",
                        "micronaut.server.port",
                        -1,
                        "endpoints.all.enabled",
                        true,
                        "endpoints.all.sensitive",
                        false);
        try (var context = ApplicationContext.builder().properties(opened).start();
                var http = HttpClient.newHttpClient()) {
            var server = context.getBean(EmbeddedServer.class).start();
            for (String path :
                    List.of("/threaddump", "/refresh", "/env", "/beans", "/prometheus")) {
                var answer =
                        http.send(
                                HttpRequest.newBuilder(
                                                URI.create(
                                                        "http://127.0.0.1:"
                                                                + server.getPort()
                                                                + path))
                                        .build(),
                                HttpResponse.BodyHandlers.ofString());

                assertThat(answer.statusCode()).as(path).isEqualTo(404);
            }
        }
    }
}
