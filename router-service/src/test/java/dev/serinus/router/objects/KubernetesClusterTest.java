package dev.serinus.router.objects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.sun.net.httpserver.HttpServer;

import dev.serinus.schemas.cluster.Ref;
import dev.serinus.schemas.events.RouterOutcome;
import dev.serinus.schemas.mesh.Istio;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ConcurrentLinkedQueue;

/** What an API server refuses, as people read it in the status of a Canary. */
class KubernetesClusterTest {

    private static final Ref ROUTE = Istio.VIRTUAL_SERVICE.named("shop", "checkout");

    /** A port that only privileged programs take, and none does. */
    private static final int NOBODY_LISTENS = 1;

    private static final String NO_NAMESPACE =
            "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Failure\",\"reason\":\"NotFound\",\"code\":404,\"message\":\"namespaces"
                + " \\\"shop\\\" not"
                + " found\",\"details\":{\"name\":\"shop\",\"kind\":\"namespaces\"}}";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "text/plain | 404 page not found | the cluster does not know this kind"
                        + " (networking.istio.io/v1beta1): what brings it is not installed",
                "application/json | NO_NAMESPACE | namespaces \"shop\" not found"
            })
    void whatIsNotFoundWhereAnObjectIsMadeIsTheKindOrItsNamespace(
            String type, String body, String because) throws Exception {
        byte[] answer =
                (body.equals("NO_NAMESPACE") ? NO_NAMESPACE : body)
                        .getBytes(StandardCharsets.UTF_8);
        var server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/",
                exchange -> {
                    try (exchange) {
                        exchange.getResponseHeaders().set("Content-Type", type);
                        exchange.sendResponseHeaders(404, answer.length);
                        exchange.getResponseBody().write(answer);
                    }
                });
        server.start();
        try (var client =
                new KubernetesClientBuilder()
                        .withConfig(
                                new ConfigBuilder(Config.empty())
                                        .withMasterUrl(
                                                "http://127.0.0.1:" + server.getAddress().getPort())
                                        .withHttp2Disable(true)
                                        .build())
                        .build()) {
            var route = JsonNodeFactory.instance.objectNode();
            route.put("apiVersion", ROUTE.kind().apiVersion()).put("kind", ROUTE.kind().name());
            route.putObject("metadata").put("namespace", "shop").put("name", "checkout");

            assertThatThrownBy(
                            () ->
                                    new KubernetesCluster(client)
                                            .create(new ClusterObject(ROUTE, route)))
                    .isInstanceOfSatisfying(
                            Refusal.class,
                            refused -> assertThat(refused.outcome()).isEqualTo(RouterOutcome.RETRY))
                    .hasMessage("virtualservice checkout.shop create error: " + because);
        } finally {
            server.stop(0);
        }
    }

    @ParameterizedTest
    @CsvSource({"401, true", "403, false", "409, false", "429, true", "500, false", "503, true"})
    void whatTheServerCouldNotBeAskedIsToldFromWhatItSays(int status, boolean unseen)
            throws Exception {
        var server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/",
                exchange -> {
                    try (exchange) {
                        exchange.sendResponseHeaders(status, -1);
                    }
                });
        server.start();
        try (var client = impatient(server.getAddress().getPort())) {
            var cluster = new KubernetesCluster(client);

            assertThatThrownBy(() -> cluster.find(ROUTE))
                    .satisfies(thrown -> assertThat(isUnseen(thrown)).isEqualTo(unseen));
        } finally {
            server.stop(0);
        }
    }

    /** A dry run that the server does not answer, or a webhook does not know, says nothing. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "403 | exceeded quota: pods | true",
                "422 | spec.template: Required value | true",
                "400 | admission webhook policy denied the request | true",
                "400 | admission webhook policy does not support dry run | false",
                "409 | the object has been modified | false",
                "503 | apiserver is shutting down | false"
            })
    void whatTheServerWouldNotTakeIsToldBeforeItIsWritten(int status, String said, boolean told)
            throws Exception {
        byte[] answer =
                "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Failure\",\"code\":%d,\"message\":\"%s\"}"
                        .formatted(status, said)
                        .getBytes(StandardCharsets.UTF_8);
        var queries = new ConcurrentLinkedQueue<String>();
        var server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/",
                exchange -> {
                    try (exchange) {
                        queries.add(String.valueOf(exchange.getRequestURI().getQuery()));
                        exchange.getResponseHeaders().set("Content-Type", "application/json");
                        exchange.sendResponseHeaders(status, answer.length);
                        exchange.getResponseBody().write(answer);
                    }
                });
        server.start();
        try (var client = impatient(server.getAddress().getPort())) {
            var refused = new KubernetesCluster(client).refusing(ClusterObject.blank(ROUTE));

            assertThat(refused.isPresent()).isEqualTo(told);
            refused.ifPresent(it -> assertThat(it.because()).contains(said));
            assertThat(queries).allMatch(it -> it.contains("dryRun=All"));
        } finally {
            server.stop(0);
        }
    }

    @Test
    void aServerThatIsAwayCouldNotBeAsked() throws Exception {
        try (var client = impatient(NOBODY_LISTENS)) {
            var cluster = new KubernetesCluster(client);

            assertThatThrownBy(() -> cluster.find(ROUTE))
                    .hasMessageContaining("the API server does not answer")
                    .satisfies(thrown -> assertThat(isUnseen(thrown)).isTrue());
        }
    }

    private static boolean isUnseen(Throwable thrown) {
        return thrown instanceof Refusal refusal && refusal.isUnseen();
    }

    private static KubernetesClient impatient(int port) {
        return new KubernetesClientBuilder()
                .withConfig(
                        new ConfigBuilder(Config.empty())
                                .withMasterUrl("http://127.0.0.1:" + port)
                                .withHttp2Disable(true)
                                .withRequestRetryBackoffLimit(0)
                                .build())
                .build();
    }
}
