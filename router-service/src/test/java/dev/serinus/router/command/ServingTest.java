package dev.serinus.router.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.router.PretendCluster;
import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.events.RouterAction;
import dev.serinus.schemas.events.RouterOutcome;
import dev.serinus.schemas.events.RouterResult;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who takes over traffic is as large as who gives it away, and is where the Services lead. */
class ServingTest {

    private final PretendCluster cluster =
            new PretendCluster().apply("workload.yaml").apply("istio-canary.yaml");

    @AfterEach
    void close() {
        cluster.close();
    }

    private void running() {
        cluster.initialize(1);
        cluster.serve("podinfo-primary");
        cluster.serve("podinfo");
        cluster.takeOver(2);
        cluster.release("podinfo:2");
        cluster.scale(3, true);
        cluster.serve("podinfo");
        cluster.shift(4, 90);
    }

    private void scaled() {
        cluster.edit(
                Kind.CANARY,
                "podinfo",
                it ->
                        it.spec()
                                .putObject("autoscalerRef")
                                .put("apiVersion", "autoscaling/v2")
                                .put("kind", "HorizontalPodAutoscaler")
                                .put("name", "podinfo"));
        cluster.create(
                """
                apiVersion: autoscaling/v2
                kind: HorizontalPodAutoscaler
                metadata: {name: podinfo}
                spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: podinfo}, minReplicas: 2, maxReplicas: 10}
                """);
    }

    private void resize(String deployment, int replicas) {
        cluster.edit(Kind.DEPLOYMENT, deployment, it -> it.spec().put("replicas", replicas));
        cluster.serve(deployment);
    }

    private int primarySize() {
        return cluster.get(Kind.DEPLOYMENT, "podinfo-primary").at("/spec/replicas").asInt();
    }

    @Test
    void aPromotionRaisesThePrimaryToWhatServesThoughItHasAnAutoscaler() {
        // Given
        scaled();
        running();
        resize("podinfo", 10);
        // When
        var result = cluster.promote(5);
        // Then
        assertThat(result.getBecause()).isEmpty();
        assertThat(primarySize()).isEqualTo(10);
    }

    @Test
    void aPromotionMakesThePrimaryNoSmaller() {
        // Given
        running();
        resize("podinfo-primary", 7);
        // When
        cluster.promote(5);
        // Then
        assertThat(primarySize()).isEqualTo(7);
    }

    /** As in a manifest that says its size: it is there when the run begins. */
    private void promotedWith(int pods) {
        running();
        resize("podinfo-primary", 7);
        resize("podinfo", pods);
        cluster.promote(5);
        assertThat(primarySize()).as("until the run ends").isEqualTo(7);
        cluster.serve("podinfo-primary");
    }

    private RouterResult ended(long step) {
        return cluster.ask(cluster.command(RouterAction.SCALE, step).setTargetRunning(false));
    }

    @Test
    void aSizeThatWasLoweredInTheManifestIsThePrimarysWhenTheRunEnds() {
        // Given
        promotedWith(3);
        cluster.shift(6, 0);
        // When
        var done = ended(7);
        // Then
        assertThat(done.getOutcome()).isEqualTo(RouterOutcome.DONE);
        assertThat(primarySize()).isEqualTo(3);
        assertThat(ended(7).getWrites()).as("twice changes nothing").isZero();
        // When: somebody makes it larger by hand
        resize("podinfo-primary", 5);
        cluster.scale(8, true);
        cluster.serve("podinfo");
        ended(9);
        // Then
        assertThat(primarySize()).isEqualTo(5);
    }

    private int sizeAfterARunWith(int pods) {
        promotedWith(pods);
        cluster.shift(6, 0);
        assertThat(ended(7).getOutcome()).isEqualTo(RouterOutcome.DONE);
        return primarySize();
    }

    private void applied(String spec) {
        cluster.edit(
                Kind.DEPLOYMENT,
                "podinfo",
                it ->
                        it.annotate(
                                "kubectl.kubernetes.io/last-applied-configuration",
                                "{\"spec\":%s}".formatted(spec)));
    }

    @Test
    void onePodMayBeTheSizeOfAManifestThatSaysNone() {
        assertThat(sizeAfterARunWith(1)).isEqualTo(7);
    }

