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

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Five services whose records are written and read by a serializer of others, which an init
 * container puts behind our jars: a release is promoted.
 */
@OnTestBed
@WithHelm
@InContainers
@Tag("nightly")
class ForeignSerializerInstallationIT {

    private static final String IMAGE = "registry.example/serializers:1";
    private static final List<String> SERVICES =
            List.of("analysis", "watcher", "router", "webhook", "notifier");

    @TempDir Path directory;

    @Test
    void promotesARelease(TestBed bed, KubernetesClient admin) throws Exception {
        var release = new Release(bed, "hub");
        var kubelet = new Kubelet(bed.controlPlane(), admin, directory.resolve("pods"));
        Path jars = Files.createDirectories(directory.resolve("jars"));
        ForeignSerializerJar.write(jars, directory);
        kubelet.offer(IMAGE, jars, "/libraries");
        var shop = new Application(admin, bed.namespace());
        release.offerVolume();
        try (var broker = EmbeddedBroker.start(directory.resolve("kafka"), 0)) {
            List<String> values =
                    new ArrayList<>(
                            List.of(
                                    "mode=hub",
                                    "clusterName=production",
                                    "libraries.image=" + IMAGE,
                                    "kafka.properties.value\\.serializer="
                                            + ForeignSerializerJar.SERIALIZER,
                                    "kafka.properties.value\\.deserializer="
                                            + ForeignSerializerJar.DESERIALIZER,
                                    "kafka.bootstrapServers=" + broker.bootstrapServers(),
                                    "kafka.topics.partitions=3",
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
                shop.deploy();
                shop.awaitPhase("Initialized");
                shop.release("podinfo:2");
                shop.awaitPromoted("podinfo:2");
                shop.delete();
                assertThat(shop.targetReplicas()).as("the target serves again").isEqualTo(1);
                release.uninstall();
            } finally {
                pods.forEach(RunningPod::close);
            }
        }
    }
}
