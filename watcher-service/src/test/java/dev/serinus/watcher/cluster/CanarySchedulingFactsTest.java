package dev.serinus.watcher.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.schemas.canary.CanaryScheduling;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.Serialization;

import org.junit.jupiter.api.Test;

/** Where the canary's pods alone run is no release. */
class CanarySchedulingFactsTest {

    private static final ObjectNode DEPLOYMENT =
            Serialization.unmarshal(
                    """
                    apiVersion: apps/v1
                    kind: Deployment
                    metadata: {name: podinfo, namespace: test, generation: 2}
                    spec:
                      replicas: 1
                      template: {spec: {nodeSelector: {node-type: on-demand}, containers: []}}
                    """,
                    ObjectNode.class);
    private static final ObjectNode SPOT =
            Serialization.unmarshal(
                    """
                    nodeSelector: {node-type: spot}
                    tolerations: [{operator: Exists}]
                    """,
                    ObjectNode.class);

    private static String revision(ObjectNode deployment) {
        return Workload.deployment(
                        Serialization.unmarshal(
                                deployment.toString(), GenericKubernetesResource.class))
                .template();
    }

    @Test
    void theRevisionIsThatOfWhatItsUserWrote() {
        var scheduled = CanaryScheduling.scheduled(DEPLOYMENT, SPOT);

        assertThat(revision(scheduled)).isEqualTo(revision(DEPLOYMENT));
    }

    @Test
    void whatItsUserWritesThereMeanwhileIsAnother() {
        var scheduled = CanaryScheduling.scheduled(DEPLOYMENT, SPOT);
        ((ObjectNode) scheduled.at("/spec/template/spec/nodeSelector")).put("node-type", "arm");

        assertThat(revision(scheduled)).isNotEqualTo(revision(DEPLOYMENT));
    }
}
