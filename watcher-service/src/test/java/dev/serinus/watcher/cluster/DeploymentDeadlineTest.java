package dev.serinus.watcher.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.Serialization;

import org.junit.jupiter.api.Test;

/** Kubernetes gives up on a Deployment after a deadline of its own. */
class DeploymentDeadlineTest {

    private static String passed(int deadline) {
        return Workload.deployment(
                        Serialization.unmarshal(
                                """
                                apiVersion: apps/v1
                                kind: Deployment
                                metadata: {name: podinfo, namespace: test, generation: 2}
                                spec: {replicas: 1, progressDeadlineSeconds: %d, template: {}}
                                status:
                                  observedGeneration: 2
                                  conditions:
                                  - type: Progressing
                                    status: "False"
                                    reason: ProgressDeadlineExceeded
                                    lastUpdateTime: "2026-01-01T00:10:00Z"
                                """
                                        .formatted(deadline),
                                GenericKubernetesResource.class))
                .deadlinePassed();
    }

    @Test
    void oneThatItsAuthorSetCounts() {
        assertThat(passed(1200)).isEqualTo("2026-01-01T00:10:00Z");
    }

    @Test
    void oneThatNobodySetLeavesItToTheCanarys() {
        assertThat(passed(600)).isEmpty();
    }
}
