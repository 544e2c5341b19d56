package dev.serinus.analysis.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.analysis.rollout.Effect.RouteAction;
import dev.serinus.analysis.rollout.RolloutEvent.Prior;
import dev.serinus.schemas.canary.Weight;
import dev.serinus.schemas.hook.HookType;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;

/** What Flagger left goes on from where it is: nothing starts and nothing moves because of it. */
class HandoverTest {

    private static final Duration LONG = Duration.ofMinutes(10);
    private static final String FLAGGERS = "6544dc6d99";

    private static Prior flaggers(Phase phase, int weight, int iterations) {
        return new Prior(
                phase,
                Weight.percent(weight),
                1,
                iterations,
                FLAGGERS,
                "7dbb6b5c5d",
                null,
                0,
                0,
                0);
    }

    private static SimulatedCluster met(Spec spec, Prior prior, String primaryRuns, int routed) {
        var cluster = new SimulatedCluster(spec);
        cluster.found(prior, primaryRuns, routed);
        cluster.run(Duration.ofSeconds(5));
        return cluster;
    }

    private static void assertNothingMoved(SimulatedCluster cluster) {
        assertThat(cluster.routes)
                .extracting(Effect.Route::action)
                .containsExactly(RouteAction.INITIALIZE);
        assertThat(cluster.told).isEmpty();
        assertThat(cluster.decisions.getFirst().effects())
                .as("the status is as it was found, until the router has looked")
                .noneMatch(Effect.Announce.class::isInstance);
        assertThat(cluster.rollout.revisions().appliedText()).isEqualTo(FLAGGERS);
    }

    @Test
    void oneThatRestsRestsOnAndTheNextRevisionIsItsFirstRun() {
        var cluster = met(Specs.linear(), flaggers(Phase.SUCCEEDED, 0, 0), "a", 0);
        assertNothingMoved(cluster);
        assertThat(cluster.rollout.due()).isEmpty();

        cluster.image("b");
        cluster.run(LONG);

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
        assertThat(cluster.rollout.run().number()).isEqualTo(1);
    }

    @Test
    void oneInTheMiddleOfARunGoesOnAtTheNextWeight() {
        var cluster = met(Specs.linear(), flaggers(Phase.PROGRESSING, 40, 0), "old", 40);
        assertNothingMoved(cluster);
        assertThat(cluster.rollout.traffic().failedChecks()).isEqualTo(1);

        cluster.run(LONG);

        assertThat(cluster.statuses)
                .containsSubsequence(
                        "Progressing 60 1 0",
                        "Promoting 60 1 0",
                        "Finalising 0 1 0",
                        "Succeeded 0 1 0")
                .noneMatch(line -> line.startsWith("Progressing 20"));
        assertThat(cluster.primaryRevision).isEqualTo("a");
    }

    @Test
    void theHashThatFlaggerGaveARevisionStaysWhenTheRevisionIsPromoted() {
        var cluster = met(Specs.linear(), flaggers(Phase.PROGRESSING, 40, 0), "old", 40);

        cluster.run(LONG);

        var revisions = cluster.rollout.revisions();
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
        assertThat(List.of(revisions.appliedText(), revisions.promotedText()))
                .containsExactly(FLAGGERS, FLAGGERS);
        assertThat(revisions.promoted()).isEqualTo("a");
    }

    @Test
    void iterationsAreCountedOn() {
        var strategy = Specs.strategy(3, 0, List.of(), 100, 0, 0, false, true);
        var spec = Specs.with(strategy, 2, false, false);

        var cluster = met(spec, flaggers(Phase.PROGRESSING, 0, 2), "old", 100);
        assertNothingMoved(cluster);
        cluster.run(LONG);

        assertThat(cluster.told).contains("N Advance podinfo.test canary iteration 3/3");
        assertThat(cluster.told).noneMatch(words -> words.endsWith("iteration 1/3"));
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
    }

    /** A Canary of Serinus whose state was lost. */
    @Test
    void checksAtTheLastWeightAreCountedOn() {
        var strategy = Specs.strategy(5, 20, List.of(), 40, 40, 0, false, false);
        var spec = Specs.with(strategy, 2, false, false);

        var cluster = met(spec, flaggers(Phase.PROGRESSING, 40, 3), "old", 40);
        cluster.run(LONG);

        assertThat(cluster.told)
                .contains(
                        "N Keep podinfo.test canary weight 40, check 4/5",
                        "N Keep podinfo.test canary weight 40, check 5/5")
                .noneMatch(words -> words.contains("check 3/5") || words.contains("Advance"));
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
    }

    @Test
    void sharesOfThoseWhoMatchAreStillTheirs() {
        var strategy = Specs.strategy(0, 20, List.of(), 100, 100, 0, false, true);
        var spec = Specs.with(strategy, 2, false, false);

        var cluster = met(spec, flaggers(Phase.PROGRESSING, 100, 0), "old", 100);

        assertNothingMoved(cluster);
        assertThat(cluster.rollout.traffic().split().matched()).isTrue();
    }

    @Test
    void oneThatWaitsForItsPromotionWaitsOnWithItsTrafficWhereItIs() {
        var spec = Specs.linear(Specs.hook("approve", HookType.CONFIRM_PROMOTION));
        var cluster = new SimulatedCluster(spec);
        cluster.hooks = (_, before) -> before >= 2;
        cluster.found(flaggers(Phase.WAITING_PROMOTION, 0, -1), "old", 60);
        cluster.run(Duration.ofSeconds(5));
        assertNothingMoved(cluster);

        cluster.run(Duration.ofSeconds(20));
        assertThat(cluster.weight()).isEqualTo(60);
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.WAITING_PROMOTION);
        cluster.run(LONG);

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
        assertThat(cluster.told).noneMatch(words -> words.contains("canary weight"));
    }

    @Test
    void oneThatWaitsForItsStartAsksItsGateAgain() {
        var spec = Specs.linear(Specs.hook("start", HookType.CONFIRM_ROLLOUT));
        var cluster = new SimulatedCluster(spec);
        cluster.hooks = (_, before) -> before >= 1;
        cluster.found(flaggers(Phase.WAITING, 0, 0), "old", 0);

        cluster.run(Duration.ofSeconds(5));

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.WAITING);
        cluster.run(LONG);
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
        assertThat(cluster.primaryRevision).isEqualTo("a");
    }

    @Test
    void oneThatFailedIsNotTriedAgain() {
        var cluster = met(Specs.linear(), flaggers(Phase.FAILED, 0, 0), "old", 0);

        cluster.run(LONG);

        assertNothingMoved(cluster);
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.FAILED);
        assertThat(cluster.rollout.due()).isEmpty();
    }

    @Test
    void aRevisionThatCameWhileNobodyLookedGetsItsRollout() {
        var cluster = met(Specs.linear(), flaggers(Phase.SUCCEEDED, 0, 0), "old", 0);

        cluster.run(LONG);

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
        assertThat(cluster.primaryRevision).isEqualTo("a");
    }
}
