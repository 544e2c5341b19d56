package dev.serinus.analysis.rollout;

import static dev.serinus.analysis.rollout.Specs.hook;
import static dev.serinus.analysis.rollout.tell.Severity.ERROR;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import static java.util.Objects.requireNonNull;

import dev.serinus.analysis.rollout.Effect.RouteAction;
import dev.serinus.analysis.rollout.judge.Check;
import dev.serinus.analysis.rollout.judge.JudgementSummary;
import dev.serinus.analysis.rollout.judge.OnUnknown;
import dev.serinus.analysis.rollout.judge.Verdict;
import dev.serinus.analysis.rollout.plan.Split;
import dev.serinus.analysis.rollout.tell.Severity;
import dev.serinus.schemas.canary.Weight;
import dev.serinus.schemas.hook.HookType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

class RolloutMachineTest {

    private static final Duration LONG = Duration.ofMinutes(10);

    private static List<String> news(SimulatedCluster cluster) {
        return cluster.told.stream().filter(line -> !line.contains("waiting for rollout")).toList();
    }

    private static final String UNREADY =
            "waiting for rollout to finish: 0 of 4 (readyThreshold 100%) updated replicas are"
                    + " available";

    @Test
    void initialisesInOrderAndOnlyThenMovesTheApex() {
        var cluster = new SimulatedCluster(Specs.linear());

        cluster.create();
        cluster.run(LONG);

        assertThat(cluster.routes)
                .extracting(Effect.Route::action)
                .containsExactly(RouteAction.INITIALIZE, RouteAction.TAKE_OVER);
        assertThat(news(cluster))
                .containsExactly(
                        "N all the metrics providers are available!",
                        "N Initialization done! podinfo.test");
        assertThat(cluster.statuses).containsExactly("Initializing 0 0 0", "Initialized 0 0 0");
        assertThat(cluster.rollout.due()).isEmpty();
    }

    @Test
    void eachProviderThatDoesNotAnswerIsToldAtTheBeginning() {
        var one = Specs.linear().checks().getFirst();
        var other =
                new Check(
                        "request-duration",
                        one.threshold(),
                        one.range(),
                        one.onNoData(),
                        one.onProviderError());
        var cluster = new SimulatedCluster(Specs.withChecks(Specs.linear(), List.of(one, other)));
        cluster.trouble = "%s does not answer"::formatted;

        cluster.create();
        cluster.run(LONG);

        assertThat(news(cluster))
                .containsExactly(
                        "W Error checking metric providers: request-success-rate does not answer;"
                                + " request-duration does not answer",
                        "N Initialization done! podinfo.test");
    }

    @Test
    void anInitialisationWhosePrimaryIsNeverReadyFailsOnceAndMovesNothing() {
        var after = Specs.hook("after", HookType.POST_ROLLOUT);
        var cluster = new SimulatedCluster(Specs.linear(after));
        cluster.neverReady.add("primary-a");

        cluster.create();
        cluster.run(Duration.ofHours(3));

        assertThat(cluster.calls).as("nothing was rolled out that it could follow").isEmpty();
        assertThat(cluster.rollout.shown()).isEqualTo(Phase.FAILED);
        assertThat(cluster.rollout.waitingFor()).contains("a newer template");
        assertThat(cluster.rollout.due()).as("nothing is asked by the clock").isEmpty();
        assertThat(cluster.statuses).containsExactly("Initializing 0 0 0", "Failed 0 0 0");
        assertThat(cluster.chats).extracting(Effect.Chat::severity).containsExactly(ERROR);
        assertThat(cluster.history)
                .extracting(Effect.Happened::type, Effect.Happened::phase)
                .containsExactly(tuple("InitializationFailed", Phase.FAILED));
        assertThat(cluster.routes)
                .extracting(Effect.Route::action)
                .containsExactly(RouteAction.INITIALIZE);
        assertThat(cluster.targetReplicas).isPositive();
        assertThat(cluster.apexAtPrimary).isFalse();
    }

    @Test
    void aPrimaryThatIsReadyAfterItsDeadlineIsGivenTheTraffic() {
        var cluster = new SimulatedCluster(Specs.linear());
        cluster.neverReady.add("primary-a");
        cluster.create();
        cluster.run(Duration.ofHours(3));

        cluster.primaryServes(true);
        cluster.run(LONG);

        assertThat(cluster.statuses)
                .containsSubsequence("Failed 0 0 0", "Initialized 0 0 0")
                .endsWith("Initialized 0 0 0");
        assertThat(cluster.apexAtPrimary).isTrue();
    }

    @Test
    void aNewerTemplateIsTheWayOutOfAFailedInitialisation() {
        var cluster = new SimulatedCluster(Specs.linear());
        cluster.neverReady.add("primary-a");
        cluster.create();
        cluster.run(Duration.ofHours(3));

        cluster.image("b");
        cluster.run(LONG);

        assertThat(cluster.statuses)
                .containsSubsequence("Failed 0 0 0", "Initializing 0 0 0", "Initialized 0 0 0")
                .endsWith("Initialized 0 0 0");
        assertThat(cluster.primaryRevision).isEqualTo("b");
    }

