package dev.serinus.demo.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serinus.demo.measure.Samples;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;

class KubeletTest {

    /** Serinus would else hold a good release: "the primary does not serve". */
    @Test
    void aRollingUpdateNeverShowsThatNobodyServes() {
        var available = new CopyOnWriteArrayList<Integer>();
        try (var server = ApiServer.start();
                var client = server.client();
                var _ =
                        Kubelet.start(
                                client,
                                new Pods(),
                                new Samples(),
                                Duration.ofMillis(50),
                                new SplittableRandom(1))) {
            client.resource(deployment("podinfo:1.0.0")).create();
            await().until(() -> isComplete(client, 1));
            try (var _ = client.apps().deployments().inNamespace("demo").watch(noting(available))) {
                // When
                client.apps()
                        .deployments()
                        .inNamespace("demo")
                        .withName("podinfo")
                        .edit(
                                before ->
                                        new DeploymentBuilder(before)
                                                .withSpec(deployment("podinfo:2.0.0").getSpec())
                                                .build());
                // Then
                await().until(() -> isComplete(client, 2));
            }
        }
        assertThat(available).isNotEmpty().allMatch(count -> count >= 2);
    }

    private static boolean isComplete(KubernetesClient client, long generation) {
        var status =
                client.apps()
                        .deployments()
                        .inNamespace("demo")
                        .withName("podinfo")
                        .get()
                        .getStatus();
        return status != null
                && Long.valueOf(generation).equals(status.getObservedGeneration())
                && Integer.valueOf(2).equals(status.getReplicas())
                && Integer.valueOf(2).equals(status.getUpdatedReplicas())
                && Integer.valueOf(2).equals(status.getAvailableReplicas());
    }

    private static Watcher<Deployment> noting(List<Integer> available) {
        return new Watcher<>() {
            @Override
            public void eventReceived(Action action, Deployment seen) {
                available.add(seen.getStatus().getAvailableReplicas());
            }

            @Override
            public void onClose(WatcherException cause) {
                // The test closes it.
            }
        };
    }

    private static Deployment deployment(String image) {
        return new DeploymentBuilder()
                .withNewMetadata()
                .withName("podinfo")
                .withNamespace("demo")
                .endMetadata()
                .withNewSpec()
                .withReplicas(2)
                .withNewSelector()
                .withMatchLabels(Map.of("app", "podinfo"))
                .endSelector()
                .withNewTemplate()
                .withNewMetadata()
                .withLabels(Map.of("app", "podinfo"))
                .endMetadata()
                .withNewSpec()
                .addNewContainer()
                .withName("podinfo")
                .withImage(image)
                .endContainer()
                .endSpec()
                .endTemplate()
                .endSpec()
                .build();
    }
}
