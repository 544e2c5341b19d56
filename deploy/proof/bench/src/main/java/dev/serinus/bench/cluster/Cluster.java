package dev.serinus.bench.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.serinus.demo.cluster.ApiServer;
import dev.serinus.demo.cluster.Kubelet;
import dev.serinus.demo.cluster.Pods;
import dev.serinus.demo.measure.Samples;
import dev.serinus.schemas.crd.Crds;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/**
 * The embedded API server in this process, pods that become ready within a fifth of a second, and a
 * Prometheus to which everything is fine.
 */
public final class Cluster implements AutoCloseable {

    private static final String NAMESPACE = "bench";

    private final ApiServer apiServer = ApiServer.start();
    private final KubernetesClient user = apiServer.client();
    private final Kubelet kubelet;
    private final FinePrometheus provider = new FinePrometheus(_ -> {});

    public Cluster() {
        Crds.all().forEach(definition -> user.resource(definition).create());
        load(
                """
                apiVersion: gateway.networking.k8s.io/v1
                kind: Gateway
                metadata: {name: gateway, namespace: %s}
                """
                        .formatted(NAMESPACE));
        kubelet =
                Kubelet.start(
                        user,
                        new Pods(),
                        new Samples(),
                        Duration.ofMillis(200),
                        new SplittableRandom(1));
    }

    /** Where its Prometheus is. */
    public String metricsServer() {
        return provider.url();
    }

    /** A kubeconfig for it, in this directory. */
    public Path kubeconfig(Path directory) {
        try {
            Files.createDirectories(directory);
            return Files.writeString(
                    directory.resolve("kubeconfig"),
                    """
                    apiVersion: v1
                    kind: Config
                    clusters: [{name: bench, cluster: {server: "%s"}}]
                    contexts: [{name: bench, context: {cluster: bench, user: bench}}]
                    users: [{name: bench, user: {}}]
                    current-context: bench
                    """
                            .formatted(apiServer.url()));
        } catch (IOException cannot) {
            throw new UncheckedIOException(cannot);
        }
    }

    /** A Deployment and a Canary of this name; the canary takes steps of 25 to 75. */
    public void create(String name) {
        load(manifest(name));
    }

    private void load(String manifests) {
        user.load(new ByteArrayInputStream(manifests.getBytes(UTF_8)))
                .resources()
                .forEach(resource -> resource.create());
    }

    /** Gives a Deployment another image. */
    public void release(String name, int version) {
        user.apps()
                .deployments()
                .inNamespace(NAMESPACE)
                .withName(name)
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        """
                        {"spec":{"template":{"spec":{"containers":[{"name":"app","image":"app:%d",
                        "ports":[{"name":"http","containerPort":9898}]}]}}}}\
                        """
                                .formatted(version));
    }

    /** Waits until the primary of a canary is there and has this version. */
    public void awaitPrimary(String name, int version, Duration patience) {
        String image = "app:" + version;
        user.apps()
                .deployments()
                .inNamespace(NAMESPACE)
                .withName(name + "-primary")
                .waitUntilCondition(
                        primary ->
                                primary != null
                                        && primary.getSpec()
                                                .getTemplate()
                                                .getSpec()
                                                .getContainers()
                                                .getFirst()
                                                .getImage()
                                                .equals(image),
                        patience.toSeconds(),
                        TimeUnit.SECONDS);
    }

    /** The namespace all of it is in. */
    public String namespace() {
        return NAMESPACE;
    }

    private static String manifest(String name) {
        return """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: %2$s, namespace: %1$s, labels: {app: %2$s}}
        spec:
          replicas: 1
          selector: {matchLabels: {app: %2$s}}
          template:
            metadata: {labels: {app: %2$s}}
            spec:
              containers:
              - {name: app, image: "app:0", ports: [{name: http, containerPort: 9898}]}
        ---
        apiVersion: flagger.app/v1beta1
        kind: Canary
        metadata: {name: %2$s, namespace: %1$s}
        spec:
          provider: gatewayapi:v1
          targetRef: {apiVersion: apps/v1, kind: Deployment, name: %2$s}
          service:
            port: 9898
            targetPort: http
            gatewayRefs: [{name: gateway, namespace: %1$s}]
          analysis:
            interval: 2s
            threshold: 2
            stepWeight: 25
            maxWeight: 75
            metrics:
            - {name: request-success-rate, interval: 1m, thresholdRange: {min: 99}}
            - {name: request-duration, interval: 1m, thresholdRange: {max: 500}}
        """
                .formatted(NAMESPACE, name);
    }

    @Override
    public void close() {
        provider.close();
        kubelet.close();
        user.close();
        apiServer.close();
    }
}
