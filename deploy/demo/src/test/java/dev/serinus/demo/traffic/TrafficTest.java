package dev.serinus.demo.traffic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import dev.serinus.demo.cluster.ApiServer;
import dev.serinus.demo.cluster.Kubelet;
import dev.serinus.demo.cluster.Pods;
import dev.serinus.demo.measure.MetricsEndpoint;
import dev.serinus.demo.measure.Samples;

import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRoute;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRouteBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;

/** The pretend cluster and its traffic, together. */
class TrafficTest {

    private final Samples samples = new Samples();
    private final Pods pods = new Pods();
    private final AnswerCounts tally = new AnswerCounts();
    private ApiServer server;
    private KubernetesClient client;
    private Kubelet kubelet;
    private Gateway gateway;

    @BeforeEach
    void start() {
        server = ApiServer.start();
        client = server.client();
        kubelet =
                Kubelet.start(
                        client, pods, samples, Duration.ofMillis(50), new SplittableRandom(1));
        gateway = Gateway.start(client, "demo", pods);
    }

    @AfterEach
    void stop() {
        gateway.close();
        kubelet.close();
        client.close();
        server.close();
    }

    @Test
    void aDeploymentBecomesReadyAndSaysSo() {
        client.resource(deployment("podinfo", "1.0.0", 2, 0)).create();
        await().untilAsserted(
                        () -> {
                            var status = podinfo().getStatus();
                            assertThat(status).isNotNull();
                            assertThat(status.getAvailableReplicas()).isEqualTo(2);
                            assertThat(status.getReplicas()).isEqualTo(2);
                            assertThat(status.getObservedGeneration()).isEqualTo(1);
                            assertThat(status.getConditions())
                                    .extracting("type", "status", "reason")
                                    .contains(
                                            org.assertj.core.groups.Tuple.tuple(
                                                    "Available",
                                                    "True",
                                                    "MinimumReplicasAvailable"));
                        });
    }

    @Test
    void aDeploymentScaledToZeroHasNoPods() {
        client.resource(deployment("podinfo", "1.0.0", 2, 0)).create();
        await().until(() -> ready("podinfo") == 2);
        client.apps().deployments().inNamespace("demo").withName("podinfo").scale(0);
        await().untilAsserted(
                        () -> {
                            assertThat(ready("podinfo")).isZero();
                            assertThat(podinfo().getStatus().getReplicas()).isZero();
                        });
    }

    @Test
    void aRollingUpdateFailsNoRequest() {
        // Given
        client.resource(deployment("podinfo", "1.0.0", 2, 0)).create();
        service("podinfo-primary", "podinfo");
        route(100, 0);
        await().until(() -> ready("podinfo") == 2);
        await().until(() -> ask() == 200);
        // When
        try (var _ = LoadGenerator.start(gateway.address(), Map.of(), 50, tally)) {
            await().until(() -> tally.total().all() > 20);
            client.resource(deployment("podinfo", "2.0.0", 2, 0)).update();
            await().until(() -> tally.byVersion().containsKey("2.0.0"));
            await().until(() -> version("2.0.0").all() > 50);
        }
        // Then
        assertThat(tally.total().bad()).isZero();
    }

    @Test
    void trafficIsSplitAsTheRouteSaysAndMeasuredAtThePods() throws Exception {
        // Given
        client.resource(deployment("podinfo-primary", "1.0.0", 1, 0)).create();
        client.resource(deployment("podinfo", "2.0.0", 1, 50)).create();
        service("podinfo-primary", "podinfo-primary");
        service("podinfo-canary", "podinfo");
        await().until(() -> ready("podinfo") + ready("podinfo-primary") == 2);
        route(70, 30);
        await().until(() -> ask() != 503);
        try (var metrics = MetricsEndpoint.start(samples)) {
            // When
            try (var _ = LoadGenerator.start(gateway.address(), Map.of(), 200, tally)) {
                await().until(() -> tally.total().all() > 600);
            }
            // Then
            var canary = version("2.0.0");
            assertThat((double) canary.all() / tally.total().all()).isCloseTo(.3, within(.1));
            assertThat(version("1.0.0").bad()).isZero();
            String query =
                    "sum(rate(http_request_duration_seconds_count{kubernetes_pod_name=~"
                            + "\"podinfo-[0-9a-zA-Z]+(-[0-9a-zA-Z]+)\",status!~\"5.*\"}[1m])) /"
                            + " sum(rate(http_request_duration_seconds_count{kubernetes_pod_name=~"
                            + "\"podinfo-[0-9a-zA-Z]+(-[0-9a-zA-Z]+)\"}[1m])) * 100";
            double measured = value(metrics, query);
            assertThat(measured).isCloseTo(50, within(20.0));
        }
    }

