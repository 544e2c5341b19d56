package dev.serinus.bench.apiserver;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;

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
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/**
 * The control plane of the test bed, which ends with this process, and the applications on it. Its
 * pods are ready as soon as the pretended kubelet has seen them.
 */
public final class RealCluster implements AutoCloseable {

    /** Of each canary; the last one ends in its promotion. */
    public static final List<Integer> WEIGHTS = List.of(20, 40, 60);

    /** A builtin metric with the range that it must stay in. */
    public enum Metric {
        SUCCESS_RATE("request-success-rate", "{min: 99}"),
        DURATION("request-duration", "{max: 500}");

        private final String name;
        private final String range;

        Metric(String name, String range) {
            this.name = name;
            this.range = range;
        }

        private String yaml() {
            return "    - {name: %s, interval: 1m, thresholdRange: %s}\n".formatted(name, range);
        }
    }

    private static final String NAMESPACE = "bench";

    /** More at once than two cores can answer in time would measure the client's own retries. */
    private static final int AT_ONCE = 16;

    private final ControlPlane plane;
    private final KubernetesClient admin;
    private final Duration interval;
    private final List<Metric> metrics;

    /**
     * @param directory an empty one
     * @param interval of the canaries' analysis
     * @param metrics that each canary is judged by
     */
    public RealCluster(Binaries binaries, Path directory, Duration interval, List<Metric> metrics) {
        this.interval = interval;
        this.metrics = List.copyOf(metrics);
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

    public List<MeteredProcess> processes() {
        return plane.states().stream()
                .map(state -> MeteredProcess.process(state.part(), state.pid().orElseThrow()))
                .toList();
    }

    /** What the services asked from a time on. */
    public List<Request> requests(Instant from) {
        return AuditLog.read(plane.auditLog(), from);
    }

    /** A Deployment and a Canary of each of these names, as many at once as can be answered. */
    public void createAll(List<String> names) throws InterruptedException {
        forAll(names, this::create);
    }

    /** Gives each of these Deployments another image, as many at once as can be answered. */
    public void releaseAll(List<String> names, int version) throws InterruptedException {
        forAll(names, name -> release(name, version));
    }

    private static void forAll(List<String> names, Consumer<String> act)
            throws InterruptedException {
        try (var threads = Executors.newFixedThreadPool(AT_ONCE, Thread.ofVirtual().factory())) {
            List<Future<?>> all = new ArrayList<>();
            names.forEach(name -> all.add(threads.submit(() -> act.accept(name))));
            for (Future<?> each : all) {
                each.get();
            }
        } catch (ExecutionException refused) {
            Throwable cause = Objects.requireNonNullElse(refused.getCause(), refused);
            throw new IllegalStateException(
                    "the API server refuses the bench: " + cause.getMessage(), refused);
        }
    }

    private void create(String name) {
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

    private void release(String name, int version) {
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

    /** Follows the phases of its Canaries; whoever asks for it closes it. */
    public CanaryPhases phases() {
        return new CanaryPhases(plane.client(User.ADMIN), NAMESPACE);
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
        %5$s\
        """
                .formatted(
                        NAMESPACE,
                        name,
                        interval.toMillis(),
                        WEIGHTS,
                        metrics.stream().map(Metric::yaml).collect(joining()));
    }

    @Override
    public void close() {
        admin.close();
        plane.down();
    }
}
