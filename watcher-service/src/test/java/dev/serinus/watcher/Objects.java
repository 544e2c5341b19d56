package dev.serinus.watcher;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.serinus.schemas.canary.Installation;
import dev.serinus.schemas.cluster.ResourceWatch;
import dev.serinus.schemas.topic.CanaryKey;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.utils.Serialization;

import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Objects of a small cluster: a Canary, its Deployments and what they read. */
public final class Objects {

    public static final String CLUSTER = "lab";
    public static final String NAMESPACE = "test";
    public static final CanaryKey PODINFO = new CanaryKey(CLUSTER, NAMESPACE, "podinfo");

    /** The address, as every secret here, contains the word "classified". */
    public static final String CANARY =
            """
            apiVersion: flagger.app/v1beta1
            kind: Canary
            metadata: {name: podinfo, namespace: test}
            spec:
              targetRef: {apiVersion: apps/v1, kind: Deployment, name: podinfo}
              service: {port: 9898}
              analysis:
                interval: 10s
                threshold: 2
                maxWeight: 30
                stepWeight: 10
                metrics:
                - {name: request-success-rate, interval: 1m, thresholdRange: {min: 99}}
                - {name: request-duration, interval: 30s, thresholdRange: {max: 500}}
                webhooks:
                - name: load
                  type: rollout
                  url: http://classified.example/
                  metadata: {token: classified-metadata}
            """;

    /**
     * The mock server logs each request; held here, since a logger nobody holds forgets its level.
     */
    private static final Logger REQUESTS = Logger.getLogger("io.fabric8.mockwebserver");

    static {
        REQUESTS.setLevel(Level.WARNING);
    }

    private Objects() {}

    /** A cluster named lab with the metrics server at this address. */
    public static Installation installation(String metricsServer) {
        return new Installation(
                CLUSTER,
                null,
                "istio",
                metricsServer,
                Duration.ofSeconds(10),
                List.of("app", "name", "app.kubernetes.io/name"),
                true,
                List.of(),
                false);
    }

    /** Creates or replaces an object given as YAML, and returns what the server made of it. */
    public static HasMetadata apply(KubernetesClient client, String yaml) {
        return client.resource(yaml).createOr(existing -> existing.update());
    }

    /** Creates or replaces a Canary given as YAML. */
    public static GenericKubernetesResource applyCanary(KubernetesClient client, String yaml) {
        return applyCustom(client, ResourceWatch.CANARIES, yaml);
    }

    /** Creates or replaces an object of another kind that the client does not know. */
    public static GenericKubernetesResource applyCustom(
            KubernetesClient client, ResourceDefinitionContext kind, String yaml) {
        var object = Serialization.unmarshal(yaml, GenericKubernetesResource.class);
        return client.genericKubernetesResources(kind)
                .inNamespace(object.getMetadata().getNamespace())
                .resource(object)
                .createOr(existing -> existing.update());
    }

    /** Creates or replaces a Secret with this text. */
    public static void secret(
            KubernetesClient client, String namespace, String name, String key, String text) {
        apply(
                client,
                """
                apiVersion: v1
                kind: Secret
                metadata: {name: %s, namespace: %s}
                data: {%s: %s}
                """
                        .formatted(
                                name,
                                namespace,
                                key,
                                Base64.getEncoder().encodeToString(text.getBytes(UTF_8))));
    }

    /** The Canary podinfo. */
    public static Resource<GenericKubernetesResource> canary(KubernetesClient client) {
        return client.genericKubernetesResources(ResourceWatch.CANARIES)
                .inNamespace(NAMESPACE)
                .withName("podinfo");
    }

    /** Changes the status of the Canary podinfo, as somebody else would. */
    public static void patchStatus(KubernetesClient client, String json) {
        canary(client).subresource("status").patch(PatchContext.of(PatchType.JSON_MERGE), json);
    }

    /** A Deployment with all pods of this image ready. */
    public static String deployment(String name, int replicas, String image, String annotations) {
        return """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: %s, namespace: test, annotations: {%s}}
        spec:
          replicas: %d
          selector: {matchLabels: {app: %s}}
          template:
            metadata: {labels: {app: %s}}
            spec:
              containers: [{name: podinfod, image: "%s", envFrom: [{configMapRef: {name: podinfo-config}}]}]
        status: {observedGeneration: 100, replicas: %d, updatedReplicas: %d, availableReplicas: %d}
        """
                .formatted(
                        name,
                        annotations,
                        replicas,
                        name,
                        name,
                        image,
                        replicas,
                        replicas,
                        replicas);
    }
}
