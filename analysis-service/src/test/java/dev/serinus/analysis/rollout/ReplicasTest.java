package dev.serinus.analysis.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.analysis.rollout.Effect.Pods;
import dev.serinus.analysis.rollout.Effect.Route;
import dev.serinus.analysis.rollout.Effect.RouteAction;
import dev.serinus.analysis.rollout.RolloutEvent.Action;
import dev.serinus.schemas.canary.Weight;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;

/** A canary without a mesh, whose share is that of its pods behind one Service. */
class ReplicasTest {

    private static final Spec SPEC =
            Specs.byReplicas(
                    Specs.planned(
                            Specs.linear(),
                            Specs.strategy(0, 0, List.of(10, 30, 50), 50, 0, 0, false, false)));

    private static SimulatedCluster at(int percent) {
        var cluster = SimulatedCluster.initialized(SPEC);
        cluster.image("b");
        while (cluster.weight() < percent) {
            cluster.run(Duration.ofSeconds(1));
        }
        return cluster;
    }

    @Test
    void itGoesThroughItsSharesWithThePodsOfEachToAPromotionAtTheWholeCanary() {
        var cluster = SimulatedCluster.initialized(SPEC);

        cluster.image("b");
        cluster.run(Duration.ofMinutes(10));

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
        assertThat(cluster.turned)
                .extracting(turned -> turned.route().split().canaryWeight().wholePercent())
                .containsExactly(10, 30, 50, 0);
        assertThat(cluster.turned.subList(0, 3))
                .extracting(SimulatedCluster.Turned::targetPods)
                .as("beside ten of the primary")
                .containsExactly(2, 5, 10);
        assertThat(cluster.turned.getLast().before())
                .as("the primary is replaced while it gets nothing")
                .isEqualTo(Weight.ALL);
        assertThat(cluster.primaryPods).isEqualTo(SimulatedCluster.ENOUGH);
        assertThat(cluster.told).noneMatch(line -> line.contains("not supported"));
    }

    @Test
    void eachStepAsksForThePodsOfItsShareFirst() {
        var cluster = SimulatedCluster.initialized(SPEC);

        cluster.image("b");
        cluster.run(Duration.ofMinutes(10));

        assertThat(cluster.routes)
                .filteredOn(route -> route.action() == RouteAction.SHIFT)
                .filteredOn(route -> route.split().canaryWeight().isAny())
                .isNotEmpty()
                .allSatisfy(
                        route ->
                                assertThat(route.pods())
                                        .isEqualTo(new Pods(route.split().canaryWeight(), true)));
        assertThat(cluster.routes)
                .filteredOn(Route::targetRunning)
                .filteredOn(route -> route.action() == RouteAction.SCALE)
                .extracting(Route::pods)
                .containsOnly(new Pods(Weight.percent(10), false));
    }

    @Test
    void whatFailsIsTakenBackAtOnceAndItsPodsGoAfterwards() {
        // Given
        var cluster = at(30);
        cluster.routes.clear();
        // When
        cluster.ask(Action.ABORT);
        cluster.run(Duration.ofMinutes(2));
        // Then
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.FAILED);
        assertThat(cluster.routes)
                .extracting(Route::action)
                .containsSubsequence(RouteAction.SHIFT, RouteAction.SCALE);
        assertThat(cluster.routes.getFirst().split().canaryWeight()).isEqualTo(Weight.NONE);
        assertThat(cluster.primaryPods).isEqualTo(SimulatedCluster.ENOUGH);
    }

    @Test
    void promotedByPeopleItIsWholeBeforeThePrimaryIsReplacedToo() {
        // Given
        var cluster = at(30);
        cluster.turned.clear();
        // When
        cluster.ask(Action.PROMOTE);
        cluster.run(Duration.ofMinutes(3));
        // Then
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
        assertThat(cluster.turned)
                .singleElement()
                .satisfies(
                        turned -> {
                            assertThat(turned.before()).isEqualTo(Weight.ALL);
                            assertThat(turned.targetPods()).isEqualTo(SimulatedCluster.ENOUGH);
                        });
    }

    @Test
    void aNewRevisionBeginsAgainWithThePodsOfItsFirstShare() {
        // Given
        var cluster = at(50);
        cluster.turned.clear();
        // When
        cluster.image("c");
        cluster.run(Duration.ofMinutes(10));
        // Then
        assertThat(cluster.turned)
                .extracting(turned -> turned.route().split().canaryWeight().wholePercent())
                .startsWith(0, 10, 30);
        assertThat(cluster.turned.get(1).targetPods()).isEqualTo(2);
    }

    @Test
    void anEditThatTakesItAwayInMidRunLeavesThePrimaryWithEverybody() {
        // Given
        var cluster = at(30);
        // When
        cluster.edit(Specs.of("kubernetes", Specs.ruled(SPEC, RunRules.NONE)));
        cluster.run(Duration.ofMinutes(10));
        // Then
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
        assertThat(cluster.weight()).isZero();
    }

    @Test
    void whatAnOlderRouterDidNotTurnIsNoStepAndIsNotPromoted() {
        // Given
        var cluster = SimulatedCluster.initialized(SPEC);
        cluster.isRouterOlder = true;
        // When
        cluster.image("b");
        cluster.run(Duration.ofMinutes(30));
        // Then
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.FAILED);
        assertThat(cluster.primaryRevision).isEqualTo("a");
        assertThat(cluster.told)
                .noneMatch(line -> line.contains("Advance"))
                .anyMatch(
                        line ->
                                line.contains(
                                        "the router shows 0 % at the canary instead of 10 %"));
        assertThat(cluster.routes)
                .as("how often it is asked within the deadline")
                .filteredOn(route -> route.split().canaryWeight().isAny())
                .hasSizeLessThan(30);
    }

    @Test
    void itGoesOnWithTheStepOnceTheRouterIsUpgraded() {
        // Given
        var cluster = SimulatedCluster.initialized(SPEC);
        cluster.isRouterOlder = true;
        cluster.image("b");
        while (cluster.told.stream().noneMatch(line -> line.contains("the router shows"))) {
            cluster.run(Duration.ofSeconds(1));
        }
        // When
        cluster.isRouterOlder = false;
        cluster.run(Duration.ofMinutes(10));
        // Then
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
        assertThat(cluster.turned)
                .extracting(turned -> turned.route().split().canaryWeight().wholePercent())
                .containsExactly(10, 30, 50, 0);
    }

    @Test
    void aRescueThatNobodyTurnedIsAskedForAgain() {
        // Given
        var cluster = at(30);
        cluster.isRouterOlder = true;
        // When
        cluster.turned.clear();
        cluster.primaryServes(false);
        cluster.run(Duration.ofMinutes(1));
        cluster.isRouterOlder = false;
        cluster.run(Duration.ofMinutes(2));
        // Then
        assertThat(cluster.turned)
                .extracting(turned -> turned.route().split().canaryWeight().wholePercent())
                .contains(100);
    }
}
