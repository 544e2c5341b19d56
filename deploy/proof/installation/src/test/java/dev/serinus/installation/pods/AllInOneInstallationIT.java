package dev.serinus.installation.pods;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;

import dev.serinus.broker.FreePort;
import dev.serinus.installation.chart.WithHelm;
import dev.serinus.testbed.junit.OnTestBed;
import dev.serinus.testbed.junit.TestBed;

import io.fabric8.kubernetes.client.KubernetesClient;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The chart with its default, installed by Helm on a real API server, its pod run with what the
 * pod's specification says: a release is promoted, and another in whose middle Serinus is upgraded.
 */
@OnTestBed
@WithHelm
@InContainers
@Tag("long")
class AllInOneInstallationIT {

    private static final String NAME = "serinus";
    private static final long MEBIBYTE = 1 << 20;

    @TempDir Path directory;

    @Test
    void promotesAReleaseAndTheNextThroughAnUpgradeOfItsOwn(TestBed bed, KubernetesClient admin)
            throws Exception {
        var release = new Release(bed, NAME);
        var kubelet = new Kubelet(bed.controlPlane(), admin, directory);
        var shop = new Application(admin, bed.namespace());
        release.offerVolume();
        List<String> values =
                new ArrayList<>(
                        List.of(
                                "listen.address=127.0.0.1",
                                "listen.port=" + FreePort.next(),
                                "minInterval=1s",
                                "persistence.storageClass=" + bed.namespace(),
                                // Not asked; it is told where it may be read by none.
                                "metricsServer=http://reader:secret@127.0.0.1:9"));

        Instant began = Instant.now();
        Map<String, Long> seconds = new LinkedHashMap<>();
        assertThat(release.install(values)).contains("STATUS: deployed", "rollout status");
        seconds.put("installed", secondsSince(began));

        String path = "/api/rollouts/local/%s/podinfo".formatted(bed.namespace());
        String formerPod;
        int formerRun;
        try (var pod = kubelet.run(release.pods(1, "").getFirst()).awaitReady()) {
            if (ContainerProcess.isRoot()) {
                assertThat(pod.process().identity())
                        .contains("Uid: 10001 10001 10001 10001")
                        .contains("CapEff: 0000000000000000")
                        .contains("CapBnd: 0000000000000000")
                        .contains("NoNewPrivs: 1");
            }
            assertThat(pod.process().heapLimit()).as("of the image").isEqualTo(256 * MEBIBYTE);
            seconds.put("ready", secondsSince(began));
            shop.deploy();
            shop.awaitPhase("Initialized");
            seconds.put("the Canary initialized", secondsSince(began));
            shop.release("podinfo:2");
            shop.awaitPromoted("podinfo:2");
            seconds.put("the first release promoted, after 8 checks", secondsSince(began));
            System.out.println("seconds from helm install: " + seconds);
            formerRun = run(pod.answer(path));

            shop.release("podinfo:3");
            shop.awaitPhase("Progressing");
            assertThat(pod.process().residentBytes()).isLessThan(pod.memoryLimit());
            assertThat(pod.stop()).as("ends within its grace period").isTrue();
            formerPod = pod.uid();
        }
        assertThat(shop.phase()).as("nobody is there to go on").isEqualTo("Progressing");

        values.addAll(
                List.of("logLevel=debug", "javaOptions=-Xmx320m", "resources.limits.memory=900Mi"));
        release.upgrade(values);

        try (var pod = kubelet.run(release.pods(1, formerPod).getFirst()).awaitReady()) {
            assertThat(pod.process().heapLimit())
                    .as("javaOptions go before what the image says")
                    .isEqualTo(320 * MEBIBYTE);
            shop.awaitPromoted("podinfo:3");
            assertThat(run(pod.answer(path)))
                    .as("the run that was under way went on, and no other began")
                    .isEqualTo(formerRun + 1);
            shop.delete();
            assertThat(shop.targetReplicas()).as("the target serves again").isEqualTo(1);

            release.uninstall();
            assertThat(pod.stop()).isTrue();
        }
        assertThat(admin.apps().statefulSets().inNamespace(bed.namespace()).list().getItems())
                .isEmpty();
        assertThat(admin.secrets().inNamespace(bed.namespace()).list().getItems()).isEmpty();
        assertThat(
                        admin.apiextensions()
                                .v1()
                                .customResourceDefinitions()
                                .withName("canaries.flagger.app")
                                .get())
                .isNotNull();
        assertThat(admin.persistentVolumeClaims().inNamespace(bed.namespace()).list().getItems())
                .as("what is remembered is not thrown away")
                .hasSize(1);
    }

    private static long secondsSince(Instant began) {
        return Duration.between(began, Instant.now()).toSeconds();
    }

    private static int run(String answer) throws IOException {
        return new ObjectMapper()
                .readTree(answer.substring(answer.indexOf('{')))
                .at("/rollout/run")
                .asInt();
    }
}
