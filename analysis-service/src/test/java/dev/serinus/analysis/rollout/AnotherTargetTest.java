package dev.serinus.analysis.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.analysis.rollout.Effect.RouteAction;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;

/** The manifest names another target: whoever was analysed is none of the Canary any more. */
class AnotherTargetTest {

    private static final Duration LONG = Duration.ofMinutes(30);

    private static SimulatedCluster at(Predicate<Rollout> so) {
        var cluster = SimulatedCluster.initialized(Specs.linear());
        cluster.image("b");
        for (int i = 0; i < 10_000 && !so.test(cluster.rollout); i++) {
            cluster.run(Duration.ofMillis(10));
        }
        assertThat(so.test(cluster.rollout)).isTrue();
        cluster.routes.clear();
        return cluster;
    }

    private static void nameAnother(SimulatedCluster cluster) {
        cluster.edit(Specs.ofTarget("cart", cluster.spec));
    }

    private static List<RouteAction> asked(SimulatedCluster cluster) {
        return cluster.routes.stream().map(Effect.Route::action).distinct().toList();
    }

    @Test
    void aRunEndsAndTheOtherTargetIsInitialised() {
        var cluster = at(r -> r.traffic().canaryWeight().isAny());

        nameAnother(cluster);
        cluster.run(LONG);

        assertThat(asked(cluster)).containsExactly(RouteAction.INITIALIZE, RouteAction.TAKE_OVER);
        assertThat(cluster.routes).allMatch(it -> !it.split().canaryWeight().isAny());
        assertThat(cluster.happened("TargetChanged")).hasSize(1);
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.INITIALIZED);
        assertThat(cluster.weight()).isZero();
    }

    @Test
    void nobodyIsLedToItBeforeItsPrimaryServes() {
        var cluster = at(r -> r.traffic().canaryWeight().isAny());
        cluster.neverReady.add("primary-b");

        nameAnother(cluster);
        cluster.run(LONG);

        assertThat(asked(cluster)).containsExactly(RouteAction.INITIALIZE);
        assertThat(cluster.happened("InitializationFailed")).hasSize(1);
        assertThat(cluster.rollout.waitingFor()).contains("the primary is to become ready");
    }

    @Test
    void aReleaseOfItBeginsAsAnyOther() {
        var cluster = at(r -> r.traffic().canaryWeight().isAny());
        nameAnother(cluster);
        cluster.run(LONG);

        cluster.image("c");
        cluster.run(LONG);

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
        assertThat(cluster.primaryRevision).isEqualTo("c");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PromotedPrimary", "Drained", "Interval", "ReadyCanary"})
    void whereverTheRunIs(String awaited) {
        var cluster = at(r -> r.stage().awaited() != null && r.stage().label().equals(awaited));

        nameAnother(cluster);
        cluster.run(LONG);

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.INITIALIZED);
        assertThat(cluster.happened("Promoted")).isEmpty();
        assertThat(cluster.weight()).isZero();
    }

    @Test
    void atRestItIsMadeBeforeTheRouteLeadsToIt() {
        var cluster = SimulatedCluster.initialized(Specs.linear());

        nameAnother(cluster);
        cluster.run(LONG);

        assertThat(asked(cluster)).containsExactly(RouteAction.INITIALIZE, RouteAction.TAKE_OVER);
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.INITIALIZED);
    }

    @Test
    void whatIsHeldIsInitialisedWhenItIsReleased() {
        var cluster = at(r -> r.traffic().canaryWeight().isAny());
        cluster.ask(RolloutEvent.Action.PAUSE);
        cluster.run(Duration.ofSeconds(1));

        nameAnother(cluster);
        cluster.run(LONG);
        assertThat(asked(cluster)).doesNotContain(RouteAction.INITIALIZE);
        cluster.ask(RolloutEvent.Action.RESUME);
        cluster.run(LONG);

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.INITIALIZED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "extensions/v1beta1", "apps/v1beta2"})
    void anotherVersionOfItsKindIsNoOtherTarget(String version) {
        var cluster = at(r -> r.traffic().canaryWeight().isAny());
        var target = cluster.spec.target();

        cluster.edit(
                Specs.ofTarget(
                        new Spec.Target(version, target.kind(), target.name()), cluster.spec));
        cluster.run(LONG);

        assertThat(asked(cluster)).doesNotContain(RouteAction.INITIALIZE);
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
    }
}