    @Test
    void theGatewaySaysWhichGenerationOfTheRouteItServes() {
        service("podinfo-primary", "podinfo");
        route(100, 0);
        await().until(() -> acceptedGeneration() == 1);
        client.resources(HTTPRoute.class)
                .inNamespace("demo")
                .withName("podinfo")
                .edit(route -> weights(route, 60, 40));
        await().until(() -> acceptedGeneration() == 2);
        assertThat(gateway.weights()).containsEntry("podinfo-canary", 40);
    }

    private long acceptedGeneration() {
        var status =
                client.resources(HTTPRoute.class)
                        .inNamespace("demo")
                        .withName("podinfo")
                        .get()
                        .getStatus();
        return status == null
                ? 0
                : status.getParents().getFirst().getConditions().getFirst().getObservedGeneration();
    }

    private static double value(MetricsEndpoint metrics, String query) throws Exception {
        try (var http = HttpClient.newHttpClient()) {
            var answer =
                    http.send(
                            HttpRequest.newBuilder(
                                            URI.create(
                                                    metrics.url()
                                                            + "/api/v1/query?query="
                                                            + URLEncoder.encode(
                                                                    query, StandardCharsets.UTF_8)))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            var body = new com.fasterxml.jackson.databind.ObjectMapper().readTree(answer.body());
            return body.at("/data/result/0/value/1").asDouble();
        }
    }

    private int ask() throws Exception {
        try (var http = HttpClient.newHttpClient()) {
            return http.send(
                            HttpRequest.newBuilder(gateway.address()).build(),
                            HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        }
    }

    private int ready(String app) {
        return pods.selected("demo", java.util.Map.of("app", app)).size();
    }

    private Deployment podinfo() {
        return client.apps().deployments().inNamespace("demo").withName("podinfo").get();
    }

    private void service(String name, String app) {
        client.resource(
                        new ServiceBuilder()
                                .withNewMetadata()
                                .withNamespace("demo")
                                .withName(name)
                                .endMetadata()
                                .withNewSpec()
                                .addToSelector("app", app)
                                .endSpec()
                                .build())
                .create();
    }

    private void route(int primary, int canary) {
        client.resource(
                        weights(
                                new HTTPRouteBuilder()
                                        .withNewMetadata()
                                        .withNamespace("demo")
                                        .withName("podinfo")
                                        .endMetadata()
                                        .withNewSpec()
                                        .addNewParentRef()
                                        .withName("gateway")
                                        .endParentRef()
                                        .endSpec()
                                        .build(),
                                primary,
                                canary))
                .create();
    }

    private static HTTPRoute weights(HTTPRoute route, int primary, int canary) {
        return new HTTPRouteBuilder(route)
                .editSpec()
                .withRules()
                .addNewRule()
                .addNewBackendRef()
                .withName("podinfo-primary")
                .withWeight(primary)
                .endBackendRef()
                .addNewBackendRef()
                .withName("podinfo-canary")
                .withWeight(canary)
                .endBackendRef()
                .endRule()
                .endSpec()
                .build();
    }

    private AnswerCounts.Count version(String version) {
        return Objects.requireNonNull(tally.byVersion().get(version));
    }

    private static Deployment deployment(
            String name, String version, int replicas, int errorPercent) {
        return new DeploymentBuilder()
                .withNewMetadata()
                .withNamespace("demo")
                .withName(name)
                .endMetadata()
                .withNewSpec()
                .withReplicas(replicas)
                .withNewSelector()
                .addToMatchLabels("app", name)
                .endSelector()
                .withNewTemplate()
                .withNewMetadata()
                .addToLabels("app", name)
                .endMetadata()
                .withNewSpec()
                .addNewContainer()
                .withName("podinfo")
                .withImage("podinfo:" + version)
                .addNewEnv()
                .withName("ERROR_PERCENT")
                .withValue(Integer.toString(errorPercent))
                .endEnv()
                .endContainer()
                .endSpec()
                .endTemplate()
                .endSpec()
                .build();
    }
}
