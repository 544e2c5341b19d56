package dev.serinus.analysis.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.analysis.rollout.Effect.RouteAction;
import dev.serinus.analysis.rollout.RolloutEvent.Action;
import dev.serinus.analysis.rollout.RolloutEvent.Outcome;
import dev.serinus.analysis.rollout.RolloutEvent.Prior;
import dev.serinus.analysis.rollout.judge.OnUnknown;
import dev.serinus.analysis.rollout.plan.Exposure;
import dev.serinus.analysis.rollout.plan.Strategy;
import dev.serinus.analysis.rollout.tell.Severity;
import dev.serinus.schemas.canary.Weight;
import dev.serinus.schemas.hook.HookType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.List;
import java.util.Set;

/** Faults that were met in practice, each as it has to be instead. */
class RolloutFaultsTest {

    private static final Duration LONG = Duration.ofMinutes(10);
    private static final Strategy BLUE_GREEN =
            Specs.strategy(2, 0, List.of(), 100, 0, 0, false, false);
    private static final Strategy MIRRORED =
            Specs.strategy(0, 50, List.of(), 50, 50, 0, true, false);
    private static final Strategy AB = Specs.strategy(2, 0, List.of(), 100, 0, 0, false, true);

    private static SimulatedCluster atTwenty() {
        var cluster = SimulatedCluster.initialized(Specs.linear());
        cluster.image("b");
        cluster.run(Duration.ofSeconds(9));
        assertThat(cluster.weight()).isEqualTo(20);
        return cluster;
    }

    private static List<String> kinds(SimulatedCluster cluster) {
        return cluster.history.stream().map(Effect.Happened::type).toList();
    }

    // ---- weights between whole percents

    @Test
    void aMeshWithWholePercentsIsSteppedBackByWholeOnes() {
        var strategy = Specs.strategy(2, 0, List.of(), 100, 0, 33.5, false, false);
        var cluster =
                SimulatedCluster.initialized(
                        Specs.of("osm", Specs.with(strategy, 2, false, false)));
        cluster.image("b");
        cluster.run(LONG);

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
        assertThat(cluster.routes)
                .filteredOn(route -> route.action() == RouteAction.SHIFT)
                .extracting(route -> route.split().canaryWeight().toString())
                .endsWith("100", "66", "32", "0");
    }

    @Test
    void anotherServesEachStepExactly() {
        var strategy = Specs.strategy(0, 0, List.of(0.5, 12.25), 12.25, 0, 5.25, false, false);
        var cluster = SimulatedCluster.initialized(Specs.with(strategy, 2, false, false));
        cluster.image("b");
        cluster.run(LONG);

        assertThat(cluster.routes)
                .filteredOn(route -> route.action() == RouteAction.SHIFT)
                .extracting(route -> route.split().canaryWeight().toString())
                .endsWith("0.5", "12.25", "7", "1.75", "0");
        assertThat(cluster.told)
                .anyMatch(words -> words.contains("Advance podinfo.test canary weight 12.25"))
                .anyMatch(words -> words.contains("primary weight 98.25"));
    }

    // ---- traffic beyond a closed gate

    @Test
    void theGateOfThePromotionStandsBeforeTheSwitchOfABlueGreenRelease() {
        var cluster =
                SimulatedCluster.initialized(
                        Specs.with(
                                BLUE_GREEN,
                                2,
                                false,
                                false,
                                Specs.hook("approve", HookType.CONFIRM_PROMOTION)));
        cluster.hooks = (_, _) -> false;

        cluster.image("b");
        cluster.run(LONG);
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.WAITING_PROMOTION);
        assertThat(cluster.routes).noneMatch(route -> route.split().canaryWeight().isAny());

