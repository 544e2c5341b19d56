package dev.serinus.analysis.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.analysis.rollout.Effect.RouteAction;
import dev.serinus.analysis.rollout.plan.Plan;
import dev.serinus.schemas.hook.HookType;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** How fast a manifest lets a release go: checks in all beside weights, and a first step later. */
class ManifestPaceTest {

    private static final Duration LONG = Duration.ofMinutes(10);

    private static List<String> moves(SimulatedCluster cluster) {
        return cluster.told.stream()
                .filter(line -> line.contains("Advance") || line.contains("Keep"))
                .toList();
    }

    private static Spec twentyToFortyInFiveChecks(Spec.Hook... hooks) {
        return Specs.with(
                Specs.strategy(5, 20, List.of(), 40, 40, 0, false, false), 2, false, false, hooks);
    }

    @Test
    void checksBesideWeightsAreSpentAtTheLastWeight() {
        var cluster = SimulatedCluster.initialized(twentyToFortyInFiveChecks());
        var start = cluster.now;

        cluster.image("b");
        cluster.run(LONG);

        assertThat(moves(cluster))
                .containsExactly(
                        "N Advance podinfo.test canary weight 20",
                        "N Advance podinfo.test canary weight 40",
                        "N Keep podinfo.test canary weight 40, check 3/5",
                        "N Keep podinfo.test canary weight 40, check 4/5",
                        "N Keep podinfo.test canary weight 40, check 5/5");
        assertThat(cluster.statuses)
                .containsSubsequence(
                        "Progressing 20 0 1", "Progressing 40 0 2", "Progressing 40 0 5")
                .endsWith("Succeeded 0 0 0");
        assertThat(cluster.routes)
                .filteredOn(route -> route.split().canaryWeight().isAny())
                .extracting(Effect.Route::action)
                .as("the route is written once for each weight")
                .containsExactly(RouteAction.SHIFT, RouteAction.SHIFT, RouteAction.PROMOTE);
        assertThat(Duration.between(start, cluster.history.getLast().at()))
                .as("five intervals and the drain")
                .isBetween(Duration.ofSeconds(60), Duration.ofSeconds(60 + 8));
    }

    /** Admission refuses so many; the machine does not rely on it. */
    @Test
    void noManifestAsksForMoreChecksThanThereAreInTwoWeeksOfMinutes() {
        for (boolean matched : List.of(true, false)) {
            var strategy = Specs.strategy(1_000_000_000, 0, List.of(), 0, 0, 0, false, matched);

            assertThat(Plan.of(strategy, true)).hasSizeBetween(20_160, 20_161);
            assertThat(Plan.of(strategy, false)).hasSizeBetween(20_160, 20_161);
        }
        assertThat(
                        Plan.of(
                                Specs.strategy(
                                        1_000_000_000, 20, List.of(), 40, 40, 0, false, false),
                                true))
                .hasSize(20_160);
    }