    @Test
    void onePodIsTheSizeOfAManifestThatWasAppliedWithIt() {
        // Given
        applied("{\"replicas\":1}");
        // Then
        assertThat(sizeAfterARunWith(1)).isEqualTo(1);
    }

    @Test
    void aSizeThatSomebodySetBesideTheManifestIsNoneOfIt() {
        // Given
        applied("{}");
        // Then
        assertThat(sizeAfterARunWith(3)).isEqualTo(7);
    }

    @Test
    void theSizeThatATargetWasGivenHereIsNoneOfItsManifest() {
        // Given: a manifest without one
        running();
        resize("podinfo-primary", 7);
        cluster.promote(5);
        cluster.serve("podinfo-primary");
        cluster.shift(6, 0);
        // When
        ended(7);
        // Then
        assertThat(primarySize()).isEqualTo(7);
    }

    @Test
    void aPrimaryThatAnAutoscalerSizesOfWhichTheCanarySaysNothingIsLeftToIt() {
        // Given
        cluster.create(
                """
                apiVersion: autoscaling/v2
                kind: HorizontalPodAutoscaler
                metadata: {name: by-hand}
                spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: podinfo-primary}, maxReplicas: 9}
                """);
        promotedWith(3);
        cluster.shift(6, 0);
        // When
        var done = ended(7);
        // Then
        assertThat(done.getOutcome()).isEqualTo(RouterOutcome.DONE);
        assertThat(primarySize()).isEqualTo(7);
    }

    @Test
    void aRunThatIsTakenBackMakesThePrimaryNoSmaller() {
        // Given
        running();
        resize("podinfo-primary", 7);
        resize("podinfo", 3);
        cluster.shift(5, 0);
        // When
        var done = ended(6);
        // Then
        assertThat(done.getOutcome()).isEqualTo(RouterOutcome.DONE);
        assertThat(primarySize()).isEqualTo(7);
    }

    @Test
    void trafficThatComesBackFindsAsManyPodsAsItLeaves() {
        // Given
        running();
        resize("podinfo", 10);
        // When
        var back = cluster.shift(5, 60);
        // Then
        assertThat(back.getCanaryWeight()).isEqualTo(60);
        assertThat(primarySize()).isEqualTo(10);
        assertThat(cluster.shift(5, 60).getWrites()).as("twice changes nothing").isZero();
    }

    @Test
    void trafficThatGoesToTheCanaryChangesNoSize() {
        // Given
        running();
        cluster.shift(5, 30);
        resize("podinfo", 10);
        // When
        cluster.shift(6, 60);
        // Then
        assertThat(primarySize()).isEqualTo(2);
    }

    @Test
    void theTargetKeepsItsPodsWhileTheApexSelectsThem() {
        // Given: the route leads to the primary, but somebody turned the Service back
        running();
        cluster.shift(5, 0);
        cluster.edit(
                Kind.SERVICE,
                "podinfo",
                it -> ((ObjectNode) it.spec().path("selector")).put("app", "podinfo"));
        // When
        var result = cluster.scale(6, false);
        // Then
        assertThat(result.getOutcome()).isEqualTo(RouterOutcome.RETRY);
        assertThat(result.getBecause())
                .contains(
                        "service podinfo.test selects the pods of podinfo.test (spec.selector"
                                + " {\"app\":\"podinfo\"})");
        assertThat(cluster.get(Kind.DEPLOYMENT, "podinfo").at("/spec/replicas").asInt())
                .isEqualTo(2);
    }

    @Test
    void theTargetKeepsItsPodsWhileSomebodyTurnsTheApexBackTimeAndAgain() {
        // Given
        running();
        cluster.shift(5, 0);
        var apex = cluster.ref(Kind.SERVICE, "podinfo");
        cluster.context().contested().repaired(apex, "dapr");
        cluster.context().contested().repaired(apex, "dapr");
        // When
        var result = cluster.scale(6, false);
        // Then
        assertThat(result.getOutcome()).isEqualTo(RouterOutcome.RETRY);
        assertThat(result.getBecause())
                .startsWith("service podinfo.test is written by dapr again and again");
    }
}
