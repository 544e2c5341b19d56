package dev.serinus.conformance.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.conformance.json.Json;
import dev.serinus.conformance.time.Timeline;
import dev.serinus.schemas.cluster.ResourceWatch;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What the services rely on of an API server, by the client that they use. */
class ApiServerTest {

    private static final String CANARY =
            """
            apiVersion: flagger.app/v1beta1
            kind: Canary
            metadata: {name: podinfo}
            spec:
              targetRef: {apiVersion: apps/v1, kind: Deployment, name: podinfo}
              service: {port: 9898, gatewayRefs: [{name: public}]}
              analysis: {interval: 10s, iterations: 2, threshold: 3}
            """;

    private final Timeline timeline = new Timeline(Instant.parse("2026-11-25T12:00:00Z"));
    private final List<String> requests = new ArrayList<>();
    private final SimulatedCluster cluster = new SimulatedCluster(timeline, requests::add);
    private final KubernetesClient client = ApiClient.of(cluster.server());
    private final Kubectl kubectl = new Kubectl(cluster.objects(), "test");

    @BeforeEach
    void applied() {
        kubectl.apply(CANARY);
    }

    @AfterEach
    void close() {
        client.close();
        timeline.close();
    }

    @Test
    void aWriteOfWhatIsNoLongerSoIsRefused() {
        var read = canary().get();
        kubectl.annotate(List.of("canary", "podinfo", "note=changed"));

        assertThatThrownBy(() -> canaries(read).update())
                .isInstanceOfSatisfying(
                        KubernetesClientException.class,
                        refused -> assertThat(refused.getCode()).isEqualTo(409));
        assertThatThrownBy(
                        () ->
                                canary().patch(
                                                PatchContext.of(PatchType.JSON_MERGE),
                                                "{\"metadata\": {\"resourceVersion\": \"1\"}}"))
                .hasMessageContaining("the object has been modified");
    }

    @Test
    void theStatusHasAnAddressOfItsOwnAndOnlyTheSpecCountsGenerations() {
        canary().patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        "{\"status\": {\"phase\": \"Failed\"}}");
        assertThat(tree().has("status")).isFalse();