    @Test
    void aBadRevisionIsTakenBackAtTheLastWeightAsAnywhere() {
        var cluster = SimulatedCluster.initialized(twentyToFortyInFiveChecks());
        cluster.metrics =
                (_, revision) ->
                        revision.equals("b") && cluster.rollout.traffic().iterations() == 4
                                ? 10.0
                                : 100.0;

        cluster.image("b");
        cluster.run(LONG);

        assertThat(moves(cluster)).hasSize(4);
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.FAILED);
        assertThat(cluster.primaryRevision).isEqualTo("a");
    }

    @Test
    void nobodyIsAskedForMoreTrafficWhereNoneIsGiven() {
        var cluster =
                SimulatedCluster.initialized(
                        twentyToFortyInFiveChecks(
                                Specs.hook("more", HookType.CONFIRM_TRAFFIC_INCREASE)));

        cluster.image("b");
        cluster.run(LONG);

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
        assertThat(cluster.calls)
                .as("before each of both weights, and as in Flagger after the last check")
                .hasSize(3);
    }

    @Test
    void aMeshWithoutRoutesChecksAsOftenAsItSays() {
        var cluster =
                SimulatedCluster.initialized(Specs.of("kubernetes", twentyToFortyInFiveChecks()));

        cluster.image("b");
        cluster.run(LONG);

        assertThat(moves(cluster))
                .containsExactly(
                        "N Advance podinfo.test canary iteration 1/5",
                        "N Advance podinfo.test canary iteration 2/5",
                        "N Advance podinfo.test canary iteration 3/5",
                        "N Advance podinfo.test canary iteration 4/5",
                        "N Advance podinfo.test canary iteration 5/5");
    }

    @Test
    void theFirstStepWaitsAndNothingIsCalledBefore() {
        var spec =
                Specs.delayed(
                        Specs.linear(Specs.hook("pre", HookType.PRE_ROLLOUT)),
                        Duration.ofSeconds(30));
        var cluster = SimulatedCluster.initialized(spec);
        cluster.image("b");
        cluster.run(Duration.ofSeconds(20));

        assertThat(cluster.rollout.waitingFor()).isEqualTo("the end of spec.analysis.delay");
        assertThat(cluster.calls).isEmpty();
        assertThat(moves(cluster)).isEmpty();
        Instant scaled = cluster.history.getLast().at();

        cluster.run(LONG);

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
        assertThat(cluster.calls).hasSize(1);
        Instant first =
                cluster.history.stream()
                        .filter(event -> event.type().equals("WeightShifted"))
                        .findFirst()
                        .orElseThrow()
                        .at();
        assertThat(Duration.between(scaled, first))
                .isBetween(Duration.ofSeconds(30), Duration.ofSeconds(30 + 8));
    }

    @Test
    void aSecondTryOfTheHooksBeforeTrafficDoesNotWaitAgain() {
        var spec =
                Specs.delayed(
                        Specs.linear(Specs.hook("pre", HookType.PRE_ROLLOUT)),
                        Duration.ofMinutes(5));
        var cluster = SimulatedCluster.initialized(spec);
        cluster.hooks = (_, _) -> cluster.calls.size() > 1;

        cluster.image("b");
        cluster.run(LONG);

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
    }

    /** A primary that comes and goes must not keep a canary from its first step for ever. */
    @Test
    void aPrimaryThatWasWaitedForDoesNotBeginTheDelayAnew() {
        var cluster =
                SimulatedCluster.initialized(Specs.delayed(Specs.linear(), Duration.ofSeconds(30)));
        cluster.image("b");
        cluster.run(Duration.ofSeconds(25));

        cluster.primaryServes(false);
        cluster.run(Duration.ofSeconds(20));
        assertThat(cluster.rollout.waitingFor()).contains("primary");
        cluster.primaryServes(true);
        cluster.run(Duration.ofSeconds(5));

        assertThat(moves(cluster)).hasSize(1);
    }

    @Test
    void whoPausesDuringAHookBeforeTrafficDoesNotWaitAgain() {
        var spec =
                Specs.delayed(
                        Specs.linear(Specs.hook("pre", HookType.PRE_ROLLOUT)),
                        Duration.ofMinutes(5));
        var cluster = SimulatedCluster.initialized(spec);
        cluster.image("b");
        while (cluster.calls.isEmpty()) {
            cluster.run(Duration.ofMillis(20));
        }
        cluster.ask(RolloutEvent.Action.PAUSE);
        cluster.run(Duration.ofMinutes(1));

        cluster.ask(RolloutEvent.Action.RESUME);
        cluster.run(Duration.ofSeconds(10));

        assertThat(moves(cluster)).hasSize(1);
    }

    @Test
    void anEditShortensTheDelayThatIsWaitedFor() {
        var cluster =
                SimulatedCluster.initialized(Specs.delayed(Specs.linear(), Duration.ofHours(1)));
        cluster.image("b");
        cluster.run(Duration.ofMinutes(1));

        cluster.edit(Specs.delayed(Specs.linear(), Duration.ofSeconds(90)));
        cluster.run(Duration.ofSeconds(20));
        assertThat(moves(cluster)).isEmpty();
        cluster.run(Duration.ofSeconds(15));
        assertThat(moves(cluster)).hasSize(1);
    }

    @Test
    void withoutADelayAnyLongerTheFirstStepComes() {
        var cluster =
                SimulatedCluster.initialized(Specs.delayed(Specs.linear(), Duration.ofHours(1)));
        cluster.image("b");
        cluster.run(Duration.ofMinutes(1));

        cluster.edit(Specs.linear());
        cluster.run(Duration.ofSeconds(5));

        assertThat(moves(cluster)).hasSize(1);
    }

    @Test
    void aRunWithoutAnalysisDoesNotWait() {
        var spec = Specs.delayed(Specs.with(Specs.LINEAR, 2, true, false), Duration.ofHours(1));
        var cluster = SimulatedCluster.initialized(spec);

        cluster.image("b");
        cluster.run(LONG);

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
    }

    @Test
    void whoPausesMeanwhileIsWaitedFor() {
        var cluster =
                SimulatedCluster.initialized(Specs.delayed(Specs.linear(), Duration.ofSeconds(30)));
        cluster.image("b");
        cluster.run(Duration.ofSeconds(20));

        cluster.ask(RolloutEvent.Action.PAUSE);
        cluster.run(LONG);
        assertThat(moves(cluster)).isEmpty();
        cluster.ask(RolloutEvent.Action.RESUME);
        cluster.run(LONG);

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
    }
}
