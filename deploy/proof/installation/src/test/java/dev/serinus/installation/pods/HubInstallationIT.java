package dev.serinus.installation.pods;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.broker.EmbeddedBroker;
import dev.serinus.broker.FreePort;
import dev.serinus.installation.chart.WithHelm;
import dev.serinus.testbed.junit.OnTestBed;
import dev.serinus.testbed.junit.TestBed;

import io.fabric8.kubernetes.client.KubernetesClient;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Five services around a Kafka of somebody else's, each with its own account and started in no
 * order: a release is promoted.
 */
@OnTestBed
@WithHelm
@InContainers
@Tag("long")
class HubInstallationIT {

    private static final List<String> SERVICES =
            List.of("analysis", "watcher", "router", "webhook", "notifier");

    private static final long MEBIBYTE = 1 << 20;

    @TempDir Path directory;

    @Test
    void promotesARelease(TestBed bed, KubernetesClient admin) throws Exception {
        var release = new Release(bed, "hub");
        var kubelet = new Kubelet(bed.controlPlane(), admin, directory.resolve("pods"));
        var shop = new Application(admin, bed.namespace());
        release.offerVolume();
        try (var broker = EmbeddedBroker.start(directory.resolve("kafka"), 0)) {
            List<String> values =
                    new ArrayList<>(
                            List.of(
                                    "mode=hub",
                                    "clusterName=production",
                                    "kafka.bootstrapServers=" + broker.bootstrapServers(),
                                    "kafka.topics.partitions=3",
                                    "kafka.secretProperties.client\\.id=serinus",
                                    "javaOptions=-Xmx200m",
                                    "services.router.javaOptions=-Xmx160m",
                                    "listen.address=127.0.0.1",
                                    "minInterval=1s",
                                    "persistence.storageClass=" + bed.namespace(),
                                    "metricsServer=http://127.0.0.1:9"));
            SERVICES.forEach(
                    service ->
                            values.add("services.%s.port=%d".formatted(service, FreePort.next())));
            release.install(values);

            List<RunningPod> pods = kubelet.runAll(release.pods(SERVICES.size(), ""));
            try {
                pods.forEach(RunningPod::awaitReady);
                for (RunningPod pod : pods) {
                    assertThat(pod.process().heapLimit())
                            .as("javaOptions of %s, else those of all", pod.component())
                            .isEqualTo((pod.component().equals("router") ? 160 : 200) * MEBIBYTE);
                }
                shop.deploy();
                shop.awaitPhase("Initialized");
                shop.release("podinfo:2");
                shop.awaitPromoted("podinfo:2");
                for (RunningPod pod : pods) {
                    assertThat(pod.process().residentBytes()).isLessThan(pod.memoryLimit());
                }
                shop.delete();
                assertThat(shop.targetReplicas()).as("the target serves again").isEqualTo(1);
                release.uninstall();
                for (RunningPod pod : pods) {
                    assertThat(pod.stop()).as("ends within its grace period").isTrue();
                }
            } finally {
                pods.forEach(RunningPod::close);
            }
        }
    }
}
