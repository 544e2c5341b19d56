package dev.serinus.installation.pods;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serinus.broker.EmbeddedBroker;
import dev.serinus.broker.FreePort;
import dev.serinus.installation.chart.WithHelm;
import dev.serinus.testbed.junit.OnTestBed;
import dev.serinus.testbed.junit.TestBed;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The four services of one more cluster, whose releases the analysis of a hub elsewhere decides.
 */
@OnTestBed
@WithHelm
@InContainers
@Tag("long")
class EdgeInstallationIT {

    private static final List<String> SERVICES =
            List.of("watcher", "router", "webhook", "notifier");

    @TempDir Path directory;

    @Test
    void promotesAReleaseThatTheHubDecides(TestBed bed, KubernetesClient admin) throws Exception {
        var hub = new Release(bed, "hub");
        var edge = new Release(bed, "edge");
        var kubelet = new Kubelet(bed.controlPlane(), admin, directory.resolve("pods"));
        var shop = new Application(admin, bed.namespace());
        List<RunningPod> pods = new ArrayList<>();
        try (var broker = EmbeddedBroker.start(directory.resolve("kafka"), 0)) {
            List<String> both =
                    List.of(
                            "kafka.bootstrapServers=" + broker.bootstrapServers(),
                            "kafka.topics.partitions=3",
                            "persistence.enabled=false",
                            "listen.address=127.0.0.1",
                            "minInterval=1s",
                            "metricsServer=http://127.0.0.1:9");
            int api = FreePort.next();
            hub.install(
                    with(
                            both,
                            "mode=hub",
                            "clusterName=production",
                            "services.analysis.port=" + api));
            // Of the hub the analysis alone: this API server is the edge's cluster.
            Pod analysis =
                    hub.pods(5, "").stream()
                            .filter(
                                    pod ->
                                            pod.getMetadata()
                                                    .getName()
                                                    .startsWith("hub-serinus-analysis"))
                            .findFirst()
                            .orElseThrow();
            try {
                var decides = kubelet.run(analysis).awaitReady();
                pods.add(decides);
                edge.install(
                        with(
                                both,
                                Stream.concat(
                                                Stream.of(
                                                        "mode=edge",
                                                        "clusterName=shop-eu",
                                                        "crd.create=false"),
                                                SERVICES.stream()
                                                        .map(
                                                                each ->
                                                                        "services.%s.port=%d"
                                                                                .formatted(
                                                                                        each,
                                                                                        FreePort
                                                                                                .next())))
                                        .toArray(String[]::new)));
                List<RunningPod> four = kubelet.runAll(edge.pods(SERVICES.size(), ""));
                pods.addAll(four);
                four.forEach(RunningPod::awaitReady);

                shop.deploy();
                shop.awaitPhase("Initialized");
                shop.release("podinfo:2");
                shop.awaitPromoted("podinfo:2");

                await("the hub to show it")
                        .atMost(Duration.ofSeconds(20))
                        .until(
                                () ->
                                        decides.answer(
                                                        "/api/rollouts/shop-eu/%s/podinfo"
                                                                .formatted(bed.namespace()))
                                                .startsWith("200 "));
                shop.delete();
                assertThat(shop.targetReplicas()).isEqualTo(1);
            } finally {
                pods.forEach(RunningPod::close);
            }
        }
    }

    private static List<String> with(List<String> values, String... more) {
        return Stream.concat(values.stream(), Stream.of(more)).toList();
    }
}
