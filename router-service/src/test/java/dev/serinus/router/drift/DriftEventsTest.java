package dev.serinus.router.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serinus.router.PretendCluster;
import dev.serinus.schemas.cluster.Kind;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntryBuilder;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

/** Somebody else turns the apex back to the target, time and again. */
class DriftEventsTest {

    private final PretendCluster cluster =
            new PretendCluster().apply("workload.yaml").apply("istio-canary.yaml").withDrift();

    @AfterEach
    void close() {
        cluster.close();
    }

    private String selected() {
        return cluster.get(Kind.SERVICE, "podinfo").at("/spec/selector/app").asText();
    }

    private void turnedBackBy(String manager) {
        cluster.client()
                .genericKubernetesResources(Kind.SERVICE.context())
                .inNamespace(PretendCluster.NAMESPACE)
                .withName("podinfo")
                .edit(
                        service -> {
                            service.getMetadata()
                                    .setManagedFields(
                                            List.of(
                                                    new ManagedFieldsEntryBuilder()
                                                            .withManager(manager)
                                                            .withTime("2026-01-01T00:00:07Z")
                                                            .build()));
                            Map<String, Object> spec = service.get("spec");
                            spec.put("selector", Map.of("app", "podinfo"));
                            return service;
                        });
        await().until(() -> selected().equals("podinfo-primary"));
    }

    private List<GenericKubernetesResource> events() {
        return cluster.client()
                .genericKubernetesResources(Kind.EVENT.context())
                .inNamespace(PretendCluster.NAMESPACE)
                .list()
                .getItems();
    }

    @Test
    void theCanarySaysOnceWhoChangesIt() {
        // Given
        cluster.initialize(1);
        cluster.serve("podinfo-primary");
        cluster.serve("podinfo");
        cluster.takeOver(2);
        cluster.settle();
        // When
        turnedBackBy("dapr");
        turnedBackBy("dapr");
        turnedBackBy("dapr");
        // Then
        await().until(() -> !events().isEmpty());
        assertThat(events())
                .singleElement()
                .satisfies(
                        event -> {
                            assertThat(event.<String>get("type")).isEqualTo("Warning");
                            assertThat(event.<String>get("message"))
                                    .isEqualTo(
                                            "service podinfo.test is changed again and again by"
                                                + " dapr, and put back each time: let only one of"
                                                + " both write its spec");
                            assertThat(event.<String>get("involvedObject", "name"))
                                    .isEqualTo("podinfo");
                        });
    }
}
