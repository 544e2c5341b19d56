package dev.serinus.router.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.router.PretendCluster;
import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.events.RouterOutcome;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A whole rollout, command by command, on an API server. */
class RolloutTest {

    private static final Kind ROUTE =
            new Kind("gateway.networking.k8s.io", "v1", "HTTPRoute", "httproutes");

    private final PretendCluster cluster =
            new PretendCluster().apply("workload.yaml").apply("gateway-canary.yaml");

    @AfterEach
    void close() {
        cluster.close();
    }

    @Test
    void aGoodReleaseIsPromotedStepByStep() {
        // Given
        assertThat(cluster.initialize(1).getOutcome()).isEqualTo(RouterOutcome.DONE);
        cluster.serve("podinfo-primary");
        assertThat(cluster.takeOver(2).getOutcome()).isEqualTo(RouterOutcome.DONE);
        cluster.release("podinfo:2");
        assertThat(cluster.scale(3, true).getOutcome()).isEqualTo(RouterOutcome.DONE);
        cluster.serve("podinfo");
        // When
        var shifted = cluster.shift(4, 30);
        var promoted = cluster.promote(5);
        cluster.serve("podinfo-primary");
        var back = cluster.shift(6, 0);
        var down = cluster.scale(7, false);
        // Then
        assertThat(shifted.getBecause()).isEmpty();
        assertThat(shifted.getCanaryWeight()).isEqualTo(30);
        assertThat(promoted.getOutcome()).isEqualTo(RouterOutcome.DONE);
        assertThat(back.getCanaryWeight()).isZero();
        assertThat(down.getOutcome()).isEqualTo(RouterOutcome.DONE);
        assertThat(cluster.get(Kind.DEPLOYMENT, "podinfo").at("/spec/replicas").asInt()).isZero();
        assertThat(
                        cluster.get(Kind.DEPLOYMENT, "podinfo-primary")
                                .at("/spec/template/spec/containers/0/image")
                                .asText())
                .isEqualTo("podinfo:2");
        assertThat(cluster.get(ROUTE, "podinfo").at("/spec/rules/0/backendRefs/0/weight").asInt())
                .isEqualTo(100);
    }
}
