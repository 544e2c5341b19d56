package dev.serinus.installation.pods;

import static org.awaitility.Awaitility.await;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.serinus.demo.cluster.PodHosting;
import dev.serinus.demo.cluster.PodServers;
import dev.serinus.demo.cluster.Pods;
import dev.serinus.demo.measure.MetricsEndpoint;
import dev.serinus.demo.measure.Samples;
import dev.serinus.demo.traffic.AnswerCounts;
import dev.serinus.demo.traffic.Gateway;
import dev.serinus.demo.traffic.LoadGenerator;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayInputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * The demo's application, with a server for each of its pods, users who ask it all the time through
 * a gateway that obeys the route, and a Prometheus that counts them.
 */
final class ServedApplication implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int USERS_PER_SECOND = 50;

    private static final String MANIFESTS =
            """
            apiVersion: gateway.networking.k8s.io/v1
            kind: Gateway
            metadata: {name: gateway}
            spec:
              gatewayClassName: demo
              listeners: [{name: http, protocol: HTTP, port: 80}]
            ---
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: podinfo, labels: {app: podinfo}}
            spec:
              replicas: 2
              selector: {matchLabels: {app: podinfo}}
              template:
                metadata: {labels: {app: podinfo}}
                spec:
                  containers:
                  - {name: podinfo, image: "podinfo:1", ports: [{name: http, containerPort: 9898}]}
            ---
            apiVersion: flagger.app/v1beta1
            kind: AlertProvider
            metadata: {name: chat}
            spec: {type: slack, channel: releases, address: "OUTSIDE/chat"}
            ---
            apiVersion: flagger.app/v1beta1
            kind: Canary
            metadata: {name: podinfo}
            spec:
              provider: gatewayapi:v1
              targetRef: {apiVersion: apps/v1, kind: Deployment, name: podinfo}
              service:
                port: 9898
                targetPort: http
                hosts: [podinfo.example]
                gatewayRefs: [{name: gateway}]
              analysis:
                interval: 2s
                threshold: 5
                stepWeight: 20
                maxWeight: 60
                metrics:
                - {name: request-success-rate, interval: 5s, thresholdRange: {min: 99}}
                webhooks:
                - {name: gate, type: confirm-promotion, url: "OUTSIDE/gate"}
                alerts:
                - {name: chat, severity: info, providerRef: {name: chat}}
            """;

    private final KubernetesClient client;
    private final String namespace;
    private final Outside outside;
    private final AnswerCounts answers = new AnswerCounts();
    private final MetricsEndpoint prometheus;
    private final PodServers servers;
    private final Gateway gateway;
    private final Application application;
    private @Nullable LoadGenerator users;

    ServedApplication(KubernetesClient client, String namespace, Outside outside) {
        this.client = client;
        this.namespace = namespace;
        this.outside = outside;
        var samples = new Samples();
        var pods = new Pods();
        prometheus = MetricsEndpoint.start(samples);
        servers =
                new PodServers(
                        client,
                        new InNamespace(namespace),
                        pods,
                        samples,
                        new SplittableRandom(15));
        gateway = Gateway.start(client, namespace, pods);
        application = new Application(client, namespace);
    }

    /** On any loopback port, for the application's pods alone. */
    private record InNamespace(String namespace) implements PodHosting {
        @Override
        public Optional<InetSocketAddress> place(Pod pod) {
            var metadata = pod.getMetadata();
            return metadata.getNamespace().equals(namespace)
                            && metadata.getName().startsWith("podinfo")
                    ? Optional.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                    : Optional.empty();
        }

        @Override
        public Duration pause() {
            return Duration.ofSeconds(1);
        }
    }

    /** What {@code metricsServer} is to be. */
    String metricsServer() {
        return prometheus.url();
    }

    /** Puts it into Serinus' care, and then lets the users in. */
    void deploy() {
        client.load(
                        new ByteArrayInputStream(
                                MANIFESTS.replace("OUTSIDE", outside.address()).getBytes(UTF_8)))
                .inNamespace(namespace)
                .resources()
                .forEach(resource -> resource.create());
        application.awaitPhase("Initialized");
        await("the route to serve the primary")
                .atMost(PATIENCE)
                .until(() -> gateway.weights().getOrDefault("podinfo-primary", 0) == 100);
        users =
                LoadGenerator.start(
                        gateway.address(), gateway.headers(), USERS_PER_SECOND, answers);
    }

    /** Releases a version whose promotion waits for the gate; returns when some users have it. */
    void release(int version) {
        outside.openTheGate(false);
        application.release("podinfo:" + version);
        await("a first share of version " + version)
                .atMost(PATIENCE)
                .until(() -> gateway.weights().getOrDefault("podinfo-canary", 0) > 0);
    }

    /** Opens the gate; returns when all users have this version. */
    void awaitPromoted(int version) {
        outside.openTheGate(true);
        application.awaitPromoted("podinfo:" + version);
    }

    String phase() {
        return application.phase();
    }

    void delete() {
        application.delete();
    }

    AnswerCounts answers() {
        return answers;
    }

    @Override
    public void close() {
        if (users != null) {
            users.close();
        }
        gateway.close();
        servers.close();
        prometheus.close();
    }
}