        cluster.hooks = (_, _) -> true;
        cluster.run(LONG);
        assertThat(cluster.told).contains("N Routing all traffic to canary");
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
    }

    @Test
    void thePromotionIsAskedForWhereTheAnalysisIsSkippedToo() {
        var cluster =
                SimulatedCluster.initialized(
                        Specs.with(
                                Specs.LINEAR,
                                2,
                                true,
                                false,
                                Specs.hook("approve", HookType.CONFIRM_PROMOTION)));
        cluster.hooks = (_, _) -> false;

        cluster.image("b");
        cluster.run(LONG);

        assertThat(cluster.primaryRevision).isEqualTo("a");
        assertThat(cluster.rollout.waitingFor()).contains("approval of the promotion by approve");
    }

    @Test
    void moreTrafficIsAskedForWhenCopiesOfRequestsBecomeRequests() {
        var cluster =
                SimulatedCluster.initialized(
                        Specs.with(
                                MIRRORED,
                                2,
                                false,
                                false,
                                Specs.hook("more", HookType.CONFIRM_TRAFFIC_INCREASE)));
        cluster.hooks = (_, before) -> before == 0;

        cluster.image("b");
        cluster.run(LONG);

        assertThat(cluster.routes).anyMatch(route -> route.split().mirrored());
        assertThat(cluster.routes).noneMatch(route -> route.split().canaryWeight().isAny());
    }

    @Test
    void moreTrafficIsAskedForBeforeMatchingRequestsMeetTheCanary() {
        var cluster =
                SimulatedCluster.initialized(
                        Specs.with(
                                AB,
                                2,
                                false,
                                false,
                                Specs.hook("more", HookType.CONFIRM_TRAFFIC_INCREASE)));
        cluster.hooks = (_, _) -> false;

        cluster.image("b");
        cluster.run(LONG);

        assertThat(cluster.routes)
                .allMatch(route -> Exposure.of(route.split()).who() == Exposure.Who.NOBODY);
    }

    // ---- holding

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aHeldCanaryThatLosesItsPodsLosesItsTraffic(boolean suspended) {
        var cluster = atTwenty();
        if (suspended) {
            cluster.edit(Specs.with(Specs.LINEAR, 2, false, true));
        } else {
            cluster.ask(Action.PAUSE);
        }
        cluster.run(Duration.ofSeconds(5));

        cluster.targetServes(false);
        cluster.run(Duration.ofSeconds(1));

        assertThat(cluster.weight()).isZero();
        cluster.targetServes(true);
        cluster.run(LONG);
        assertThat(cluster.weight()).as("held, it gets none again").isZero();
    }

    @Test
    void anAbortOfASuspendedRunIsCarriedOut() {
        var cluster = atTwenty();
        cluster.edit(Specs.with(Specs.LINEAR, 2, false, true));
        cluster.run(Duration.ofSeconds(5));

        cluster.ask(Action.ABORT);
        cluster.run(Duration.ofSeconds(5));

        assertThat(cluster.weight()).isZero();
        assertThat(cluster.targetReplicas).isZero();
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.FAILED);
    }

    @Test
    void aRollbackHookIsAskedAndObeyedWhileItIsHeld() {
        var cluster =
                SimulatedCluster.initialized(
                        Specs.linear(Specs.hook("rollback", HookType.ROLLBACK)));
        cluster.hooks = (_, _) -> false;
        cluster.image("b");
        cluster.run(Duration.ofSeconds(9));
        cluster.ask(Action.PAUSE);
        cluster.run(Duration.ofMinutes(2));
        assertThat(cluster.weight()).isEqualTo(20);

        cluster.hooks = (_, _) -> true;
        cluster.run(Duration.ofSeconds(15));

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.FAILED);
        assertThat(cluster.weight()).isZero();
    }

    @Test
    void aSplitThatCouldNotBeSetIsNotSetWhileItIsHeld() {
        var cluster = atTwenty();
        cluster.refusal = Outcome.RETRY;
        cluster.run(Duration.ofSeconds(15));
        cluster.ask(Action.PAUSE);
        cluster.run(Duration.ofSeconds(15));

        cluster.refusal = null;
        cluster.run(Duration.ofMinutes(3));
        assertThat(cluster.weight()).isEqualTo(20);

        cluster.ask(Action.RESUME);
        cluster.run(Duration.ofSeconds(1));
        assertThat(cluster.weight()).isEqualTo(40);
    }

    @Test
    void noGateIsAskedWhileItIsHeld() {
        var cluster =
                SimulatedCluster.initialized(
                        Specs.linear(
                                Specs.hook("one", HookType.CONFIRM_ROLLOUT),
                                Specs.hook("two", HookType.CONFIRM_ROLLOUT)));
        cluster.image("b");
        cluster.run(Duration.ofMillis(120));
        assertThat(cluster.calls).extracting(Effect.CallHook::name).containsExactly("one");

        cluster.ask(Action.PAUSE);
        cluster.run(LONG);
        assertThat(cluster.calls).extracting(Effect.CallHook::name).containsExactly("one");
        cluster.ask(Action.RESUME);
        cluster.run(LONG);

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
    }

    @Test
    void aPauseLeavesARestoreAlone() {
        var cluster = SimulatedCluster.initialized(Specs.linear());
        cluster.refusal = Outcome.RETRY;
        cluster.delete();
        cluster.run(Duration.ofSeconds(5));

        cluster.ask(Action.PAUSE);
        cluster.run(Duration.ofSeconds(5));
        cluster.refusal = null;
        cluster.run(LONG);

        assertThat(cluster.rollout.gone()).isTrue();
        assertThat(kinds(cluster)).contains("ActionRefused", "Terminated");
    }

    // ---- another object, another owner

    @Test
    void aCanaryThatIsCreatedAgainInheritsNothing() {
        var cluster = atTwenty();
        cluster.ask(Action.PAUSE);
        cluster.run(Duration.ofSeconds(5));

        cluster.createAgain();
        cluster.run(Duration.ofSeconds(1));

        assertThat(String.valueOf(cluster.rollout.cookies())).doesNotContain("stick=");
        assertThat(cluster.rollout.pause()).isNull();
        cluster.run(LONG);
        assertThat(cluster.rollout.phase()).isIn(Phase.INITIALIZED, Phase.SUCCEEDED);
    }

    @Test
    void whatSomebodyElseSteeredMeanwhileGoesOnFromWhereItIs() {
        var cluster = atTwenty();
        cluster.claimLost(
                new Prior(
                        Phase.PROGRESSING,
                        Weight.percent(40),
                        0,
                        0,
                        "5555dc6d99",
                        "7dbb6b5c5d",
                        null,
                        0,
                        0,
                        0));
        cluster.routeShows(40);
        cluster.seeTarget();
        int routed = cluster.routes.size();
        cluster.run(Duration.ofSeconds(5));

        assertThat(cluster.routes.subList(routed, cluster.routes.size()))
                .extracting(Effect.Route::action)
                .containsExactly(RouteAction.INITIALIZE);
        cluster.seeTarget();
        cluster.image("b");
        cluster.run(LONG);
        assertThat(cluster.routes.subList(routed, cluster.routes.size()))
                .noneMatch(
                        route ->
                                route.action() == RouteAction.SHIFT
                                        && route.split().canaryWeight().equals(Weight.percent(20)));
    }

    @Test
    void aClusterThatIsAheadIsPassedInOneStepByItsMark() {
        var cluster = SimulatedCluster.initialized(Specs.linear());
        cluster.lastStep = 5_000;

        cluster.image("b");
        cluster.run(LONG);

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
        assertThat(cluster.routes.size()).isLessThan(12);
    }

    @Test
    void aClusterThatIsRunsAheadIsPassedAndTheRunGoesOnUnderALaterNumber() {
        var cluster = SimulatedCluster.initialized(Specs.linear());
        cluster.lastRun = 7;

        cluster.image("b");
        cluster.run(LONG);

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
        assertThat(cluster.rollout.run().number()).isGreaterThan(7);
        assertThat(kinds(cluster)).contains("Renumbered");
    }

    @Test
    void anAnswerThatWasTakenIsNotTakenAgainOnceTheQuestionWasRepeated() {
        var cluster = atTwenty();
        cluster.refusal = Outcome.RETRY;
        cluster.run(Duration.ofSeconds(20));
        var first =
                cluster.journal.stream()
                        .filter(RolloutEvent.RouterAnswered.class::isInstance)
                        .map(RolloutEvent.RouterAnswered.class::cast)
                        .filter(answer -> answer.outcome() == Outcome.RETRY)
                        .findFirst()
                        .orElseThrow();

        assertThat(cluster.rollout.stage())
                .isInstanceOfSatisfying(
                        Stage.Asking.class,
                        asking -> assertThat(asking.ask().attempt()).isGreaterThan(2));
        assertThat(Concern.of(cluster.rollout, first)).isFalse();
    }

    @Test
    void commandsThatAreStaleForEverBackOffAndPeopleAreTold() {
        var cluster = SimulatedCluster.initialized(Specs.linear());
        cluster.refusal = Outcome.STALE;

        cluster.image("b");
        cluster.run(Duration.ofMinutes(5));

        assertThat(cluster.routes.size()).isLessThan(25);
        assertThat(cluster.chats).extracting(Effect.Chat::severity).contains(Severity.ERROR);
    }

    // ---- waits with an end

    @Test
    void aMetricWithoutAVerdictAlertsAfterOneDeadlineAndFailsAfterTwo() {
        var cluster = SimulatedCluster.initialized(Specs.onUnknown(Specs.linear(), OnUnknown.HOLD));
        cluster.metrics = (_, _) -> null;

        cluster.image("b");
        cluster.run(Duration.ofSeconds(85));
        assertThat(cluster.weight()).isEqualTo(20);
        assertThat(cluster.chats).extracting(Effect.Chat::severity).contains(Severity.WARN);
        assertThat(Stalled.because(cluster.rollout)).contains("no values found");
        cluster.run(Duration.ofSeconds(70));

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.FAILED);
        assertThat(cluster.weight()).isZero();
        assertThat(cluster.told).anyMatch(line -> line.contains("no verdict since"));
    }

    @ParameterizedTest
    @EnumSource(
            value = Outcome.class,
            names = {"RETRY", "INVALID"})
    void anInitialisationThatCannotBeDoneSaysWhyAndFails(Outcome outcome) {
        var cluster = new SimulatedCluster(Specs.linear());
        cluster.refusal = outcome;

        cluster.create();
        cluster.run(Duration.ofMinutes(3));

        assertThat(cluster.rollout.shown()).isEqualTo(Phase.FAILED);
        assertThat(cluster.rollout.waitingFor()).isEqualTo("the router cannot");
        assertThat(Stalled.because(cluster.rollout)).isEqualTo("the router cannot");
        assertThat(cluster.chats).extracting(Effect.Chat::severity).contains(Severity.ERROR);
        assertThat(kinds(cluster)).containsOnlyOnce("InitializationFailed");

        cluster.refusal = null;
        cluster.run(LONG);
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.INITIALIZED);
    }

    @Test
    void whatStoodInTheWayOfARollbackIsToldAndDoesNotHoldIt() {
        var cluster = atTwenty();
        cluster.but = "HTTPRoute podinfo.test leads to the primary and is otherwise as it was";
        cluster.metrics = (_, _) -> 0.0;

        cluster.run(LONG);

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.FAILED);
        assertThat(cluster.weight()).isZero();
        assertThat(cluster.told).containsOnlyOnce("W " + cluster.but);
    }

    @Test
    void aMistakeOfAManifestIsWhatItWaitsFor() {
        var cluster = new SimulatedCluster(Specs.linear());

        cluster.reject();
        cluster.run(LONG);

        assertThat(cluster.rollout.waitingFor()).contains("spec.service.port: must be a port");
    }

    @Test
    void anUnansweredServiceIsToldAndTrafficStaysWhereItIs() {
        var cluster = atTwenty();
        cluster.unreliable(0, 1);

        cluster.run(LONG);

        assertThat(cluster.weight()).isEqualTo(20);
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.PROGRESSING);
        assertThat(cluster.rollout.waitingFor()).contains("does not answer since");
        assertThat(cluster.chats).extracting(Effect.Chat::severity).contains(Severity.ERROR);
    }

    @Test
    void whoStandsInLineAtTheRouterSaysSoBeforeAnybodyIsAlarmed() {
        var cluster = atTwenty();
        cluster.unreliable(0, 1);

        for (int n = 0; n < 120 && cluster.rollout.waitingFor().isEmpty(); n++) {
            cluster.run(Duration.ofSeconds(1));
        }

        assertThat(cluster.rollout.waitingFor())
                .contains("does not answer since")
                .contains("others stand in line");
        assertThat(cluster.chats).extracting(Effect.Chat::severity).doesNotContain(Severity.ERROR);
    }

    // ---- what serves

    @Test
    void theCanaryStaysUntilThePrimaryIsReadyWithAllOfItsPods() {
        var cluster = atTwenty();
        while (!(cluster.rollout.stage().awaited() instanceof Awaited.Drained)) {
            cluster.run(Duration.ofMillis(10));
        }

        cluster.primaryServes = false;
        cluster.primaryServesStill = true;
        cluster.inject(
                at -> new RolloutEvent.PrimarySeen(at, SimulatedCluster.UID, cluster.primary()));
        cluster.run(Duration.ofSeconds(30));
        assertThat(cluster.targetReplicas).isPositive();
        cluster.primaryServes(true);
        cluster.run(Duration.ofSeconds(30));

        assertThat(cluster.targetReplicas).isZero();
    }

    @Test
    void aRollbackMovesNothingToAPrimaryThatDoesNotServe() {
        var cluster = atTwenty();
        cluster.primaryServes(false);
        cluster.run(Duration.ofSeconds(2));
        int before = cluster.routes.size();

        cluster.ask(Action.ABORT);
        cluster.run(LONG);
        assertThat(cluster.routes.subList(before, cluster.routes.size())).isEmpty();
        cluster.primaryServes(true);
        cluster.run(LONG);

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.FAILED);
        assertThat(cluster.weight()).isZero();
    }

    // ---- words

    @Test
    void aConfigThatIsNotThereIsNamedAndNothingIsPromotedWithoutIt() {
        var cluster = atTwenty();

        cluster.configMissing = true;
        cluster.seeTarget();
        cluster.run(LONG);

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.FAILED);
        assertThat(cluster.told)
                .anyMatch(
                        line ->
                                line.contains("progress deadline exceeded")
                                        && line.contains("configmap/settings"));
        assertThat(cluster.primaryRevision).isEqualTo("a");
    }

    @Test
    void aDaemonSetPastItsDeadlineSaysThatItWasTheDeadline() {
        var cluster = SimulatedCluster.initialized(Specs.ofKind("DaemonSet", Specs.linear()));
        cluster.neverReady.add("b");

        cluster.image("b");
        cluster.run(LONG);

        assertThat(cluster.told)
                .contains(
                        "W canary damonset podinfo.test not ready with retryable false: exceeded"
                                + " its progressDeadlineSeconds: 60");
    }

    // ---- readiness

    @Test
    void aPodThatIsReadyForMomentsIsNotPromoted() {
        var cluster = atTwenty();

        for (int i = 0; i < 20; i++) {
            cluster.targetPartly = true;
            cluster.seeTarget();
            cluster.run(Duration.ofSeconds(7));
            cluster.targetPartly = false;
            cluster.seeTarget();
            cluster.run(Duration.ofSeconds(2));
        }

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.FAILED);
        assertThat(cluster.told).noneMatch(line -> line.contains("canary weight 40"));
    }

    @Test
    void readinessThatIsLostWhileTheMetricsAreAskedSpoilsTheCheck() {
        var cluster = atTwenty();
        while (!(cluster.rollout.stage().question() instanceof Question.Metrics)) {
            cluster.run(Duration.ofMillis(10));
        }
        var answered = cluster.now.plusMillis(60);

        cluster.inject(
                at ->
                        new RolloutEvent.TargetSeen(
                                at,
                                SimulatedCluster.UID,
                                new Workload(
                                        true, "b", null, List.of(), 2, 2, 1, false, false, "1 of 2",
                                        0, 0)));
        cluster.run(Duration.ofMillis(10));
        cluster.inject(
                at -> new RolloutEvent.TargetSeen(at, SimulatedCluster.UID, cluster.target()));
        cluster.run(Duration.between(cluster.now, answered.plusSeconds(1)));

        assertThat(kinds(cluster)).doesNotContain("StepPassed");
        assertThat(cluster.rollout.waitingFor()).contains("an interval in which the canary stays");
        cluster.run(Duration.ofSeconds(11));
        assertThat(cluster.weight()).isEqualTo(40);
    }

    @Test
    void morePodsThatAreBeingStartedAreNoLossOfReadiness() {
        var cluster = atTwenty();
        var more = new Workload(true, "b", null, List.of(), 4, 4, 2, false, false, "2 of 4", 0, 0);
        cluster.inject(at -> new RolloutEvent.TargetSeen(at, SimulatedCluster.UID, more));
        cluster.run(Duration.ofSeconds(1));
        cluster.seeTarget();

        cluster.run(LONG);

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
        assertThat(kinds(cluster)).filteredOn("StepPassed"::equals).hasSize(3);
    }

    // ---- a route that is not taken

    @Test
    void aRouteThatIsNotTakenStopsNeitherHooksNorTheDeadline() {
        var cluster =
                SimulatedCluster.initialized(
                        Specs.linear(Specs.hook("rollback", HookType.ROLLBACK)));
        cluster.hooks = (_, _) -> false;
        cluster.image("b");
        cluster.run(Duration.ofSeconds(9));
        long asked = cluster.calls.size();

        cluster.refusal = Outcome.RETRY;
        cluster.run(Duration.ofSeconds(50));
        assertThat(cluster.calls.size() - asked).isGreaterThanOrEqualTo(4);
        assertThat(cluster.told).anyMatch(line -> line.contains("the router cannot"));
        cluster.run(Duration.ofSeconds(40));
        cluster.refusal = null;
        cluster.run(Duration.ofMinutes(2));

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.FAILED);
        assertThat(cluster.told)
                .anyMatch(line -> line.contains("progress deadline exceeded the router cannot"));
    }

    @Test
    void aWebhookThatDoesNotAnswerStopsNotTheDeadlineOfARouteEither() {
        var cluster =
                SimulatedCluster.initialized(
                        Specs.linear(Specs.hook("rollback", HookType.ROLLBACK)));
        cluster.hooks = (_, _) -> false;
        cluster.image("b");
        cluster.run(Duration.ofSeconds(9));

        cluster.refusal = Outcome.RETRY;
        cluster.run(Duration.ofSeconds(9));
        cluster.silent = Set.of("rollback");
        cluster.run(Duration.ofMinutes(2));
        cluster.refusal = null;
        cluster.run(Duration.ofMinutes(2));

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.FAILED);
        assertThat(cluster.told)
                .anyMatch(line -> line.contains("progress deadline exceeded the router cannot"));
    }

    @Test
    void aClusterThatCannotBeAskedEndsNoRelease() {
        var cluster = atTwenty();

        cluster.refusal = Outcome.UNSEEN;
        cluster.run(LONG);
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.PROGRESSING);
        assertThat(cluster.told)
                .anyMatch(line -> line.contains("the router cannot"))
                .noneMatch(line -> line.contains("deadline"));
        cluster.refusal = null;
        cluster.run(LONG);

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
    }

    @Test
    void dataPlanesThatNeedTimeAreNoFailure() {
        var cluster = atTwenty();
        int before = cluster.routes.size();

        cluster.refusal = Outcome.RETRY;
        cluster.pause = Duration.ofSeconds(30);
        cluster.run(Duration.ofSeconds(95));
        assertThat(cluster.told).noneMatch(line -> line.contains("the router cannot"));
        assertThat(kinds(cluster)).doesNotContain("Stalled");
        assertThat(cluster.routes.size() - before).isBetween(3, 5);
        assertThat(cluster.rollout.waitingFor()).isEqualTo("the router cannot");
        cluster.refusal = null;
        cluster.run(LONG);

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
    }

    /** Somebody writes what they have to follow again and again. */
    @Test
    void dataPlanesThatNeverHaveHadTheirTimeAreTrouble() {
        var cluster = atTwenty();

        cluster.refusal = Outcome.RETRY;
        cluster.pause = Duration.ofSeconds(5);
        cluster.run(LONG);

        assertThat(cluster.told)
                .anyMatch(line -> line.contains("progress deadline exceeded the router cannot"));
    }

    @Test
    void theDeadlineBeginsAnewWhenTheClusterIsSeenAgain() {
        var cluster = atTwenty();
        cluster.refusal = Outcome.UNSEEN;
        cluster.run(LONG);

        cluster.refusal = Outcome.RETRY;
        cluster.run(Duration.ofSeconds(40));
        assertThat(cluster.told).noneMatch(line -> line.contains("deadline"));
        cluster.run(LONG);

        assertThat(cluster.rollout.phase()).isNotEqualTo(Phase.SUCCEEDED);
        assertThat(cluster.told).anyMatch(line -> line.contains("progress deadline exceeded"));
    }

    @Test
    void aRouteThatIsTakenAgainGoesOnWithinSeconds() {
        var cluster = atTwenty();
        cluster.refusal = Outcome.RETRY;
        cluster.run(Duration.ofSeconds(35));

        cluster.refusal = null;
        cluster.run(Duration.ofSeconds(6));

        assertThat(cluster.weight()).isEqualTo(40);
    }

    @Test
    void aManifestThatLosesTheHookThatIsAskedGoesOnWithoutIt() {
        var cluster =
                SimulatedCluster.initialized(Specs.linear(Specs.hook("load", HookType.ROLLOUT)));
        cluster.image("b");
        cluster.run(Duration.ofSeconds(9));
        cluster.unreliable(0, 1);
        cluster.run(Duration.ofSeconds(10));
        assertThat(cluster.rollout.stage().question()).isInstanceOf(Question.CallHook.class);

        cluster.edit(Specs.linear());
        cluster.unreliable(0, 0);
        cluster.run(LONG);

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
    }

    @Test
    void podsThatSomebodyGivesATargetAtRestAreToldOnce() {
        var cluster = SimulatedCluster.initialized(Specs.linear());
        cluster.targetReplicas = 3;
        cluster.targetServes(true);
        cluster.run(Duration.ofMinutes(1));
        cluster.targetServes(false);
        cluster.targetServes(true);
        cluster.run(Duration.ofMinutes(1));

        assertThat(cluster.told)
                .containsExactly(
                        "W podinfo.test was given 3 pods though nothing is released: they run"
                                + " without traffic until the end of the next run; leave the number"
                                + " of replicas out of its manifest");
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.INITIALIZED);
    }

    /** Of one that is made anew the API server says the number, and not its manifest. */
    @Test
    void podsOfATargetThatIsMadeAnewAreNotTold() {
        var cluster = SimulatedCluster.initialized(Specs.linear());
        targetIsMadeAnew(cluster);

        assertThat(cluster.told).noneMatch(line -> line.contains("nothing is released"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aTargetWithoutPodsOfItsOwnWasGivenNone(boolean anew) {
        var cluster = SimulatedCluster.initialized(Specs.ofKind("Service", Specs.linear()));
        if (anew) {
            targetIsMadeAnew(cluster);
        } else {
            cluster.targetReplicas = 1;
            cluster.targetServes(true);
            cluster.run(Duration.ofMinutes(1));
        }

        assertThat(cluster.told).noneMatch(line -> line.contains("nothing is released"));
    }

    private static void targetIsMadeAnew(SimulatedCluster cluster) {
        var gone = new Workload(false, "", null, List.of(), 0, 0, 0, false, false, "", 0, 0);
        cluster.inject(at -> new RolloutEvent.TargetSeen(at, SimulatedCluster.UID, gone));
        cluster.run(Duration.ofMinutes(1));
        cluster.targetReplicas = 1;
        cluster.targetServes(true);
        cluster.run(Duration.ofMinutes(1));
    }

    @Test
    void podsOfANewRevisionAreNotTold() {
        var cluster = SimulatedCluster.initialized(Specs.linear());
        cluster.targetReplicas = 3;
        cluster.image("b");
        cluster.run(Duration.ofMinutes(10));

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
        assertThat(cluster.told).noneMatch(line -> line.contains("nothing is released"));
    }

    @Test
    void aFirstPrimaryThatComesAndGoesIsToldInTime() {
        var cluster = new SimulatedCluster(Specs.linear());
        cluster.create();
        while (!(cluster.rollout.stage().awaited() instanceof Awaited.FirstPrimary)) {
            cluster.run(Duration.ofMillis(10));
        }
        cluster.refusal = Outcome.RETRY; // the route is not taken yet
        for (int i = 0; i < 40 && cluster.happened("InitializationFailed").isEmpty(); i++) {
            cluster.primaryServes(i % 2 == 0);
            cluster.run(Duration.ofSeconds(10));
        }

        assertThat(cluster.happened("InitializationFailed")).hasSize(1);

        cluster.refusal = null;
        cluster.primaryServes(true);
        cluster.run(Duration.ofMinutes(1));
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.INITIALIZED);
    }
}
