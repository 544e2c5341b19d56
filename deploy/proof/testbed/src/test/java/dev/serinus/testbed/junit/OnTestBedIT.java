package dev.serinus.testbed.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.serinus.testbed.User;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;

import org.junit.jupiter.api.Test;

import java.nio.file.Files;
import java.time.Duration;
import java.util.Map;

/** The control plane is a real one: it schedules, validates, refuses, collects and records. */
@OnTestBed
class OnTestBedIT {

    private final TestBed bed;
    private final KubernetesClient admin;

    OnTestBedIT(TestBed bed, KubernetesClient admin) {
        this.bed = bed;
        this.admin = admin;
    }

    @Test
    void aDeploymentGetsPodsThatBecomeReady() {
        // When
        var deployment =
                admin.resource(
                                new DeploymentBuilder()
                                        .withNewMetadata()
                                        .withName("podinfo")
                                        .withNamespace(bed.namespace())
                                        .endMetadata()
                                        .withNewSpec()
                                        .withReplicas(2)
                                        .withNewSelector()
                                        .withMatchLabels(Map.of("app", "podinfo"))
                                        .endSelector()
                                        .withNewTemplate()
                                        .withNewMetadata()
                                        .withLabels(Map.of("app", "podinfo"))
                                        .endMetadata()
                                        .withNewSpec()
                                        .addNewContainer()
                                        .withName("podinfo")
                                        .withImage("podinfo:1")
                                        .endContainer()
                                        .endSpec()
                                        .endTemplate()
                                        .endSpec()
                                        .build())
                        .create();
        // Then
        await().atMost(Duration.ofSeconds(60))
                .until(
                        () ->
                                Integer.valueOf(2)
                                        .equals(
                                                admin.resource(deployment)
                                                        .get()
                                                        .getStatus()
                                                        .getAvailableReplicas()));
    }

    @Test
    void publishedSchemasRefuseWhatTheyDoNotAllow() {
        var route =
                """
                apiVersion: gateway.networking.k8s.io/v1
                kind: HTTPRoute
                metadata: {name: wrong, namespace: %s}
                spec: {rules: [{backendRefs: [{name: podinfo, port: 80, weight: -1}]}]}
                """
                        .formatted(bed.namespace());
        assertThatThrownBy(() -> admin.resource(route).create())
                .isInstanceOf(KubernetesClientException.class)
                .hasMessageContaining("weight");
    }

    @Test
    void aServiceMayDoWhatItsRoleSaysAndTheRefusedRestIsInTheAuditLog() throws Exception {
        try (var watcher = bed.client(User.WATCHER)) {
            // When
            var configs = watcher.configMaps().inNamespace(bed.namespace()).list();
            var map =
                    new ConfigMapBuilder()
                            .withNewMetadata()
                            .withName("not-mine")
                            .withNamespace(bed.namespace())
                            .endMetadata()
                            .build();
            // Then
            assertThat(configs.getItems()).isNotNull();
            assertThatThrownBy(() -> watcher.resource(map).create())
                    .isInstanceOf(KubernetesClientException.class)
                    .extracting(refused -> ((KubernetesClientException) refused).getCode())
                    .isEqualTo(403);
        }
        assertThat(Files.readString(bed.controlPlane().auditLog()))
                .contains("\"code\":403")
                .contains(User.WATCHER.username())
                .doesNotContain("\"username\":\"admin\"");
    }

    @Test
    void everyPartSaysThatItWorks() {
        assertThat(bed.controlPlane().states())
                .hasSize(5)
                .allSatisfy(state -> assertThat(state.healthy()).as(state.part()).isTrue());
    }
}