        canary().subresource("status")
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        "{\"spec\": {\"suspend\": true}, \"status\": {\"phase\": \"Failed\"}}");
        assertThat(tree().at("/status/phase").asText()).isEqualTo("Failed");
        assertThat(tree().at("/spec").has("suspend")).isFalse();
        assertThat(tree().at("/metadata/generation").asInt()).isEqualTo(1);

        canary().patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\": {\"suspend\": true}}");
        assertThat(tree().at("/metadata/generation").asInt()).isEqualTo(2);
    }

    @Test
    void aWriteThatChangesNothingIsNone() {
        String before = tree().at("/metadata/resourceVersion").asText();

        canary().patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        "{\"spec\": {\"service\": {\"port\": 9898}}}");

        assertThat(tree().at("/metadata/resourceVersion").asText()).isEqualTo(before);
    }

    @Test
    void aFinalizerHoldsWhatIsDeleted() {
        canary().patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        "{\"metadata\": {\"finalizers\": [\"finalizer.flagger.app\"]}}");

        canary().delete();
        assertThat(tree().at("/metadata").has("deletionTimestamp")).isTrue();
        assertThat(tree().at("/metadata/generation").asInt()).isEqualTo(2);

        canary().patch(
                        PatchContext.of(PatchType.JSON),
                        "[{\"op\": \"replace\", \"path\": \"/metadata/finalizers\", \"value\":"
                                + " []}]");
        assertThat(canary().get()).isNull();
    }

    @Test
    void ourDefinitionsFillInPruneAndRefuse() {
        assertThat(tree().at("/spec/service/gatewayRefs/0/kind").asText()).isEqualTo("Gateway");

        canary().patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\": {\"unheardOf\": 1}}");
        assertThat(tree().at("/spec").has("unheardOf")).isFalse();

        assertThatThrownBy(
                        () ->
                                canary().patch(
                                                PatchContext.of(PatchType.JSON_MERGE),
                                                "{\"spec\": {\"service\": {\"port\": \"http\"}}}"))
                .isInstanceOfSatisfying(
                        KubernetesClientException.class,
                        refused -> assertThat(refused.getCode()).isEqualTo(422));
    }

    @Test
    void aWatchShowsEveryChangeInItsOrderOnceTheDriverMoves() {
        List<String> seen = new ArrayList<>();
        try (var watch =
                ResourceWatch.of(
                        client,
                        ResourceWatch.CANARIES,
                        null,
                        it -> it.getMetadata().getGeneration())) {
            watch.onChange(
                    (before, after) ->
                            seen.add(
                                    (before == null ? "-" : before.value())
                                            + ">"
                                            + (after == null ? "-" : after.value())));
            watch.start();
            assertThat(watch.hasSynced()).isTrue();

            kubectl.patch("canary/podinfo", Json.read("{\"spec\": {\"suspend\": true}}"), false);
            kubectl.delete(new Kubectl.Named(canaries(), "podinfo"));
            assertThat(seen).containsExactly("->1");

            timeline.await(() -> false, Duration.ZERO);
            assertThat(seen).containsExactly("->1", "1>2", "2>-");
        }
    }

    @Test
    void aRouteIsServedInEachVersionOfItsGroup() {
        kubectl.apply(
                """
                apiVersion: gateway.networking.k8s.io/v1beta1
                kind: HTTPRoute
                metadata: {name: podinfo}
                spec: {hostnames: [a.example.com]}
                """);

        String path = "/apis/gateway.networking.k8s.io/%s/namespaces/test/httproutes/podinfo";
        for (String version : List.of("v1", "v1beta1")) {
            var reply = cluster.server().answer("GET", path.formatted(version), Map.of(), "", "");
            assertThat(Json.read(reply.body()).path("apiVersion").asText())
                    .isEqualTo("gateway.networking.k8s.io/" + version);
        }
        assertThat(cluster.server().answer("GET", path.formatted("v9"), Map.of(), "", "").code())
                .isEqualTo(404);
    }

    @Test
    void aServiceKeepsItsAddressAndLetsNobodyChooseAnother() {
        kubectl.apply(
                """
                apiVersion: v1
                kind: Service
                metadata: {name: podinfo}
                spec: {ports: [{port: 80}], sessionAffinity: ClientIP}
                """);
        ObjectNode service =
                Objects.requireNonNull(cluster.objects().find(services(), "test", "podinfo"));

        assertThat(service.at("/spec/clusterIP").asText()).isNotEmpty();
        assertThat(service.at("/spec/ports/0/targetPort").asInt()).isEqualTo(80);
        assertThat(service.at("/spec/sessionAffinityConfig/clientIP/timeoutSeconds").asInt())
                .isEqualTo(10800);
        ((ObjectNode) service.path("spec")).put("clusterIP", "10.9.9.9");
        assertThatThrownBy(() -> cluster.objects().replace(services(), service, false))
                .hasMessageContaining("may not change once set");
    }

    @Test
    void requestsAreToldByVerbAndResource() {
        canary().get();
        client.genericKubernetesResources(ResourceWatch.CANARIES).inAnyNamespace().list();
        kubectl.delete(new Kubectl.Named(canaries(), "podinfo"));
        canary().delete();

        assertThat(requests).containsExactly("get canaries", "list canaries", "delete canaries");
    }

    @Test
    void whatWasAppliedAndIsNoLongerIsTakenAway() {
        kubectl.annotate(List.of("canary/podinfo", "somebody=else"));

        kubectl.apply(CANARY.replace("iterations: 2", "maxWeight: 50, stepWeight: 10"));

        assertThat(tree().at("/spec/analysis").has("iterations")).isFalse();
        assertThat(tree().at("/spec/analysis/maxWeight").asInt()).isEqualTo(50);
        assertThat(tree().at("/metadata/annotations/somebody").asText()).isEqualTo("else");
    }

    private JsonNode tree() {
        return cluster.objects().get(canaries(), "test", "podinfo");
    }

    private static dev.serinus.conformance.cluster.Resource canaries() {
        return dev.serinus.conformance.cluster.Resource.called("canary").orElseThrow();
    }

    private static dev.serinus.conformance.cluster.Resource services() {
        return dev.serinus.conformance.cluster.Resource.called("services").orElseThrow();
    }

    private Resource<GenericKubernetesResource> canary() {
        return client.genericKubernetesResources(ResourceWatch.CANARIES)
                .inNamespace("test")
                .withName("podinfo");
    }

    private Resource<GenericKubernetesResource> canaries(GenericKubernetesResource object) {
        return client.genericKubernetesResources(ResourceWatch.CANARIES)
                .inNamespace("test")
                .resource(object);
    }
}
