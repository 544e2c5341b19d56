package dev.serinus.bench.apiserver;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.serinus.bench.process.MeteredProcess;
import dev.serinus.testbed.ControlPlane;
import dev.serinus.testbed.Definitions;
import dev.serinus.testbed.Unavailable;
import dev.serinus.testbed.User;
import dev.serinus.testbed.binaries.Binaries;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;

import java.io.ByteArrayInputStream;
import java.net.HttpURLConnection;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/**
 * The control plane of the test bed, which ends with this process, and the applications on it. Its
 * pods are ready as soon as the pretended kubelet has seen them.
 */
public final class RealCluster implements AutoCloseable {

    /** Of each canary; the last one ends in its promotion. */
    public static final List<Integer> WEIGHTS = List.of(20, 40, 60);

    private static final String NAMESPACE = "bench";

    private final ControlPlane plane;
    private final KubernetesClient admin;
    private final Duration interval;

    /**
     * @param directory an empty one
     * @param interval of the canaries' analysis
     */
    public RealCluster(Binaries binaries, Path directory, Duration interval) {
        this.interval = interval;
        try {
            plane = ControlPlane.untilThisJvmEnds(binaries, directory, Definitions.PUBLISHED);
        } catch (Unavailable because) {
            throw new IllegalStateException(because.getMessage(), because);
        }
        admin = plane.client(User.ADMIN);
        admin.resource(
                        new NamespaceBuilder()
                                .withNewMetadata()
                                .withName(NAMESPACE)
                                .endMetadata()
                                .build())
                .create();
    }

    /** A kubeconfig with the rights that an installation gives to this edge, and no more. */
    public Path kubeconfig(String edge) {
        return plane.kubeconfig(User.valueOf(edge.toUpperCase(Locale.ROOT)));
    }

    /** Its processes. */
    public List<MeteredProcess> processes() {
        return plane.states().stream()
                .map(state -> MeteredProcess.process(state.part(), state.pid().orElseThrow()))
                .toList();
    }

    /** What the services asked from a time on. */
    public List<Request> requests(Instant from) {
        return AuditLog.read(plane.auditLog(), from);
    }

    /** A Deployment and a Canary of this name. */
    public void create(String name) {
        admin.load(new ByteArrayInputStream(manifest(name).getBytes(UTF_8)))
                .resources()
                .forEach(RealCluster::create);
    }

    private static void create(Resource<? extends HasMetadata> resource) {
        try {
            resource.create();
        } catch (KubernetesClientException refused) {
            // The client asks again by itself when an answer is late, and then it may be there.
            if (refused.getCode() != HttpURLConnection.HTTP_CONFLICT) {
                throw refused;
            }
        }
    }

    /** Gives a Deployment another image. */
    public void release(String name, int version) {
        admin.apps()
                .deployments()
                .inNamespace(NAMESPACE)
                .withName(name)
                .patch(
                        PatchContext.of(PatchType.JSON),
                        """
                        [{"op":"replace","path":"/spec/template/spec/containers/0/image",
                          "value":"app:%d"}]
                        """
                                .formatted(version));
    }

    /** The namespace all of it is in. */
    public String namespace() {
        return NAMESPACE;
    }

    private String manifest(String name) {
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
          provider: istio
          targetRef: {apiVersion: apps/v1, kind: Deployment, name: %2$s}
          service: {port: 9898, targetPort: http}
          analysis:
            interval: %3$dms
            threshold: 2
            stepWeights: %4$s
            metrics:
            - {name: request-success-rate, interval: 1m, thresholdRange: {min: 99}}
        """
                .formatted(NAMESPACE, name, interval.toMillis(), WEIGHTS);
    }

    @Override
    public void close() {
        admin.close();
        plane.down();
    }
}
