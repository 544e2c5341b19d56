package dev.serinus.router.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.router.PretendCluster;
import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.events.RouterAction;
import dev.serinus.schemas.events.RouterCommand;
import dev.serinus.schemas.events.RouterOutcome;
import dev.serinus.schemas.events.RouterResult;
import dev.serinus.schemas.mesh.Istio;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The side that gets more traffic has the pods that carry it before it gets it. */
class CarryingPodsTest {

    private final PretendCluster cluster =
            new PretendCluster().apply("workload.yaml").apply("istio-canary.yaml");

    @AfterEach
    void close() {
        cluster.close();
    }

    private void takenOver(int size) {
        cluster.initialize(1);
        cluster.edit(Kind.DEPLOYMENT, "podinfo-primary", it -> it.spec().put("replicas", size));
        cluster.serve("podinfo-primary");
        cluster.serve("podinfo");
        cluster.takeOver(2);
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
                                .put("name", "scaler"));
        cluster.create(
                """
                apiVersion: autoscaling/v2
                kind: HorizontalPodAutoscaler
                metadata: {name: scaler}
                spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: podinfo}, minReplicas: 2, maxReplicas: 9}
                """);
    }

    /** The canary has most of the traffic, and the primary was made small meanwhile. */
    private void atNinetyPercent() {
        takenOver(10);
        cluster.scale(3, true);
        cluster.edit(Kind.DEPLOYMENT, "podinfo", it -> it.spec().put("replicas", 10));
        cluster.serve("podinfo");
        cluster.shift(4, 90);
        cluster.edit(Kind.DEPLOYMENT, "podinfo-primary", it -> it.spec().put("replicas", 2));
        cluster.serve("podinfo-primary");
    }

    private RouterCommand.Builder shift(long step, int percent) {
        return cluster.command(RouterAction.SHIFT, step).setCanaryWeight(percent);
    }

    private int replicas(String deployment) {
        return cluster.get(Kind.DEPLOYMENT, deployment).at("/spec/replicas").asInt();
    }

    private int weight() {
        return cluster.get(Istio.VIRTUAL_SERVICE, "podinfo")
                .at("/spec/http/0/route/1/weight")
                .asInt();
    }

    private static void assertOnTheirWay(RouterResult result, String because) {
        assertThat(result.getOutcome()).isEqualTo(RouterOutcome.RETRY);
        assertThat(result.getRetryAfterMillis()).isPositive();
        assertThat(result.getBecause()).isEqualTo(because);
    }

    @Test
    void aCanaryBeginsWithThePodsOfItsFirstShare() {
        takenOver(10);

        cluster.send(cluster.command(RouterAction.SCALE, 3).setPodShareBasisPoints(1_500));

        assertThat(replicas("podinfo")).isEqualTo(2);
    }

    @Test
    void whereAnAutoscalerSizesItItsMinimumIsTheLeast() {
        scaled();
        takenOver(10);

        cluster.send(cluster.command(RouterAction.SCALE, 3).setPodShareBasisPoints(500));

        assertThat(replicas("podinfo")).isEqualTo(2);
    }

    @Test
    void itsShareRisesOnceItHasThePodsOfTheNext() {
        // Given
        takenOver(10);
        cluster.send(cluster.command(RouterAction.SCALE, 3).setPodShareBasisPoints(1_000));
        cluster.serve("podinfo");
        var more = shift(4, 30).setPodShareBasisPoints(3_000).setPodsFirst(true);
        // When
        var early = cluster.send(more);
        // Then
        assertOnTheirWay(
                early,
                "podinfo.test has 1 of the 3 pods that the traffic needs which it is to get");
        assertThat(replicas("podinfo")).isEqualTo(3);
        assertThat(weight()).isZero();
        // When
        cluster.serve("podinfo");
        var done = cluster.ask(more);
        // Then
        assertThat(done.getOutcome()).isEqualTo(RouterOutcome.DONE);
        assertThat(weight()).isEqualTo(30);
        assertThat(cluster.send(more).getWrites()).as("twice changes nothing").isZero();
    }

    @Test
    void whatTheAutoscalerOfTheTargetMadeOfItIsLeftToIt() {
        // Given
        scaled();
        takenOver(10);
        cluster.send(cluster.command(RouterAction.SCALE, 3).setPodShareBasisPoints(1_000));
        cluster.serve("podinfo");
        // When
        var result = cluster.ask(shift(4, 60).setPodShareBasisPoints(6_000).setPodsFirst(true));
        // Then
        assertThat(result.getOutcome()).isEqualTo(RouterOutcome.DONE);
        assertThat(replicas("podinfo")).isEqualTo(2);
    }

    /** A canary that began with the pods of its share, and has that share. */
    private void atShare(int primary, int percent) {
        takenOver(primary);
        cluster.send(cluster.command(RouterAction.SCALE, 3).setPodShareBasisPoints(percent * 100));
        cluster.serve("podinfo");
        cluster.ask(shift(4, percent).setPodShareBasisPoints(percent * 100).setPodsFirst(true));
        assertThat(weight()).isEqualTo(percent);
    }

    private void has(String deployment, int pods) {
        cluster.edit(Kind.DEPLOYMENT, deployment, it -> it.spec().put("replicas", pods));
        cluster.serve(deployment);
    }

    @Test
    void whatItsAutoscalerTookFromThePrimaryIsToldByThePodsOfTheShare() {
        atShare(10, 50);
        has("podinfo-primary", 6);

        cluster.send(shift(5, 0).setPodsFirst(true));

        assertThat(replicas("podinfo-primary")).isEqualTo(9);
    }

    /** It had a larger share before: at a restart, or when nobody else served. */
    @ParameterizedTest
    @CsvSource({"30, 15, 30", "30, 30, 30", "10, 3, 10", "10, 12, 12", "2, 9, 9"})
    void aCanaryWithMorePodsThanItsShareNeedsMakesThePrimaryNoLargerThanItWas(
            int primary, int canary, int most) {
        atShare(primary, 5);
        has("podinfo", canary);

        cluster.send(shift(5, 0));

        assertThat(replicas("podinfo-primary")).isEqualTo(most);
    }

    @Test
    void theMinimumOfAnAutoscalerIsNoShareOfAnything() {
        scaled();
        atShare(2, 5);

        var result = cluster.send(shift(5, 0).setPodsFirst(true));

        assertThat(result.getOutcome()).isEqualTo(RouterOutcome.DONE);
        assertThat(replicas("podinfo-primary")).isEqualTo(2);
        assertThat(minimum()).isEqualTo(2);
    }

    @Test
    void podsThatARollingUpdateAddsForAWhileMakeThePrimaryNoLarger() {
        atShare(10, 50);
        has("podinfo", 10);
        cluster.serve("podinfo", 13);

        cluster.send(shift(5, 0));

        assertThat(replicas("podinfo-primary")).isEqualTo(10);
    }

    @Test
    void whatItHadBeforeIsForgottenWithTheCanarysPods() {
        atShare(10, 50);
        assertThat(before()).isEqualTo("10");
        cluster.ask(shift(5, 0));

        var done = cluster.ask(cluster.command(RouterAction.SCALE, 6).setTargetRunning(false));

        assertThat(done.getOutcome()).isEqualTo(RouterOutcome.DONE);
        assertThat(before()).isNull();
        assertThat(replicas("podinfo")).isZero();
    }

    private @Nullable String before() {
        return cluster.get(Kind.DEPLOYMENT, "podinfo-primary")
                .annotation("serinus.dev/size-before");
    }

    /** The Canary asks for it no more, or an older analysis has taken it over. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aCanaryOfAShareGetsAllPodsBeforeMoreTrafficThatSaysNoShare(boolean first) {
        // Given
        atShare(10, 10);
        var more = shift(5, 50).setPodsFirst(first);
        // When
        var early = cluster.send(more);
        // Then
        assertOnTheirWay(
                early,
                "podinfo.test has 1 of the 10 pods that the traffic needs which it is to get");
        assertThat(weight()).isEqualTo(10);
        assertThat(replicas("podinfo")).isEqualTo(10);
        // When
        cluster.serve("podinfo");
        cluster.ask(more);
        // Then
        assertThat(weight()).isEqualTo(50);
    }

    @Test
    void nobodyWaitsForThemWhereThePrimaryDoesNotServe() {
        atShare(10, 10);
        cluster.serve("podinfo-primary", 0);

        var result = cluster.ask(shift(5, 100));

        assertThat(result.getOutcome()).isEqualTo(RouterOutcome.DONE);
        assertThat(weight()).isEqualTo(100);
        assertThat(replicas("podinfo")).isEqualTo(10);
    }

    /** Half of what carried all is what half of it needs, whatever the primary has by now. */
    @Test
    void aShareIsOneOfThePodsThatCarriedAllBefore() {
        atShare(10, 50);
        has("podinfo-primary", 5);

        cluster.send(shift(5, 70).setPodShareBasisPoints(7_000).setPodsFirst(true));

        assertThat(replicas("podinfo")).isEqualTo(7);
    }

    @Test
    void trafficComesBackOnceThePrimaryHasThePodsAgain() {
        // Given
        atNinetyPercent();
        var back = shift(5, 0).setPodsFirst(true);
        // When
        var early = cluster.send(back);
        // Then
        assertOnTheirWay(
                early,
                "podinfo-primary.test has 2 of the 10 pods that the traffic needs which it is to"
                        + " get");
        assertThat(replicas("podinfo-primary")).isEqualTo(10);
        assertThat(weight()).isEqualTo(90);
        // When: two that never begin keep nobody from it
        cluster.serve("podinfo-primary", 8);
        var done = cluster.ask(back);
        // Then
        assertThat(done.getOutcome()).isEqualTo(RouterOutcome.DONE);
        assertThat(weight()).isZero();
    }

    @Test
    void noMorePodsAreWaitedForThanTheAutoscalerOfThePrimaryGives() {
        scaled();
        atNinetyPercent();

        var early = cluster.send(shift(5, 0).setPodsFirst(true));

        assertThat(early.getBecause()).contains("has 2 of the 9 pods");
        assertThat(replicas("podinfo-primary")).isEqualTo(9);
    }

    private int minimum() {
        return cluster.get(Kind.AUTOSCALER, "scaler-primary").at("/spec/minReplicas").asInt();
    }

    /** Its own numbers follow only when the traffic is there. */
    @Test
    void theAutoscalerOfThePrimaryLeavesItThesePodsUntilTheTrafficIsBackForAWhile() {
        // Given
        scaled();
        atNinetyPercent();
        var back = shift(5, 0).setPodsFirst(true);
        // When
        cluster.send(back);
        // Then
        assertThat(minimum()).isEqualTo(9);
        // When
        cluster.serve("podinfo-primary");
        cluster.ask(back);
        var early = cluster.ask(cluster.command(RouterAction.SHIFT, 6).setCanaryWeight(0));
        assertThat(early.getWrites()).as("twice changes nothing").isZero();
        var down = cluster.scale(7, false);
        // Then
        assertThat(down.getOutcome()).isEqualTo(RouterOutcome.RETRY);
        assertThat(down.getBecause()).contains("the autoscaler of the primary is held for");
        assertThat(down.getRetryAfterMillis()).isBetween(1L, 60_000L);
        assertThat(replicas("podinfo")).isEqualTo(10);
        // Given: a minute later
        cluster.edit(
                Kind.AUTOSCALER,
                "scaler-primary",
                it -> it.annotate("serinus.dev/held-minimum", "2 2026-01-01T00:00:00Z"));
        // When
        var done = cluster.ask(cluster.command(RouterAction.SCALE, 7).setTargetRunning(false));
        // Then
        assertThat(done.getOutcome()).isEqualTo(RouterOutcome.DONE);
        assertThat(minimum()).isEqualTo(2);
        assertThat(cluster.get(Kind.AUTOSCALER, "scaler-primary").annotations())
                .doesNotContainKey("serinus.dev/held-minimum");
        assertThat(replicas("podinfo")).isZero();
    }

    private void heldUntil(String time) {
        cluster.edit(
                Kind.AUTOSCALER,
                "scaler-primary",
                it -> {
                    it.spec().put("minReplicas", 9);
                    it.annotate("serinus.dev/held-minimum", "2 " + time);
                });
    }

    @Test
    void aTimeByAClockThatWasWrongHoldsNobody() {
        scaled();
        atNinetyPercent();
        cluster.ask(shift(5, 0));
        heldUntil("2999-01-01T00:00:00Z");

        var done = cluster.ask(cluster.command(RouterAction.SCALE, 6).setTargetRunning(false));

        assertThat(done.getOutcome()).isEqualTo(RouterOutcome.DONE);
        assertThat(minimum()).isEqualTo(2);
        assertThat(replicas("podinfo")).isZero();
    }

    /** A restart holds it, and the next run may take hours. */
    @Test
    void itIsLetGoOnceTheCanaryGoesOn() {
        // Given
        scaled();
        atNinetyPercent();
        cluster.ask(shift(5, 0));
        assertThat(minimum()).as("held").isEqualTo(9);
        // When: within the minute
        cluster.scale(6, true);
        cluster.shift(7, 5);
        // Then
        assertThat(minimum()).isEqualTo(9);
        // When: a minute later
        heldUntil("2026-01-01T00:00:00Z");
        cluster.shift(8, 10);
        // Then
        assertThat(minimum()).isEqualTo(2);
        assertThat(cluster.get(Kind.AUTOSCALER, "scaler-primary").annotations())
                .doesNotContainKey("serinus.dev/held-minimum");
    }

    @Test
    void itIsLetGoWhenACanaryBeginsAnew() {
        scaled();
        atNinetyPercent();
        cluster.ask(shift(5, 0));
        heldUntil("2026-01-01T00:00:00Z");

        cluster.scale(6, true);

        assertThat(minimum()).isEqualTo(2);
    }

    @Test
    void anAutoscalerWhosePrimaryIsLargeEnoughIsLeftAlone() {
        scaled();
        takenOver(10);
        cluster.scale(3, true);
        cluster.serve("podinfo");
        cluster.shift(4, 90);

        var result = cluster.ask(shift(5, 0).setPodsFirst(true));

        assertThat(result.getOutcome()).isEqualTo(RouterOutcome.DONE);
        assertThat(minimum()).isEqualTo(2);
    }

    @Test
    void whatMayNotWaitComesBackAtOnceAndThePodsFollow() {
        atNinetyPercent();

        var result = cluster.ask(shift(5, 0));

        assertThat(result.getOutcome()).isEqualTo(RouterOutcome.DONE);
        assertThat(weight()).isZero();
        assertThat(replicas("podinfo-primary")).isEqualTo(10);
    }

    @Test
    void aCanaryThatLosesPodsKeepsNoTrafficUntilThePrimaryHasThem() {
        atNinetyPercent();
        cluster.serve("podinfo", 6);

        var result = cluster.ask(shift(5, 0).setPodsFirst(true));

        assertThat(result.getOutcome()).isEqualTo(RouterOutcome.DONE);
        assertThat(weight()).isZero();
    }
}
