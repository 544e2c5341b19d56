package dev.serinus.demo.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.serinus.schemas.canary.Canary;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** What Serinus relies on in an API server. */
class ApiServerTest {

    private ApiServer server;
    private KubernetesClient client;

    @BeforeEach
    void start() {
        server = ApiServer.start();
        client = server.client();
        client.resource(
                        new NamespaceBuilder()
                                .withNewMetadata()
                                .withName("demo")
                                .endMetadata()
                                .build())
                .create();
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    @Test
    void changingTheSpecRaisesTheGenerationAndChangingTheStatusDoesNot() {
        // Given
        Deployment created = client.resource(deployment(1)).create();
        // When
        Deployment scaled = client.resource(created).edit(d -> replicas(d, 3));
        scaled.setStatus(new DeploymentStatusBuilder().withReadyReplicas(3).build());
        Deployment ready = client.resource(scaled).updateStatus();
        // Then
        assertThat(created.getMetadata().getGeneration()).isEqualTo(1);
        assertThat(scaled.getMetadata().getGeneration()).isEqualTo(2);
        assertThat(ready.getMetadata().getGeneration()).isEqualTo(2);
        assertThat(ready.getMetadata().getResourceVersion())
                .isNotEqualTo(scaled.getMetadata().getResourceVersion());
        assertThat(ready.getStatus().getReadyReplicas()).isEqualTo(3);
    }

    @Test
    void writingTheSpecWithAnOldStatusKeepsTheStatus() {
        // Given
        Deployment created = client.resource(deployment(1)).create();
        Deployment reported = new DeploymentBuilder(created).build();
        reported.setStatus(new DeploymentStatusBuilder().withReadyReplicas(1).build());
        reported = client.resource(reported).updateStatus();
        // When
        Deployment written = replicas(created, 2);
        written.getMetadata().setResourceVersion(reported.getMetadata().getResourceVersion());
        written = client.resource(written).update();
        // Then
        assertThat(written.getStatus().getReadyReplicas()).isEqualTo(1);
        assertThat(written.getSpec().getReplicas()).isEqualTo(2);
    }

    @Test
    void anUpdateBasedOnAnOldVersionIsAConflict() {
        // Given
        Deployment old = client.resource(deployment(1)).create();
        client.resource(old).edit(d -> replicas(d, 2));
        // When, Then
        Deployment late = replicas(old, 5);
        assertThatThrownBy(() -> client.resource(late).update())
                .isInstanceOfSatisfying(
                        KubernetesClientException.class,
                        refused -> assertThat(refused.getCode()).isEqualTo(409));
    }

    @Test
    void creatingWhatExistsIsAConflict() {
        client.resource(deployment(1)).create();
        assertThatThrownBy(() -> client.resource(deployment(1)).create())
                .isInstanceOfSatisfying(
                        KubernetesClientException.class,
                        refused -> assertThat(refused.getCode()).isEqualTo(409));
    }

    @Test
    void aMergePatchRemovesNullsAndReplacesLists() {
        // Given
        client.resource(deployment(1)).create();
        // When
        String patch =
                """
                {"metadata": {"annotations": {"note": null, "more": "yes"}},
                 "spec": {"template": {"spec": {"containers": [{"name": "other"}]}}}}\
                """;
        Deployment patched =
                client.apps()
                        .deployments()
                        .inNamespace("demo")
                        .withName("podinfo")
                        .patch(PatchContext.of(PatchType.JSON_MERGE), patch);
        // Then
        assertThat(patched.getMetadata().getAnnotations()).isEqualTo(Map.of("more", "yes"));
        assertThat(patched.getSpec().getTemplate().getSpec().getContainers())
                .extracting("name")
                .containsExactly("other");
        assertThat(patched.getMetadata().getGeneration()).isEqualTo(2);
    }

    @Test
    void aJsonPatchWhoseTestFailsIsRefusedAndChangesNothing() {
        // Given
        client.resource(deployment(1)).create();
        // When
        String patch =
                """
                [{"op": "test", "path": "/spec/replicas", "value": 7},
                 {"op": "replace", "path": "/spec/replicas", "value": 9}]\
                """;
        var podinfo = client.apps().deployments().inNamespace("demo").withName("podinfo");
        // Then
        assertThatThrownBy(() -> podinfo.patch(PatchContext.of(PatchType.JSON), patch))
                .isInstanceOfSatisfying(
                        KubernetesClientException.class,
                        refused -> assertThat(refused.getCode()).isEqualTo(422));
        assertThat(podinfo.get().getSpec().getReplicas()).isEqualTo(1);
    }

    @Test
    void anInformerSeesEachChange() {
        // Given
        List<String> seen = new CopyOnWriteArrayList<>();
        client.apps()
                .deployments()
                .inAnyNamespace()
                .inform(
                        new ResourceEventHandler<>() {
                            @Override
                            public void onAdd(Deployment added) {
                                seen.add("added " + added.getSpec().getReplicas());
                            }

                            @Override
                            public void onUpdate(Deployment before, Deployment after) {
                                seen.add("updated " + after.getSpec().getReplicas());
                            }

                            @Override
                            public void onDelete(Deployment gone, boolean unknown) {
                                seen.add("deleted");
                            }
                        });
        // When
        Deployment created = client.resource(deployment(1)).create();
        client.resource(created).edit(d -> replicas(d, 2));
        client.resource(created).delete();
        // Then
        await().untilAsserted(
                        () -> assertThat(seen).containsExactly("added 1", "updated 2", "deleted"));
    }

    @Test
    void aFinalizerKeepsWhatIsDeletedUntilItIsTakenOff() {
        // Given
        Deployment guarded = deployment(1);
        guarded.getMetadata().setFinalizers(List.of("finalizer.flagger.app"));
        client.resource(guarded).create();
        var podinfo = client.apps().deployments().inNamespace("demo").withName("podinfo");
        // When
        podinfo.delete();
        // Then
        assertThat(podinfo.get().getMetadata().getDeletionTimestamp()).isNotNull();
        podinfo.edit(
                d -> {
                    d.getMetadata().setFinalizers(List.of());
                    return d;
                });
        assertThat(podinfo.get()).isNull();
    }

    @Test
    void whatIsCreatedAgainIsAnotherObject() {
        // Given
        Deployment first = client.resource(deployment(1)).create();
        var podinfo = client.apps().deployments().inNamespace("demo").withName("podinfo");
        assertThat(podinfo.get().getMetadata().getUid()).isEqualTo(first.getMetadata().getUid());
        // When
        podinfo.delete();
        Deployment second = client.resource(deployment(1)).create();
        // Then
        assertThat(second.getMetadata().getUid())
                .isNotEqualTo(first.getMetadata().getUid())
                .doesNotStartWith("00000000");
    }

    @Test
    void anUnknownCanaryIsNotFound() {
        assertThat(client.resources(Canary.class).inNamespace("demo").withName("none").get())
                .isNull();
    }

    private static Deployment replicas(Deployment before, int replicas) {
        return new DeploymentBuilder(before).editSpec().withReplicas(replicas).endSpec().build();
    }

    private static Deployment deployment(int replicas) {
        return new DeploymentBuilder()
                .withNewMetadata()
                .withNamespace("demo")
                .withName("podinfo")
                .addToAnnotations("note", "first")
                .endMetadata()
                .withNewSpec()
                .withReplicas(replicas)
                .withNewSelector()
                .addToMatchLabels("app", "podinfo")
                .endSelector()
                .withNewTemplate()
                .withNewMetadata()
                .addToLabels("app", "podinfo")
                .endMetadata()
                .withNewSpec()
                .addNewContainer()
                .withName("podinfo")
                .withImage("podinfo:1.0.0")
                .endContainer()
                .endSpec()
                .endTemplate()
                .endSpec()
                .build();
    }
}
