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
import java.util.List;
import java.util.stream.Stream;

/** The all-in-one on an existing Kafka, without a volume, with rights in one namespace only. */
@OnTestBed
@WithHelm
@InContainers
@Tag("long")
class OneNamespaceInstallationIT {

    @TempDir Path directory;

    @Test
    void promotesAReleaseWithRolesOfThatNamespace(TestBed bed, KubernetesClient admin)
            throws Exception {
        var kubelet = new Kubelet(bed.controlPlane(), admin, directory.resolve("pods"));
        try (var broker = EmbeddedBroker.start(directory.resolve("kafka"), 0)) {
            var release = new Release(bed, "serinus");
            release.install(values(bed, broker));
            try (var pod = kubelet.run(release.pods(1, "").getFirst()).awaitReady()) {
                var shop = new Application(admin, bed.namespace());
                shop.deploy();
                shop.awaitPhase("Initialized");
                shop.release("podinfo:2");
                shop.awaitPromoted("podinfo:2");
                shop.delete();
                assertThat(pod.stop()).isTrue();
            }
            // Without the chart's rights the very same pod says what is missing, and ends.
            var bare = new Release(bed, "bare");
            bare.install(
                    Stream.concat(
                                    values(bed, broker).stream(),
                                    Stream.of("rbac.create=false", "crd.create=false"))
                            .toList());
            try (var pod = kubelet.run(bare.pods(1, "").getFirst())) {
                assertThat(pod.awaitEnd()).contains("the account may not", "canaries.flagger.app");
            }
        }
    }

    private static List<String> values(TestBed bed, EmbeddedBroker broker) {
        return List.of(
                "namespace=" + bed.namespace(),
                "kafka.bootstrapServers=" + broker.bootstrapServers(),
                "persistence.enabled=false",
                "listen.address=127.0.0.1",
                "listen.port=" + FreePort.next(),
                "minInterval=1s",
                "metricsServer=http://127.0.0.1:9");
    }
}