    @Test
    void aPrimaryWhoseOwnDeadlinePassedIsNotWaitedForAnyLonger() {
        var cluster = new SimulatedCluster(Specs.linear());
        cluster.neverReady.add("primary-a");
        cluster.create();
        cluster.run(Duration.ofSeconds(30));
        String because = "deployment \"podinfo-primary\" exceeded its progress deadline";
        var stuck = new Workload(true, "a", null, List.of(), 2, 2, 0, false, true, because, 0, 0);

        cluster.inject(at -> new RolloutEvent.PrimarySeen(at, SimulatedCluster.UID, stuck));
        cluster.run(Duration.ofSeconds(1));

        assertThat(cluster.rollout.shown()).isEqualTo(Phase.FAILED);
        assertThat(news(cluster)).contains("W podinfo-primary.test not ready: " + because);
    }

    @Test
    void promotesAGoodRevisionStepByStep() {
        var cluster = SimulatedCluster.initialized(Specs.linear());

        cluster.image("b");
        cluster.run(LONG);

        assertThat(news(cluster))
                .containsExactly(
                        "N New revision detected! Scaling up podinfo.test",
                        "N Starting canary analysis for podinfo.test",
                        "N Advance podinfo.test canary weight 20",
                        "N Advance podinfo.test canary weight 40",
                        "N Advance podinfo.test canary weight 60",
                        "N Copying podinfo.test template spec to podinfo-primary.test",
                        "N Routing all traffic to primary",
                        "N Promotion completed! Scaling down podinfo.test");
        assertThat(cluster.statuses)
                .containsExactly(
                        "Progressing 0 0 0",
                        "Progressing 20 0 0",
                        "Progressing 40 0 0",
                        "Progressing 60 0 0",
                        "Promoting 60 0 0",
                        "Finalising 0 0 0",
                        "Succeeded 0 0 0");
        assertThat(cluster.primaryRevision).isEqualTo("b");
        assertThat(cluster.targetReplicas).isZero();
        assertThat(cluster.rollout.due()).isEmpty();
    }

    @Test
    void theCookiesOfTheRouteAreInTheStatusAndThoseOfTheRunBeforeStay() {
        var cluster = SimulatedCluster.initialized(Specs.linear());

        cluster.image("b");
        cluster.run(LONG);

        assertThat(cluster.cookies)
                .endsWith(
                        new Cookies("", null, null),
                        new Cookies("stick=1", null, "stay=1"),
                        new Cookies("", "stick=1", "stay=1"));
    }

    @Test
    void aRolloutOfThreeWeightsLastsThreeIntervalsAndTheDrain() {
        var cluster = SimulatedCluster.initialized(Specs.linear());
        var start = cluster.now;

        cluster.image("b");
        cluster.run(LONG);

        var end = cluster.history.getLast().at();
        assertThat(Duration.between(start, end))
                .isBetween(Duration.ofSeconds(40), Duration.ofSeconds(40 + 8));
    }

    @Test
    void takesBackABadRevisionAtItsThresholdAndSaysWhy() {
        var cluster = SimulatedCluster.initialized(Specs.linear());
        cluster.metrics = (_, revision) -> revision.equals("bad") ? 69.171 : 100.0;

        cluster.image("bad");
        cluster.run(LONG);

        assertThat(news(cluster))
                .containsExactly(
                        "N New revision detected! Scaling up podinfo.test",
                        "N Starting canary analysis for podinfo.test",
                        "N Advance podinfo.test canary weight 20",
                        "W Halt podinfo.test advancement success rate 69.17% < 99%",
                        "W Halt podinfo.test advancement success rate 69.17% < 99%",
                        "W Rolling back podinfo.test failed checks threshold reached 2",
                        "W Canary failed! Scaling down podinfo.test");
        assertThat(cluster.statuses)
                .containsExactly(
                        "Progressing 0 0 0",
                        "Progressing 20 0 0",
                        "Progressing 20 1 0",
                        "Progressing 20 2 0",
                        "Failed 0 0 0");
        assertThat(cluster.primaryRevision).isEqualTo("a");
        assertThat(cluster.weight()).isZero();
    }

    @Test
    void whatTheLastCheckFoundIsInTheStatusUntilTheNextRun() {
        var cluster = SimulatedCluster.initialized(Specs.linear());
        cluster.metrics = (_, revision) -> revision.equals("b") ? 69.0 : 100.0;

        cluster.image("b");
        cluster.run(LONG);

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.FAILED);
        var judged = StatusView.of(cluster.rollout).judged();
        assertThat(judged).isNotNull();
        assertThat(judged.verdict()).isEqualTo(Verdict.FAIL);
        assertThat(judged.metrics())
                .first()
                .satisfies(
                        metric -> {
                            assertThat(metric.value()).isEqualTo(69.0);
                            assertThat(metric.min()).isNotNull();
                        });
        assertThat(cluster.rollout.decided().run().judged())
                .as("a fingerprint of before stays what it was")
                .isNull();

        cluster.image("c");
        cluster.run(Duration.ofSeconds(5));

