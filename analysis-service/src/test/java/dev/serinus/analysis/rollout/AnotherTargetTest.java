package dev.serinus.analysis.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.analysis.rollout.Effect.RouteAction;
import dev.serinus.analysis.rollout.plan.Split;

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
        runUntil(cluster, so);
        return cluster;
    }

    private static void runUntil(SimulatedCluster cluster, Predicate<Rollout> so) {
        for (int i = 0; i < 10_000 && !so.test(cluster.rollout); i++) {
            cluster.run(Duration.ofMillis(10));
        }
        assertThat(so.test(cluster.rollout)).isTrue();
        cluster.routes.clear();
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

        assertThat(asked(cluster))
                .containsExactly(RouteAction.SHIFT, RouteAction.INITIALIZE, RouteAction.TAKE_OVER);
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

        assertThat(asked(cluster)).containsExactly(RouteAction.SHIFT, RouteAction.INITIALIZE);
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
        assertThat(cluster.weight()).as("left to nobody").isZero();
        cluster.ask(RolloutEvent.Action.RESUME);
        cluster.run(LONG);

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.INITIALIZED);
    }

    @Test
    void whatIsSuspendedGivesItsTrafficBackToo() {
        var cluster = at(r -> r.traffic().canaryWeight().isAny());

        cluster.edit(Specs.edited(Specs.ofTarget("cart", cluster.spec), true, 5));
        cluster.run(LONG);

        assertThat(cluster.weight()).isZero();
        assertThat(asked(cluster)).containsExactly(RouteAction.SHIFT);
    }

    @Test
    void nobodyIsLeftAtTheCanaryOfBeforeWhereTheOtherTargetIsMissing() {
        var cluster = at(r -> r.traffic().canaryWeight().isAny());
        cluster.isOtherRefused = true;

        nameAnother(cluster);
        cluster.run(LONG);
        int meanwhile = cluster.weight();
        cluster.isOtherRefused = false;
        cluster.run(LONG);

        assertThat(meanwhile).isZero();
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.INITIALIZED);
    }

    @Test
    void copiesOfRequestsEndAsWell() {
        var cluster =
                SimulatedCluster.initialized(
                        Specs.planned(
                                Specs.linear(),
                                Specs.strategy(3, 0, List.of(), 0, 0, 0, true, false)));
        cluster.image("b");
        runUntil(cluster, r -> r.traffic().split().mirrored());

        cluster.isOtherRefused = true;
        nameAnother(cluster);
        cluster.run(Duration.ofMinutes(1));

        assertThat(cluster.rollout.traffic().split()).isEqualTo(Split.PRIMARY);
    }

    @Test
    void aShareThatIsBeingGivenIsTakenBack() {
        var cluster =
                at(
                        r ->
                                r.stage().question() instanceof Question.Shift
                                        && !r.traffic().canaryWeight().isAny());
        cluster.isOtherRefused = true;

        nameAnother(cluster);
        cluster.run(Duration.ofMinutes(1));

        assertThat(cluster.weight()).isZero();
        assertThat(asked(cluster)).contains(RouteAction.SHIFT);
    }

    @Test
    void aPausedOneComesBackWhenThePrimaryOfBeforeServesAgain() {
        var cluster = at(r -> r.traffic().canaryWeight().isAny());
        cluster.ask(RolloutEvent.Action.PAUSE);
        cluster.run(Duration.ofSeconds(1));

        nameAnother(cluster);
        cluster.formerPrimaryServes = false;
        cluster.run(Duration.ofMinutes(2));
        int lost = cluster.weight();
        cluster.formerPrimaryServes = true;
        cluster.run(Duration.ofMinutes(2));

        assertThat(lost).as("the canary serves").isEqualTo(100);
        assertThat(cluster.weight()).isZero();
        assertThat(asked(cluster)).containsExactly(RouteAction.SHIFT);
    }

    @Test
    void trafficComesBackWhenThePrimaryOfBeforeServesAgainAlsoWithoutTheOtherTarget() {
        var cluster = at(r -> r.traffic().canaryWeight().isAny());
        cluster.isOtherRefused = true;

        nameAnother(cluster);
        cluster.formerPrimaryServes = false;
        cluster.run(LONG);
        int lost = cluster.weight();
        cluster.formerPrimaryServes = true;
        cluster.run(LONG);

        assertThat(lost).as("the canary serves").isEqualTo(100);
        assertThat(cluster.weight()).isZero();
    }

    @Test
    void trafficComesBackWhenTheRouterCanAgainAlsoWithoutTheOtherTarget() {
        var cluster = at(r -> r.traffic().canaryWeight().isAny());
        cluster.isOtherRefused = true;
        cluster.refusal = RolloutEvent.Outcome.RETRY;

        nameAnother(cluster);
        cluster.run(LONG);
        cluster.refusal = null;
        cluster.run(LONG);

        assertThat(cluster.weight()).isZero();
    }

    @Test
    void theOtherTargetIsTheWayOutOfALostPrimary() {
        var cluster = at(r -> r.traffic().canaryWeight().isAny());

        nameAnother(cluster);
        cluster.formerPrimaryServes = false;
        cluster.run(LONG);

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.INITIALIZED);
        assertThat(cluster.weight()).isZero();
    }

    @Test
    void aThirdTargetKeepsNothingFromComingBack() {
        var cluster = at(r -> r.traffic().canaryWeight().isAny());
        cluster.refusal = RolloutEvent.Outcome.RETRY;

        nameAnother(cluster);
        cluster.run(Duration.ofSeconds(3));
        cluster.edit(Specs.ofTarget("basket", cluster.spec));
        cluster.run(Duration.ofSeconds(3));
        cluster.refusal = null;
        cluster.run(LONG);

        assertThat(cluster.routes.getFirst().action()).isEqualTo(RouteAction.SHIFT);
        assertThat(asked(cluster)).contains(RouteAction.INITIALIZE);
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.INITIALIZED);
    }

    @Test
    void whatCannotBeTakenBackIsToldAndKeepsNoTargetFromBeingMade() {
        var cluster = at(r -> r.traffic().canaryWeight().isAny());
        cluster.refusal = RolloutEvent.Outcome.RETRY;

        nameAnother(cluster);
        cluster.run(LONG);
        cluster.refusal = null;
        cluster.run(LONG);

        assertThat(cluster.happened("InitializationFailed")).isNotEmpty();
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.INITIALIZED);
    }

    @Test
    void theEndOfARunIsAlerted() {
        var cluster = at(r -> r.traffic().canaryWeight().isAny());
        cluster.chats.clear();

        nameAnother(cluster);
        cluster.run(Duration.ofMillis(500));

        assertThat(cluster.chats)
                .extracting(Effect.Chat::message)
                .anyMatch(
                        it ->
                                it.contains(
                                        "The run ends without a verdict: cart.test is the target"));
    }

    @Test
    void nobodyIsSentToATargetThatHasNoTraffic() {
        var cluster = at(r -> r.traffic().canaryWeight().isAny());
        cluster.neverReady.add("primary-b");
        cluster.chats.clear();

        nameAnother(cluster);
        cluster.run(LONG);

        assertThat(cluster.last("InitializationFailed").message())
                .contains("the primary of before goes on serving");
        assertThat(cluster.rollout.stage()).isInstanceOf(Stage.InitializationFailed.class);
        assertThat(Situation.of(cluster.rollout, cluster.rollout).traffic())
                .isEqualTo(Situation.Place.PRIMARY);
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
