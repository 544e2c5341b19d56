package dev.serinus.cli.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.Serialization;

import org.junit.jupiter.api.Test;

/** What the cluster itself tells, in the words of the hub. */
class CanaryStatusTest {

    private static GenericKubernetesResource object(String yaml) {
        return Serialization.unmarshal(yaml, GenericKubernetesResource.class);
    }

    @Test
    void whatIsOnlyTriedIsSaidToBe() {
        var rollout =
                CanaryStatus.rollout(
                        object(
                                """
                                apiVersion: flagger.app/v1beta1
                                kind: Canary
                                metadata: {name: cart, namespace: shop, uid: u}
                                spec: {suspend: true, provider: istio}
                                status:
                                  phase: Succeeded
                                  canaryWeight: 0
                                  serinus:
                                    run: 3
                                    waitingFor: "dry run: Progressing"
                                    dryRun: {phase: Progressing, canaryWeight: 20}
                                """));

        assertThat(rollout.path("phase").asText()).isEqualTo("Progressing");
        assertThat(rollout.path("canaryWeight").asInt()).isEqualTo(20);
        assertThat(rollout.path("dryRun").asBoolean()).isTrue();
        assertThat(rollout.path("held").asBoolean()).isTrue();
        assertThat(rollout.path("cluster").asText()).as("nobody claims it").isEmpty();
    }

    @Test
    void aCanaryThatNobodyLookedAtHasNoPhase() {
        var rollout =
                CanaryStatus.rollout(
                        object(
                                """
                                apiVersion: flagger.app/v1beta1
                                kind: Canary
                                metadata: {name: cart, namespace: shop}
                                """));

        assertThat(rollout.path("phase").asText()).isEmpty();
        assertThat(rollout.path("canaryWeight").asInt()).isZero();
        assertThat(rollout.path("run").asInt()).isZero();
    }

    @Test
    void hintsAreThoseOfTheConditionWhileItIsTrue() {
        String canary =
                """
                apiVersion: flagger.app/v1beta1
                kind: Canary
                metadata: {name: cart, namespace: shop}
                status:
                  conditions:
                  - {type: Promoted, status: "True", message: all is well}
                  - {type: Hints, status: "True", message: "spec.service.hosts[0]: no Service"}
                """;

        var hinted = CanaryStatus.rollout(object(canary));
        var mended =
                CanaryStatus.rollout(
                        object(
                                canary.replace(
                                        "Hints, status: \"True\"", "Hints, status: \"False\"")));

        assertThat(hinted.path("hints")).hasToString("[\"spec.service.hosts[0]: no Service\"]");
        assertThat(mended.path("hints")).isEmpty();
    }

    @Test
    void eventsOfItsCanaryAreItsHistory() {
        var event =
                CanaryStatus.event(
                        object(
                                """
                                apiVersion: v1
                                kind: Event
                                metadata: {name: cart.1}
                                type: Warning
                                message: Halt advancement
                                source: {component: serinus}
                                lastTimestamp: "2026-11-30T08:00:00Z"
                                """));

        assertThat(event.path("at").asText()).isEqualTo("2026-11-30T08:00:00Z");
        assertThat(event.path("type").asText()).isEqualTo("Warning");
        assertThat(event.path("message").asText()).isEqualTo("Halt advancement");
        assertThat(event.path("actor").asText()).isEqualTo("serinus");
    }
}
