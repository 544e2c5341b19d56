package dev.serinus.analysis.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.analysis.rollout.Effect.RouteAction;
import dev.serinus.analysis.rollout.RolloutEvent.Action;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;

/** Who is protected from being sent where nobody answers, when, and when there is nothing to do. */
class ProtectionTest {

    private static final Duration LONG = Duration.ofMinutes(10);
    private static final Duration MOMENT = Duration.ofSeconds(1);

    private static SimulatedCluster atSome() {
        var cluster = SimulatedCluster.initialized(Specs.linear());
        cluster.image("b");
        until(cluster, r -> r.traffic().canaryWeight().isAny());
        cluster.run(MOMENT);
        clear(cluster);
        return cluster;
    }

    private static void clear(SimulatedCluster cluster) {
        cluster.routes.clear();
        cluster.told.clear();
        cluster.history.clear();
    }

    private static void until(SimulatedCluster cluster, Predicate<Rollout> so) {
        for (int i = 0; i < 10_000; i++) {
            if (so.test(cluster.rollout)) {
                return;
            }
            cluster.run(Duration.ofMillis(10));
        }
        throw new AssertionError("at " + cluster.rollout.stage());
    }

    private static List<Integer> shifts(SimulatedCluster cluster) {
        return cluster.routes.stream()
                .filter(route -> route.action() == RouteAction.SHIFT)
                .map(route -> route.split().canaryWeight().wholePercent())
                .toList();
    }

    @Test
    void atRestNobodyIsLedFromASideWithoutTraffic() {
        var cluster = SimulatedCluster.initialized(Specs.linear());
        cluster.targetReplicas = 2;
        cluster.targetServes(true);
        cluster.run(MOMENT);
        clear(cluster);

        cluster.primaryServes(false);
        cluster.run(MOMENT);
        cluster.primaryServes(true);
        cluster.targetServes(false);
        cluster.run(LONG);

        assertThat(shifts(cluster)).isEmpty();
    }

    @Test
    void beforeItIsSteeredNothingIsMoved() {
        var cluster = new SimulatedCluster(Specs.linear());
        cluster.neverReady.add("primary-a");
        cluster.create();

        cluster.run(Duration.ofSeconds(30));

        assertThat(cluster.routes)
                .extracting(Effect.Route::action)
                .containsOnly(RouteAction.INITIALIZE);
    }

    @Test
    void aStrategyWithoutRoutesHasNoneToMove() {
        var cluster =
                SimulatedCluster.initialized(
                        Specs.of(
                                "kubernetes",
                                Specs.with(
                                        Specs.strategy(2, 0, List.of(), 100, 0, 0, false, false),
                                        2,
                                        false,
                                        false)));
        cluster.image("b");
        cluster.run(Duration.ofSeconds(5));
        clear(cluster);

        cluster.primaryServes(false);
        cluster.run(MOMENT);

        assertThat(shifts(cluster)).isEmpty();
    }

    @Test
    void whoLosesTheCanaryIsToldWhyAndStepsBackOnce() {
        var cluster = atSome();
        int reached = cluster.rollout.run().reached();

        cluster.targetServes(false);
        cluster.run(MOMENT);

        assertThat(shifts(cluster)).containsExactly(0);
        assertThat(cluster.last("Held").message()).startsWith("The canary does not serve");
        assertThat(cluster.told).anyMatch(it -> it.startsWith("W "));
        assertThat(cluster.rollout.run().reached()).isEqualTo(reached - 1);
    }

    @Test
    void whoLosesTheBaselineIsToldThatItIsTheBaseline() {
        var cluster = SimulatedCluster.initialized(Specs.withBaseline(Specs.linear(), true));
        cluster.image("b");
        until(
                cluster,
                r -> r.traffic().canaryWeight().isAny() && r.traffic().split().baseline() != null);
        cluster.run(MOMENT);
        clear(cluster);

        cluster.baselineServes(false);
        cluster.run(MOMENT);

        assertThat(cluster.last("Held").message()).startsWith("The baseline does not serve");
        assertThat(shifts(cluster)).startsWith(0);
    }

    @Test
    void aPrimaryThatComesBackInMidRunGetsItsShareAgainAtOnce() {
        var cluster = atSome();
        until(cluster, r -> r.run().reached() == 2);
        cluster.run(MOMENT);
        clear(cluster);
        int before = cluster.weight();

        cluster.primaryServes(false);
        cluster.run(MOMENT);
        assertThat(cluster.weight()).isEqualTo(100);
        cluster.primaryServes(true);
        cluster.run(MOMENT);

        assertThat(shifts(cluster)).containsExactly(100, before);
    }

    @Test
    void aPrimaryThatServesWithSomeOfItsPodsGetsNothingBackYet() {
        var cluster = atSome();
        cluster.primaryServes(false);
        cluster.run(MOMENT);

        cluster.primaryPartly = true;
        cluster.primaryServes(true);
        cluster.run(MOMENT);

        assertThat(cluster.weight()).isEqualTo(100);
    }

    @Test
    void aCanaryThatIsLostWhileThePrimaryIsReplacedLosesItsTrafficToWhoeverServes() {
        var cluster = SimulatedCluster.initialized(Specs.linear());
        cluster.neverReady.add("primary-b");
        cluster.image("b");
        until(cluster, r -> r.stage().awaited() instanceof Awaited.PromotedPrimary);
        cluster.run(MOMENT);
        clear(cluster);
        assertThat(cluster.weight()).isPositive();

        cluster.targetServes(false);
        cluster.run(MOMENT);

        assertThat(shifts(cluster)).startsWith(0);
        assertThat(cluster.rollout.run().reached())
                .as("it is not analysed again")
                .isEqualTo(cluster.rollout.run().stops().size());
    }

    @Test
    void aRollbackIsNotTurnedByACanaryThatIsLost() {
        var cluster = atSome();
        cluster.refusal = RolloutEvent.Outcome.RETRY;
        cluster.ask(Action.ABORT);
        until(cluster, r -> r.stage().question() instanceof Question.RollBack);
        long step = cluster.rollout.counters().step();

        cluster.targetServes(false);
        cluster.run(MOMENT);

        assertThat(cluster.rollout.stage().question()).isInstanceOf(Question.RollBack.class);
        assertThat(cluster.rollout.counters().step()).isEqualTo(step);
        assertThat(cluster.happened("Held")).isEmpty();
        cluster.refusal = null;
        cluster.run(LONG);
        assertThat(cluster.weight()).isZero();
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.FAILED);
    }

    @Test
    void aRollbackWhosePrimaryIsLostLeavesTrafficWhereSomebodyServesUntilItIsBack() {
        var cluster = atSome();
        cluster.refusal = RolloutEvent.Outcome.RETRY;
        cluster.ask(Action.ABORT);
        until(cluster, r -> r.stage().question() instanceof Question.RollBack);

        cluster.primaryServes(false);
        cluster.refusal = null;
        cluster.run(Duration.ofSeconds(10));

        assertThat(cluster.weight()).isEqualTo(100);
        cluster.primaryServes(true);
        cluster.run(LONG);
        assertThat(cluster.weight()).isZero();
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.FAILED);
    }
}
