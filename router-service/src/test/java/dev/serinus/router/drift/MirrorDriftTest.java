package dev.serinus.router.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.router.PretendCluster;
import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.events.RouterAction;
import dev.serinus.schemas.events.RouterOutcome;
import dev.serinus.schemas.mesh.Istio;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The share of requests that is copied, while it grows and somebody meddles with the route. */
class MirrorDriftTest {

    private final PretendCluster cluster = new PretendCluster().apply("workload.yaml");

    @AfterEach
    void close() {
        cluster.close();
    }

    /** Requests are copied, as many as the command says; null for as many as the Canary says. */
    private void copying(String growth, @Nullable Integer basisPoints) {
        cluster.create(
                """
                apiVersion: flagger.app/v1beta1
                kind: Canary
                metadata: {name: podinfo}
                spec:
                  provider: istio
                  targetRef: {apiVersion: apps/v1, kind: Deployment, name: podinfo}
                  service: {port: 9898}
                  analysis:
                    interval: 10s
                    threshold: 2
                    iterations: 10
                    mirror: true
                    mirrorWeight: 10
                    %s
                    metrics: [{name: request-success-rate, thresholdRange: {min: 99}}]
                """
                        .formatted(growth));
        cluster.initialize(1);
        cluster.serve("podinfo");
        cluster.serve("podinfo-primary");
        cluster.takeOver(2);
        cluster.release("podinfo:2");
        cluster.send(cluster.command(RouterAction.SCALE, 3).setTargetRunning(true));
        cluster.serve("podinfo");
        var done =
                cluster.send(
                        cluster.command(RouterAction.SHIFT, 4)
                                .setMirrored(true)
                                .setMirrorBasisPoints(basisPoints));
        assertThat(done.getOutcome()).isEqualTo(RouterOutcome.DONE);
        assertThat(done.getMirrored()).isTrue();
    }

    private void route(String field, Object value) {
        cluster.edit(
                Istio.VIRTUAL_SERVICE,
                "podinfo",
                it -> ((ObjectNode) it.spec().at("/http/0")).putPOJO(field, value));
    }

    private int copied() {
        return cluster.get(Istio.VIRTUAL_SERVICE, "podinfo")
                .at("/spec/http/0/mirrorPercentage/value")
                .asInt();
    }

    @Test
    void theShareThatWasReachedIsKept() {
        // Given: after a restart, what is known of the split is what the route shows
        copying("canaryAnalysis: {stepWeightPromotion: 10, maxMirrorWeight: 100}", 3_000);
        cluster.reach("Progressing");
        cluster.withDrift();
        cluster.settle();
        // When
        route("timeout", "1ms");
        // Then
        await().until(
                        () ->
                                cluster.get(Istio.VIRTUAL_SERVICE, "podinfo")
                                        .at("/spec/http/0/timeout")
                                        .isMissingNode());
        assertThat(copied()).isEqualTo(30);
    }

    @Test
    void aShareThatDoesNotGrowIsTheCanarys() {
        // Given
        copying("maxWeight: 50", null);
        cluster.reach("Progressing");
        cluster.withDrift();
        cluster.settle();
        cluster.edit(
                Kind.CANARY,
                "podinfo",
                it -> ((ObjectNode) it.spec().path("analysis")).put("mirrorWeight", 60));
        await().until(() -> Integer.valueOf(60).equals(written()));
        // When
        route("timeout", "1ms");
        // Then
        await().until(() -> copied() == 60);
    }

    private @Nullable Integer written() {
        return cluster.canaries()
                .get(PretendCluster.NAMESPACE, "podinfo")
                .map(it -> it.latest().getSpec().analysis().mirrorWeight())
                .orElse(null);
    }
}
