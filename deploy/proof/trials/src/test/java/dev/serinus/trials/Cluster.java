package dev.serinus.trials;

import com.sun.net.httpserver.HttpServer;

import dev.serinus.demo.cluster.ApiServer;
import dev.serinus.demo.cluster.Kubelet;
import dev.serinus.demo.cluster.Pods;
import dev.serinus.demo.measure.Samples;
import dev.serinus.schemas.crd.Crds;

import io.fabric8.kubernetes.client.KubernetesClient;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A cluster for trials: the embedded API server, pods that become ready, providers that answer what
 * they are told to.
 */
final class Cluster implements TestEnvironment {

    final ApiServer apiServer = ApiServer.start();
    final KubernetesClient user = apiServer.client();

    /** Queries that a canary's analysis asks for. */
    final AtomicInteger queries = new AtomicInteger();

    /** Looks whether Prometheus answers, which an installation takes now and then. */
    final AtomicInteger checks = new AtomicInteger();

    private final Kubelet kubelet;
    private final HttpServer provider;
    private volatile String value = "100";

    Cluster() {
        Crds.all().forEach(definition -> user.resource(definition).create());
        kubelet =
                Kubelet.start(
                        user,
                        new Pods(),
                        new Samples(),
                        Duration.ofMillis(200),
                        new SplittableRandom(1));
        try {
            provider =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException noPort) {
            throw new UncheckedIOException(noPort);
        }
        provider.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        provider.createContext(
                "/api/v1/query",
                exchange -> {
                    boolean check = exchange.getRequestURI().getQuery().contains("vector(1)");
                    (check ? checks : queries).incrementAndGet();
                    byte[] body =
                            ("{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[{\"metric\":{},"
                                 + "\"value\":[0,\""
                                            + (check ? "1" : value)
                                            + "\"]}]}}")
                                    .getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(200, body.length);
                    exchange.getResponseBody().write(body);
                    exchange.close();
                });
        provider.start();
    }

    /** Where its Prometheus is. */
    @Override
    public String metricsServer() {
        return "http://127.0.0.1:" + provider.getAddress().getPort();
    }

    /** What its Prometheus answers from now on. */
    void measures(String number) {
        value = number;
    }

    /** A kubeconfig for it. */
    @Override
    public Path kubeconfig(Path directory, String service) {
        try {
            Files.createDirectories(directory);
            return Files.writeString(
                    directory.resolve("kubeconfig"),
                    """
                    apiVersion: v1
                    kind: Config
                    clusters: [{name: trial, cluster: {server: "%s"}}]
                    contexts: [{name: trial, context: {cluster: trial, user: trial}}]
                    users: [{name: trial, user: {}}]
                    current-context: trial
                    """
                            .formatted(apiServer.url()));
        } catch (IOException cannot) {
            throw new UncheckedIOException(cannot);
        }
    }

    @Override
    public KubernetesClient user() {
        return user;
    }

    @Override
    public void close() {
        provider.stop(0);
        kubelet.close();
        user.close();
        apiServer.close();
    }
}