        assertThat(StatusView.of(cluster.rollout).judged()).isNull();
    }

    @Test
    void aFailedRevisionIsNotTriedAgainButTheNextOneIs() {
        var cluster = SimulatedCluster.initialized(Specs.linear());
        cluster.metrics = (_, revision) -> revision.equals("bad") ? 0.0 : 100.0;
        cluster.image("bad");
        cluster.run(LONG);

        cluster.image("a");
        cluster.run(LONG);
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.FAILED);
        cluster.image("bad");
        cluster.run(LONG);
        assertThat(cluster.history.getLast().run())
                .as("a revision that was left may come again")
                .isEqualTo(2);
        cluster.image("good");
        cluster.run(LONG);

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
        assertThat(cluster.primaryRevision).isEqualTo("good");
    }

    @Test
    void aNewRevisionInMidRunTakesTrafficBackAndBeginsAgain() {
        var cluster = SimulatedCluster.initialized(Specs.linear());
        cluster.image("b");
        cluster.run(Duration.ofSeconds(14));
        assertThat(cluster.weight()).isEqualTo(40);

        cluster.image("c");
        cluster.run(Duration.ofSeconds(1));

        assertThat(news(cluster))
                .contains("N New revision detected! Restarting analysis for podinfo.test");
        assertThat(cluster.routes)
                .extracting(r -> r.split().canaryWeight().wholePercent())
                .endsWith(0, 20);
        cluster.run(LONG);
        assertThat(cluster.primaryRevision).isEqualTo("c");
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
    }

    @Test
    void aRevisionThatIsSeenAfterThePromotionWasAskedForIsAnalysedFirst() {
        boolean refused = false;
        for (int millis = 12_000; millis <= 40_000; millis += 50) {
            var cluster = SimulatedCluster.initialized(Specs.linear());
            cluster.image("b");
            cluster.run(Duration.ofMillis(millis));
            cluster.targetRevision = "c";
            cluster.run(Duration.ofSeconds(3));
            assertThat(cluster.primaryRevision).as("%d ms", millis).isNotEqualTo("c");

            cluster.image("c");
            cluster.run(LONG);

            assertThat(cluster.rollout.phase()).as("%d ms", millis).isEqualTo(Phase.SUCCEEDED);
            assertThat(cluster.primaryRevision).isEqualTo("c");
            refused |= cluster.told.contains("W changed");
        }
        assertThat(refused).as("asked for between the change and its being seen").isTrue();
    }

    @Test
    void aRevisionThatItsAuthorTakesBackInMidRunEndsTheRunWithoutAPromotion() {
        var cluster = SimulatedCluster.initialized(Specs.linear());
        cluster.image("b");
        cluster.run(Duration.ofSeconds(14));

        cluster.image("a");
        cluster.run(LONG);

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
        assertThat(cluster.routes)
                .extracting(Effect.Route::action)
                .doesNotContain(RouteAction.PROMOTE);
        assertThat(cluster.history).extracting(Effect.Happened::type).endsWith("Withdrawn");
        assertThat(cluster.weight()).isZero();
        assertThat(cluster.targetReplicas).isZero();
        cluster.image("b");
        cluster.run(LONG);
        assertThat(cluster.primaryRevision).as("it may come again").isEqualTo("b");
    }

    @Test
    void aCanaryThatLosesItsPodsLosesItsTrafficAtOnceAndGoesOnAtTheSameStep() {
        var cluster = SimulatedCluster.initialized(Specs.linear());
        cluster.image("b");
        cluster.run(Duration.ofSeconds(14));

        cluster.targetServes(false);
        cluster.run(Duration.ofSeconds(1));
        assertThat(cluster.weight()).isZero();
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.PROGRESSING);
        cluster.targetServes(true);
        cluster.run(Duration.ofSeconds(1));

        assertThat(cluster.weight()).isEqualTo(40);
        cluster.run(LONG);
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
    }

    @Test
    void aLostPrimaryLeavesTheTrafficWithTheCanaryThatServes() {
        var cluster = SimulatedCluster.initialized(Specs.linear());
        cluster.image("b");
        cluster.run(Duration.ofSeconds(14));

        cluster.primaryServes(false);
        cluster.run(Duration.ofSeconds(50));

        assertThat(cluster.weight()).isEqualTo(100);
        assertThat(cluster.targetReplicas).isPositive();
        cluster.primaryServes(true);
        cluster.run(LONG);
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
    }

    @Test
    void podsThatWereJustAskedForHaveAnIntervalBeforeAnybodyIsToldThatTheyAreNotReady() {
        var cluster = SimulatedCluster.initialized(Specs.linear());
        cluster.neverReady.add("b");
        cluster.image("b");
        cluster.run(Duration.ofSeconds(3));
        cluster.inject(at -> new RolloutEvent.TargetSeen(at, SimulatedCluster.UID, unready("b")));
        cluster.run(Duration.ofSeconds(5));
        assertThat(news(cluster))
                .containsExactly("N New revision detected! Scaling up podinfo.test");
        long before = statuses(cluster);
        var deadline = cluster.rollout.deadline();

        cluster.run(Duration.ofSeconds(8));

        assertThat(cluster.told).endsWith("W canary deployment podinfo.test not ready: " + UNREADY);
        assertThat(statuses(cluster)).as("it says what is waited for").isEqualTo(before + 1);
        assertThat(cluster.rollout.deadline()).as("it is as it was").isEqualTo(deadline);
    }

    @Test
    void aPromotedPrimaryHasAnIntervalTooBeforeAnybodyIsToldThatItIsNotReady() {
        var cluster = SimulatedCluster.initialized(Specs.linear());
        cluster.neverReady.add("primary-b");
        cluster.image("b");
        until(cluster, "N Copying podinfo.test template spec to podinfo-primary.test");
        cluster.run(Duration.ofSeconds(2));
        cluster.inject(at -> new RolloutEvent.PrimarySeen(at, SimulatedCluster.UID, unready("b")));
        cluster.run(Duration.ofSeconds(5));
        assertThat(news(cluster)).last().asString().startsWith("N Copying ");

        cluster.run(Duration.ofSeconds(8));

        assertThat(cluster.told).endsWith("W podinfo-primary.test not ready: " + UNREADY);
    }

    /** How many were written, also those that differ in words alone. */
    private static long statuses(SimulatedCluster cluster) {
        return cluster.decisions.stream()
                .flatMap(decision -> decision.effects().stream())
                .filter(effect -> effect instanceof Effect.Announce it && it.status() != null)
                .count();
    }

    private static void until(SimulatedCluster cluster, String told) {
        for (int seconds = 0; seconds < 120 && !news(cluster).contains(told); seconds++) {
            cluster.run(Duration.ofSeconds(1));
        }
        assertThat(news(cluster)).contains(told);
    }

    private static Workload unready(String revision) {
        return new Workload(true, revision, null, List.of(), 4, 4, 0, false, false, UNREADY, 0, 0);
    }

    @Test
    void podsThatBecomeReadyOneByOneAreToldOnce() {
        var cluster = SimulatedCluster.initialized(Specs.linear());
        cluster.neverReady.add("b");
        cluster.image("b");
        cluster.run(Duration.ofSeconds(30));
        cluster.told.clear();

        for (int ready = 1; ready <= 3; ready++) {
            String because =
                    "waiting for rollout to finish: %d of 4 (readyThreshold 100%%) updated replicas"
                                    .formatted(ready)
                            + " are available";
            var seen =
                    new Workload(
                            true, "b", null, List.of(), 4, 4, ready, false, false, because, 0, 0);
            cluster.inject(at -> new RolloutEvent.TargetSeen(at, SimulatedCluster.UID, seen));
            cluster.run(Duration.ofSeconds(1));
        }

        assertThat(cluster.told).isEmpty();
    }

    @Test
    void aCanaryThatIsNeverReadyIsTakenBackAtItsDeadlineWithAnAlert() {
        var cluster = SimulatedCluster.initialized(Specs.linear());
        cluster.neverReady.add("b");

        cluster.image("b");
        cluster.run(LONG);

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.FAILED);
        assertThat(news(cluster)).contains("W Canary failed! Scaling down podinfo.test");
        assertThat(cluster.chats).extracting(Effect.Chat::severity).contains(Severity.ERROR);
        assertThat(cluster.routes).noneMatch(r -> r.split().canaryWeight().isAny());
    }

    @Test
    void aPromotedPrimaryThatIsNeverReadyLeavesTrafficWhereItIs() {
        var cluster = SimulatedCluster.initialized(Specs.linear());
        cluster.neverReady.add("primary-b");

        cluster.image("b");
        cluster.run(LONG);

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.FAILED);
        assertThat(cluster.targetReplicas).isPositive();
        assertThat(cluster.weight()).as("the primary's old pods serve").isEqualTo(60);
        cluster.statuses.clear();
        cluster.image("c");
        cluster.run(LONG);
        assertThat(cluster.statuses)
                .as("a fix gets its rollout, against the last good, from the first step")
                .containsSubsequence(
                        "Progressing 0 0 0",
                        "Progressing 20 0 0",
                        "Progressing 40 0 0",
                        "Progressing 60 0 0",
                        "Succeeded 0 0 0");
        assertThat(cluster.primaryRevision).isEqualTo("c");
        assertThat(cluster.weight()).isZero();
    }

    @Test
    void aPrimaryThatServesNobodyWhileItIsReplacedLeavesAllTrafficToTheCanary() {
        var cluster = SimulatedCluster.initialized(Specs.linear());
        cluster.recreates = true;

        cluster.image("b");
        cluster.run(LONG);

        assertThat(cluster.statuses)
                .containsSubsequence(
                        "Promoting 60 0 0",
                        "Promoting 100 0 0",
                        "Finalising 0 0 0",
                        "Succeeded 0 0 0");
        assertThat(cluster.chats)
                .as("a release that went well wakes nobody")
                .extracting(Effect.Chat::severity)
                .doesNotContain(Severity.ERROR);
    }

    @Test
    void aRevertAfterAFailedPromotionIsRolledOutSinceThePrimaryRunsSomethingElse() {
        var cluster = SimulatedCluster.initialized(Specs.linear());
        cluster.neverReady.add("primary-b");
        cluster.image("b");
        cluster.run(LONG);

        cluster.image("a");
        cluster.run(LONG);

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
        assertThat(cluster.primaryRevision).isEqualTo("a");
    }

    @Test
    void aNewRevisionReplacesAPrimaryThatServesNobodyAndDoesNotComeBack() {
        var cluster = SimulatedCluster.initialized(Specs.linear());
        cluster.primaryServes(false);
        cluster.run(LONG);

        cluster.statuses.clear();
        cluster.image("b");
        cluster.run(LONG);

        assertThat(cluster.statuses)
                .containsSubsequence("Progressing 0 0 0", "Progressing 100 0 0", "Succeeded 0 0 0");
        assertThat(cluster.primaryRevision).isEqualTo("b");
        assertThat(cluster.chats).extracting(Effect.Chat::severity).contains(Severity.ERROR);
    }

    @Test
    void hooksAreCalledInFlaggersOrder() {
        var spec =
                Specs.with(
                        Specs.strategy(0, 25, List.of(), 50, 50, 0, false, false),
                        2,
                        false,
                        false,
                        hook("confirm-rollout", HookType.CONFIRM_ROLLOUT),
                        hook("pre", HookType.PRE_ROLLOUT),
                        hook("load", HookType.ROLLOUT),
                        hook("more", HookType.CONFIRM_TRAFFIC_INCREASE),
                        hook("back", HookType.ROLLBACK),
                        hook("promote", HookType.CONFIRM_PROMOTION),
                        hook("post", HookType.POST_ROLLOUT));
        var cluster = SimulatedCluster.initialized(spec);
        cluster.hooks = (name, _) -> !name.equals("back");

        cluster.image("b");
        cluster.run(LONG);

        assertThat(cluster.calls)
                .extracting(Effect.CallHook::name)
                .containsExactly(
                        "confirm-rollout",
                        "back",
                        "pre",
                        "more",
                        "back",
                        "load",
                        "more",
                        "back",
                        "load",
                        "more",
                        "promote",
                        "post");
        assertThat(news(cluster).getLast())
                .isEqualTo("N Promotion completed! Scaling down podinfo.test");
    }

    @Test
    void aGateThatIsMutedTellsNoChatThatItIsClosedAndOthersDo() {
        var loud = hook("loud", HookType.CONFIRM_PROMOTION);
        var muted = new Spec.Hook("muted", loud.type(), loud.timeout(), 0, true, null);

        for (var gate : List.of(loud, muted)) {
            var cluster = SimulatedCluster.initialized(Specs.linear(gate));
            cluster.hooks = (_, before) -> before >= 3;
            cluster.image("b");
            cluster.run(LONG);

            assertThat(cluster.chats)
                    .as(gate.name())
                    .filteredOn(chat -> chat.severity() == Severity.WARN)
                    .hasSize(gate.muteAlert() ? 0 : 1);
            assertThat(news(cluster))
                    .anyMatch(
                            told -> told.endsWith("waiting for promotion approval " + gate.name()));
        }
    }

    @Test
    void closedGatesWaitAndTellOnce() {
        var spec =
                Specs.linear(
                        hook("start gate", HookType.CONFIRM_ROLLOUT),
                        hook("promotion gate", HookType.CONFIRM_PROMOTION));
        var cluster = SimulatedCluster.initialized(spec);
        cluster.hooks = (_, before) -> before >= 3;

        cluster.image("b");
        cluster.run(LONG);

        assertThat(news(cluster))
                .containsOnlyOnce(
                        "W Halt podinfo.test advancement waiting for approval start gate",
                        "W Halt podinfo.test advancement waiting for promotion approval promotion"
                                + " gate");
        assertThat(cluster.statuses).contains("Waiting 0 0 0", "WaitingPromotion 60 0 0");
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
    }

    @Test
    void aRollbackHookThatPassesTakesTheCanaryBack() {
        var cluster =
                SimulatedCluster.initialized(
                        Specs.linear(hook("rollback gate", HookType.ROLLBACK)));
        cluster.hooks = (_, before) -> before >= 2;

        cluster.image("b");
        cluster.run(LONG);

        assertThat(news(cluster))
                .endsWith(
                        "W Rollback check rollback gate passed",
                        "W Rolling back podinfo.test manual webhook invoked",
                        "W Canary failed! Scaling down podinfo.test");
    }

    @Test
    void aRollbackIsHeardWhileTheGateBeforeTheFirstTrafficIsClosed() {
        var spec =
                Specs.linear(
                        hook("take back", HookType.ROLLBACK),
                        hook("traffic gate", HookType.CONFIRM_TRAFFIC_INCREASE));
        var cluster = SimulatedCluster.initialized(spec);
        cluster.hooks = (name, before) -> name.equals("take back") && before >= 4;

        cluster.image("b");
        cluster.run(LONG);

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.FAILED);
        assertThat(news(cluster))
                .contains(
                        "W Rolling back podinfo.test manual webhook invoked",
                        "W Halt podinfo.test advancement waiting for traffic increase approval"
                                + " traffic gate");
        assertThat(cluster.chats)
                .filteredOn(it -> it.message().startsWith("Canary traffic increase"))
                .hasSize(1);
    }

    /**
     * As in Flagger: what waits in its own phase says so at each interval; people are alerted once.
     */
    @Test
    void aClosedGateBeforeMoreTrafficIsToldEachTimeThatItIsAsked() {
        var spec = Specs.linear(hook("traffic gate", HookType.CONFIRM_TRAFFIC_INCREASE));
        var cluster = SimulatedCluster.initialized(spec);
        cluster.hooks = (_, before) -> before >= 2;

        cluster.image("b");
        cluster.run(LONG);

        String starting = "N Starting canary analysis for podinfo.test";
        String waiting =
                "W Halt podinfo.test advancement waiting for traffic increase approval traffic"
                        + " gate";
        assertThat(news(cluster))
                .containsSequence(
                        starting,
                        waiting,
                        starting,
                        waiting,
                        starting,
                        "N Confirm-traffic-increase check traffic gate passed");
        assertThat(cluster.chats)
                .filteredOn(it -> it.message().startsWith("Canary traffic increase"))
                .hasSize(1);
        assertThat(cluster.happened("GateClosed")).hasSize(1);
        assertThat(cluster.happened("AnalysisStarted")).hasSize(1);
    }

    @Test
    void aSecondGateThatIsClosedIsAlertedTooAndTheMutedOneIsNot() {
        var muted =
                new Spec.Hook(
                        "muted",
                        HookType.CONFIRM_TRAFFIC_INCREASE,
                        Duration.ofSeconds(10),
                        0,
                        true,
                        null);
        var loud = hook("loud", HookType.CONFIRM_TRAFFIC_INCREASE);
        var cluster = SimulatedCluster.initialized(Specs.linear(muted, loud));
        cluster.hooks = (name, before) -> name.equals("muted") ? before >= 2 : before >= 3;

        cluster.image("b");
        cluster.run(LONG);

        assertThat(news(cluster))
                .contains(
                        "W Halt podinfo.test advancement waiting for traffic increase approval"
                                + " muted",
                        "W Halt podinfo.test advancement waiting for traffic increase approval"
                                + " loud");
        assertThat(cluster.happened("GateClosed"))
                .extracting(Effect.Happened::message)
                .containsExactly(
                        "confirm-traffic-increase muted is closed.",
                        "confirm-traffic-increase loud is closed.");
        assertThat(cluster.chats)
                .filteredOn(it -> it.message().startsWith("Canary traffic increase"))
                .hasSize(1);
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
    }

    @Test
    void aCanaryThatIsLostWhileThatGateIsClosedIsTakenBackAtItsDeadline() {
        var spec = Specs.linear(hook("traffic gate", HookType.CONFIRM_TRAFFIC_INCREASE));
        var cluster = SimulatedCluster.initialized(spec);
        cluster.hooks = (_, _) -> false;
        cluster.image("b");
        cluster.run(Duration.ofSeconds(30));
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.PROGRESSING);

        cluster.targetServes(false);
        cluster.run(LONG);

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.FAILED);
    }

    @Test
    void aRollbackIsHeardAlsoWhereNoIntervalIsSteady() {
        var cluster =
                SimulatedCluster.initialized(Specs.linear(hook("take back", HookType.ROLLBACK)));
        var open = new AtomicBoolean();
        cluster.hooks = (_, _) -> open.get();
        cluster.image("b");
        while (cluster.weight() < 40) {
            cluster.run(Duration.ofSeconds(1));
        }

        for (int i = 0; i < 4; i++) {
            if (i == 2) {
                open.set(true);
            }
            cluster.targetPartly = true;
            cluster.seeTarget();
            cluster.run(Duration.ofSeconds(1));
            cluster.targetPartly = false;
            cluster.seeTarget();
            cluster.run(Duration.ofSeconds(9));
        }

        assertThat(news(cluster)).contains("W Rolling back podinfo.test manual webhook invoked");
    }

    @Test
    void iterationsAreCountedAndMatchingTrafficGoesToTheCanary() {
        var cluster =
                SimulatedCluster.initialized(
                        Specs.with(
                                Specs.strategy(2, 0, List.of(), 100, 0, 0, false, true),
                                2,
                                false,
                                false));

        cluster.image("b");
        cluster.run(LONG);

        assertThat(news(cluster))
                .containsSubsequence(
                        "N Advance podinfo.test canary iteration 1/2",
                        "N Advance podinfo.test canary iteration 2/2",
                        "N Copying podinfo.test template spec to podinfo-primary.test");
        assertThat(cluster.routes)
                .anyMatch(r -> r.split().equals(new Split(Weight.ALL, false, true)));
    }

    @Test
    void skippedAnalysisPromotesAsSoonAsTheCanaryIsReady() {
        var cluster = SimulatedCluster.initialized(Specs.with(Specs.LINEAR, 2, true, false));

        cluster.image("b");
        cluster.run(LONG);

        assertThat(news(cluster))
                .containsExactly(
                        "N New revision detected! Scaling up podinfo.test",
                        "N Copying podinfo.test template spec to podinfo-primary.test",
                        "N Promotion completed! Canary analysis was skipped for podinfo.test");
        assertThat(cluster.primaryRevision).isEqualTo("b");
    }

    @Test
    void aSuspendedRunStaysWhereItIsAndGoesOnAfterwards() {
        var cluster = SimulatedCluster.initialized(Specs.linear());
        cluster.image("b");
        cluster.run(Duration.ofSeconds(9));

        cluster.edit(Specs.with(Specs.LINEAR, 2, false, true));
        cluster.run(LONG);
        assertThat(cluster.weight()).isEqualTo(20);
        assertThat(cluster.rollout.waitingFor()).contains("suspend");
        cluster.edit(Specs.linear());
        cluster.run(LONG);

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
    }

    @Test
    void noDataHoldsWhereTheCanarySaysSo() {
        var spec = Specs.linear();
        var holding =
                SpecBuilder.of(spec)
                        .checks(
                                List.of(
                                        new Check(
                                                "request-success-rate",
                                                null,
                                                new Check.Range(99.0, null),
                                                OnUnknown.HOLD,
                                                OnUnknown.HOLD)))
                        .build();
        var cluster = SimulatedCluster.initialized(holding);
        cluster.metrics = (_, _) -> null;

        cluster.image("b");
        cluster.run(Duration.ofSeconds(70));

        assertThat(cluster.weight()).isEqualTo(20);
        assertThat(cluster.rollout.traffic().failedChecks()).isZero();
        assertThat(cluster.history).extracting(Effect.Happened::type).contains("CheckInconclusive");
    }

    @Test
    void aDeletedCanaryIsRestoredAndForgotten() {
        var cluster = SimulatedCluster.initialized(Specs.linear());
        cluster.image("b");
        cluster.run(Duration.ofSeconds(9));

        cluster.delete();
        cluster.run(LONG);
        cluster.inject(at -> new RolloutEvent.CanaryGone(at, SimulatedCluster.UID));
        cluster.run(LONG);

        assertThat(cluster.routes.getLast().action()).isEqualTo(RouteAction.RESTORE);
        assertThat(news(cluster))
                .endsWith("N Terminating canary podinfo.test", "N Terminated canary podinfo.test");
        assertThat(cluster.rollout.gone()).isTrue();
    }

    /** Whoever reads by uid, run and sequence would drop the second of two, or take it for gone. */
    @Test
    void oneThatIsLeftToOthersIsNotTerminatedAndItsNumbersGoOnWhenItComesBack() {
        var cluster = SimulatedCluster.initialized(Specs.linear());
        cluster.image("b");
        cluster.run(Duration.ofSeconds(9));
        cluster.leave();
        cluster.run(Duration.ofSeconds(1));
        assertThat(cluster.rollout.mayReturn()).isTrue();
        assertThat(cluster.history).extracting(Effect.Happened::type).doesNotContain("Terminated");
        assertThat(cluster.history.getLast().type()).isEqualTo("Left");

        cluster.claimLost(null);
        cluster.seeTarget();
        cluster.seePrimary();
        cluster.run(LONG);

        assertThat(cluster.rollout.gone()).isFalse();
        assertThat(cluster.history)
                .extracting(it -> it.run() + "-" + it.sequence())
                .doesNotHaveDuplicates();
        assertThat(cluster.history.getLast().type()).isNotEqualTo("Left");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void ofOneThatWasNeverOursNothingIsTold(boolean left) {
        var cluster = new SimulatedCluster(Specs.linear());
        cluster.refusal = RolloutEvent.Outcome.RETRY;
        cluster.create();
        cluster.run(Duration.ofSeconds(3));

        cluster.inject(at -> new RolloutEvent.CanaryGone(at, SimulatedCluster.UID, left));
        cluster.run(Duration.ofSeconds(3));

        assertThat(cluster.rollout.gone()).isTrue();
        assertThat(cluster.rollout.mayReturn()).isFalse();
        assertThat(cluster.history).isEmpty();
    }

    @Test
    void abortingTakesTheCanaryBackInTheNameOfWhoAskedForIt() {
        var cluster = SimulatedCluster.initialized(Specs.linear());
        cluster.image("b");
        cluster.run(Duration.ofSeconds(9));

        cluster.inject(
                at ->
                        new RolloutEvent.ActionAsked(
                                at, "ada", RolloutEvent.Action.ABORT, "looks odd", 0));
        cluster.run(LONG);

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.FAILED);
        assertThat(cluster.history).extracting(Effect.Happened::actor).contains("ada");
    }

    @Test
    void whyItWasTakenBackIsKeptUntilTheNextRunBegins() {
        var cluster = SimulatedCluster.initialized(Specs.linear());
        cluster.metrics = (_, revision) -> revision.equals("bad") ? 69.171 : 100.0;
        cluster.image("bad");
        cluster.run(LONG);

        assertThat(cluster.rollout.traffic().failedChecks()).isZero();
        assertThat(cluster.rollout.run().takenBack())
                .isEqualTo(
                        new Run.TakenBack(
                                cluster.last("RollingBack").at(),
                                "Halt podinfo.test advancement success rate 69.17% < 99%",
                                "serinus",
                                2));

        cluster.image("good");
        cluster.run(Duration.ofSeconds(5));

        assertThat(cluster.rollout.run().takenBack()).isNull();
    }

    @Test
    void whoAbortedItIsKeptWithTheReason() {
        var cluster = SimulatedCluster.initialized(Specs.linear());
        cluster.image("b");
        cluster.run(Duration.ofSeconds(9));

        cluster.inject(
                at ->
                        new RolloutEvent.ActionAsked(
                                at, "ada", RolloutEvent.Action.ABORT, "looks odd", 0));
        cluster.run(LONG);

        var told = requireNonNull(cluster.rollout.run().takenBack());
        assertThat(told.by()).isEqualTo("ada");
        assertThat(told.because()).contains("aborted by ada").contains("looks odd");
    }

    @Test
    void everyMistakeOfAManifestIsToldAndThePhaseIsLeftAlone() {
        var cluster = SimulatedCluster.initialized(Specs.linear());
        var problems =
                List.of(
                        new RolloutEvent.Problem("spec.analysis.interval", "must be a duration"),
                        new RolloutEvent.Problem("spec.service.port", "must be a port"));

        cluster.inject(
                at -> new RolloutEvent.CanaryRejected(at, SimulatedCluster.UID, 2, problems));
        cluster.run(LONG);

        assertThat(news(cluster))
                .containsExactly(
                        "W invalid canary spec: spec.analysis.interval: must be a duration;"
                                + " spec.service.port: must be a port");
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.INITIALIZED);
        assertThat(cluster.statuses).contains("Initialized 0 0 0");
    }

    /** In mid-step, where an edit of the manifest would ask the router again. */
    @Test
    void hintsAndLabelsAloneAreShownAndShapeNothing() {
        // Given
        var cluster = SimulatedCluster.initialized(Specs.linear());
        cluster.image("b");
        cluster.run(Duration.ofSeconds(5));
        var before = cluster.rollout;
        long written = written(cluster);
        int decided = cluster.decisions.size();
        // When
        cluster.inject(at -> seen(at, cluster, Map.of("tier", "db"), List.of("spec.x: no effect")));
        cluster.run(Duration.ZERO);
        // Then
        assertThat(cluster.decisions.subList(decided, cluster.decisions.size()))
                .singleElement()
                .satisfies(
                        it ->
                                assertThat(it.effects())
                                        .singleElement()
                                        .isInstanceOf(Effect.Announce.class));
        assertThat(written(cluster)).isEqualTo(written + 1);
        assertThat(cluster.rollout.stage()).isEqualTo(before.stage());
        assertThat(StatusView.of(cluster.rollout).hints()).containsExactly("spec.x: no effect");
        assertThat(cluster.rollout.manifest().labels()).containsEntry("tier", "db");
        // When: told again
        cluster.inject(at -> seen(at, cluster, Map.of("tier", "db"), List.of("spec.x: no effect")));
        cluster.run(Duration.ZERO);
        // Then
        assertThat(written(cluster)).isEqualTo(written + 1);
    }

    /** It is not one whose labels are not known, of which nobody can say whom a selector means. */
    @Test
    void aCanaryWithoutLabelsIsKnownToHaveNone() {
        var cluster = SimulatedCluster.initialized(Specs.linear());
        assertThat(cluster.rollout.manifest().labels()).as("nobody said").isNull();

        cluster.inject(at -> seen(at, cluster, Map.of(), List.of()));
        cluster.run(Duration.ZERO);

        assertThat(cluster.rollout.manifest().labels()).isNotNull().isEmpty();
        assertThat(cluster.rollout.decided().manifest().labels())
                .as("a release before noted none")
                .isNull();
    }

    private static RolloutEvent.CanarySeen seen(
            Instant at, SimulatedCluster cluster, Map<String, String> labels, List<String> hints) {
        var manifest = cluster.rollout.manifest();
        return new RolloutEvent.CanarySeen(
                at,
                manifest.uid(),
                manifest.generation(),
                cluster.spec,
                false,
                manifest.claimed(),
                null,
                false,
                false,
                labels,
                hints,
                null);
    }

    /** Who waits for what was applied has to see that it was looked at. */
    @Test
    void anEditIsAnsweredWithTheGenerationThatWasSeenWhetherItIsInForceOrNot() {
        // Given
        var cluster = SimulatedCluster.initialized(Specs.linear());
        var problems = List.of(new RolloutEvent.Problem("spec.service.port", "must be a port"));
        long before = StatusView.of(cluster.rollout).seenGeneration();
        // When
        long written = written(cluster);
        cluster.edit(Specs.linear());
        cluster.run(Duration.ofSeconds(1));
        // Then
        assertThat(written(cluster)).isEqualTo(written + 1);
        assertThat(StatusView.of(cluster.rollout))
                .returns(before + 1, Effect.Status::seenGeneration)
                .returns(before + 1, Effect.Status::observedGeneration);
        // When
        cluster.inject(
                at ->
                        new RolloutEvent.CanaryRejected(
                                at, SimulatedCluster.UID, before + 2, problems));
        cluster.run(Duration.ofSeconds(1));
        // Then
        assertThat(written(cluster)).isEqualTo(written + 2);
        assertThat(StatusView.of(cluster.rollout))
                .returns(before + 2, Effect.Status::seenGeneration)
                .returns(before + 1, Effect.Status::observedGeneration);
        // When
        cluster.told.clear();
        cluster.inject(
                at ->
                        new RolloutEvent.CanaryRejected(
                                at, SimulatedCluster.UID, before + 3, problems));
        cluster.run(Duration.ofSeconds(1));
        // Then
        assertThat(written(cluster)).isEqualTo(written + 3);
        assertThat(StatusView.of(cluster.rollout).seenGeneration()).isEqualTo(before + 3);
        assertThat(cluster.told).as("the same mistakes are known").isEmpty();
        assertThat(cluster.happened("Rejected")).hasSize(1);
    }

    private static Rollout judged(int second, JudgementSummary.Metric... metrics) {
        var at = SimulatedCluster.START.plusSeconds(second);
        var found = new JudgementSummary(at, Verdict.INCONCLUSIVE, List.of(metrics));
        var rollout = Rollout.of(SimulatedCluster.CANARY);
        return rollout.with(rollout.run().judged(found));
    }

    private static JudgementSummary.Metric unknown(String name, double value, String because) {
        return new JudgementSummary.Metric(name, value, null, 500.0, Verdict.INCONCLUSIVE, because);
    }

    @Test
    void aCheckIsNewsWhereItFindsSomethingElse() {
        var none = StatusView.of(Rollout.of(SimulatedCluster.CANARY));
        var first = StatusView.of(judged(1, unknown("latency", 1.0, "no values found")));
        var again = StatusView.of(judged(2, unknown("latency", 2.0, "no values found")));
        var otherMetric = StatusView.of(judged(3, unknown("errors", 2.0, "no values found")));
        var otherReason = StatusView.of(judged(4, unknown("latency", 2.0, "no answer")));

        assertThat(StatusView.same(first, again, false)).isTrue();
        assertThat(StatusView.same(none, first, false)).isFalse();
        assertThat(StatusView.same(first, none, false)).isFalse();
        assertThat(StatusView.same(first, otherMetric, false)).isFalse();
        assertThat(StatusView.same(first, otherReason, false)).isFalse();
    }

    /** Its traffic moves in a moment, and that is told. */
    @Test
    void aCheckThatPassesIsNoNewsByItself() {
        var rollout = Rollout.of(SimulatedCluster.CANARY);
        var passed = new JudgementSummary(SimulatedCluster.START, Verdict.PASS, List.of());

        assertThat(
                        StatusView.same(
                                StatusView.of(rollout),
                                StatusView.of(rollout.with(rollout.run().judged(passed))),
                                false))
                .isTrue();
    }

    /** How many statuses were written. */
    private static long written(SimulatedCluster cluster) {
        return cluster.decisions.stream()
                .flatMap(decision -> decision.effects().stream())
                .filter(
                        effect ->
                                effect instanceof Effect.Announce announce
                                        && announce.status() != null)
                .count();
    }
}
