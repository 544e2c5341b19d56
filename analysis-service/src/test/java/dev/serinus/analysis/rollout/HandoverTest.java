package dev.serinus.analysis.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import static java.util.Objects.requireNonNull;

import dev.serinus.analysis.rollout.Effect.RouteAction;
import dev.serinus.analysis.rollout.RolloutEvent.Held;
import dev.serinus.analysis.rollout.RolloutEvent.PausedBy;
import dev.serinus.analysis.rollout.RolloutEvent.Prior;
import dev.serinus.analysis.rollout.gate.GateLimit;
import dev.serinus.analysis.rollout.gate.WaitingGate;
import dev.serinus.analysis.rollout.judge.Limits;
import dev.serinus.analysis.rollout.judge.MetricCounts;
import dev.serinus.schemas.canary.Weight;
import dev.serinus.schemas.hook.HookType;
import dev.serinus.schemas.hook.Point;

import org.jspecify.annotations.Nullable;
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

    // ---- what people were to decide upon

    private static final Duration HOLD = Duration.ofMinutes(30);

    private static Prior ours(
            Phase phase, int weight, @Nullable Held held, @Nullable PausedBy paused) {
        return ours(phase, weight, held, paused, List.of());
    }

    private static Prior ours(
            Phase phase,
            int weight,
            @Nullable Held held,
            @Nullable PausedBy paused,
            List<MetricCounts> counts) {
        return new Prior(
                phase,
                Weight.percent(weight),
                0,
                0,
                phase == Phase.WAITING ? "old" : "a",
                "old",
                null,
                4,
                17,
                9,
                held,
                paused,
                counts);
    }

    @Test
    void whatWasHeldIsHeldAgainWhateverTheReason() {
        // Given: what the status of one says that was held for a limit of a metric
        var held = new Held("errors failed once, and its failureLimit is 0", null);
        var cluster =
                met(
                        Specs.holding(Specs.linear(), HOLD),
                        ours(Phase.PROGRESSING, 40, held, null),
                        "old",
                        40);
        // When
        cluster.run(LONG);
        // Then
        assertThat(cluster.rollout.stage().awaited()).isInstanceOf(Awaited.Decision.class);
        assertThat(cluster.weight()).isEqualTo(40);
        assertThat(StatusView.of(cluster.rollout).held()).isEqualTo(held);
        // When
        cluster.run(HOLD);
        // Then
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.FAILED);
        assertThat(cluster.weight()).isZero();
    }

    @Test
    void whatThePromotionsGateHeldWaitsForPeopleAndItsWebhookIsNotAskedAgain() {
        var gate = new WaitingGate(Point.PROMOTE, "board");
        var spec =
                Specs.holding(
                        Specs.linear(
                                Specs.hook(
                                        "board",
                                        HookType.CONFIRM_PROMOTION,
                                        HOLD,
                                        GateLimit.OnTimeout.HOLD)),
                        HOLD);
        var cluster =
                met(
                        spec,
                        ours(
                                Phase.WAITING_PROMOTION,
                                60,
                                new Held("board said no for 30m", gate),
                                null),
                        "old",
                        60);
        cluster.hooks = (_, _) -> true;

        cluster.run(LONG);

        assertThat(cluster.rollout.stage().awaited()).isInstanceOf(Awaited.Decision.class);
        assertThat(cluster.rollout.waitingFor()).startsWith("approve, resume, retry");
        cluster.ask(RolloutEvent.Action.APPROVE);
        cluster.run(LONG);
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
    }

    @Test
    void whatTheGateOfTheStartHeldIsNotBegun() {
        var gate = new WaitingGate(Point.START, "board");
        var spec =
                Specs.holding(
                        Specs.linear(
                                Specs.hook(
                                        "board",
                                        HookType.CONFIRM_ROLLOUT,
                                        HOLD,
                                        GateLimit.OnTimeout.HOLD)),
                        HOLD);
        var cluster =
                met(
                        spec,
                        ours(Phase.WAITING, 0, new Held("board said no for 30m", gate), null),
                        "old",
                        0);
        cluster.hooks = (_, _) -> true;

        cluster.run(LONG);

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.WAITING);
        assertThat(cluster.rollout.stage().awaited()).isInstanceOf(Awaited.Decision.class);
        cluster.ask(RolloutEvent.Action.APPROVE);
        cluster.run(LONG);
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
        assertThat(cluster.primaryRevision).isEqualTo("a");
    }

    @Test
    void whatIsNotToBeHeldAnyMoreIsTakenBack() {
        var held = new Held("the canary was not ready in time", null);
        var cluster = met(Specs.linear(), ours(Phase.PROGRESSING, 40, held, null), "old", 40);

        cluster.run(LONG);

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.FAILED);
    }

    @Test
    void whatSomebodyPausedIsPausedStill() {
        var paused = new PausedBy("ada", "the dashboard looks odd");
        var cluster = met(Specs.linear(), ours(Phase.PROGRESSING, 40, null, paused), "old", 40);

        cluster.run(LONG);

        assertThat(cluster.weight()).isEqualTo(40);
        assertThat(cluster.rollout.waitingFor())
                .isEqualTo("resume, since it was paused by ada: the dashboard looks odd");
        assertThat(StatusView.of(cluster.rollout).paused()).isEqualTo(paused);
        assertThat(cluster.happened("Suspended")).isEmpty();
        cluster.ask(RolloutEvent.Action.RESUME);
        cluster.run(LONG);
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
    }

    @Test
    void aMetricWithoutAVerdictHoldsForPeopleAsItDid() {
        var found =
                new MetricCounts(
                        "request-success-rate", 1, 0, 2, 0, new Limits(null, null, null), null);
        var spec = Specs.limited(Specs.linear(), new Limits(null, null, 1));
        var cluster = met(spec, ours(Phase.PROGRESSING, 40, null, null, List.of(found)), "old", 40);

        assertThat(cluster.rollout.stage().awaited())
                .isEqualTo(new Awaited.Interval(new Awaited.Reason.Undecided()));
        assertThat(requireNonNull(cluster.rollout.run().counted()).metrics())
                .singleElement()
                .returns(1, MetricCounts::failed)
                .returns(2, MetricCounts::inconclusive);
        assertThat(cluster.rollout.waitingFor()).startsWith("resume, promote or abort");
    }
}
