package dev.serinus.installation.pods;

import static org.awaitility.Awaitility.await;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;

import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.util.Map;

/** A small application whose releases somebody wants to be tried first. */
final class Application {

    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private static final String MANIFESTS =
            """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: podinfo, labels: {app: podinfo}}
            spec:
              replicas: 1
              selector: {matchLabels: {app: podinfo}}
              template:
                metadata: {labels: {app: podinfo}}
                spec:
                  containers:
                  - {name: podinfo, image: "podinfo:1", ports: [{name: http, containerPort: 9898}]}
            ---
            apiVersion: flagger.app/v1beta1
            kind: Canary
            metadata: {name: podinfo}
            spec:
              provider: kubernetes
              targetRef: {apiVersion: apps/v1, kind: Deployment, name: podinfo}
              service: {port: 9898, targetPort: http}
              analysis: {interval: 1s, threshold: 2, iterations: 8}
            """;

    private final KubernetesClient client;
    private final String namespace;

    Application(KubernetesClient client, String namespace) {
        this.client = client;
        this.namespace = namespace;
    }

    void deploy() {
        client.load(new ByteArrayInputStream(MANIFESTS.getBytes(UTF_8)))
                .inNamespace(namespace)
                .resources()
                .forEach(resource -> resource.create());
    }

    void release(String image) {
        var _ =
                client.apps()
                        .deployments()
                        .inNamespace(namespace)
                        .withName("podinfo")
                        .patch(
                                PatchContext.of(PatchType.JSON_MERGE),
                                """
                                {"spec":{"template":{"spec":{"containers":[{"name":"podinfo","image":"%s",
                                "ports":[{"name":"http","containerPort":9898}]}]}}}}\
                                """
                                        .formatted(image));
    }

    void awaitPhase(String phase) {
        await("the Canary to be " + phase).atMost(PATIENCE).until(this::phase, phase::equals);
    }

    /** Waits until its users get this image, and the Canary's release is over. */
    void awaitPromoted(String image) {
        await("the primary to run " + image)
                .atMost(PATIENCE)
                .until(this::primaryImage, image::equals);
        awaitPhase("Succeeded");
    }

    void delete() {
        var _ = canary().delete();
        await("the Canary to go").atMost(PATIENCE).until(() -> canary().get() == null);
    }

    /** How many pods of the target there are to be. */
    int targetReplicas() {
        return client.apps()
                .deployments()
                .inNamespace(namespace)
                .withName("podinfo")
                .get()
                .getSpec()
                .getReplicas();
    }

    String phase() {
        GenericKubernetesResource canary = canary().get();
        Map<String, Object> status = canary.get("status");
        return status == null ? "none" : String.valueOf(status.get("phase"));
    }

    private String primaryImage() {
        var primary =
                client.apps()
                        .deployments()
                        .inNamespace(namespace)
                        .withName("podinfo-primary")
                        .get();
        return primary.getSpec().getTemplate().getSpec().getContainers().getFirst().getImage();
    }

    private Resource<GenericKubernetesResource> canary() {
        return client.genericKubernetesResources("flagger.app/v1beta1", "Canary")
                .inNamespace(namespace)
                .withName("podinfo");
    }
}
