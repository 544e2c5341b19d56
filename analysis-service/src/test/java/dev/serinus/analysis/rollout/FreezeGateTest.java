package dev.serinus.analysis.rollout;

import static dev.serinus.analysis.rollout.SimulatedCluster.byAnnotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.serinus.analysis.rollout.RolloutEvent.Action;
import dev.serinus.analysis.rollout.gate.GateLimit.OnTimeout;
import dev.serinus.analysis.rollout.gate.Predecessor;
import dev.serinus.analysis.rollout.gate.WaitingGate;
import dev.serinus.schemas.hook.HookType;
import dev.serinus.schemas.hook.Point;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.time.Duration;

/** What stands still while the installation's calendar says so, and what does not. */
class FreezeGateTest {

    private static final Duration MOMENT = Duration.ofSeconds(1);
    private static final Duration WEEKEND = Duration.ofHours(62);
    private static final Duration NIGHT = Duration.ofHours(3);

    private static final Point[] ALL = Point.values();

    // ---- starts

    @Test
    void noRunBeginsBeforeTheFreezeIsOverAndNobodyIsWokenForItMeanwhile() {
        var cluster = SimulatedCluster.initialized(Specs.linear());
        var weekend = cluster.freezeFor("weekend", WEEKEND, ALL);
        cluster.freeze(weekend);
        cluster.run(MOMENT);

        cluster.image("b");
        cluster.run(Duration.ofHours(61));

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.WAITING);
        assertThat(cluster.rollout.waitingFor())
                .isEqualTo("the end of freeze weekend at " + weekend.ends());
        assertThat(cluster.rollout.due()).contains(weekend.until());
        assertThat(cluster.rollout.waitingOn()).isEqualTo(WaitingOn.TIME);
        assertThat(StatusView.of(cluster.rollout).message())
                .isEqualTo("Waiting for the end of a freeze.");
        assertThat(cluster.happened("Frozen")).hasSize(1);
        assertThat(cluster.targetReplicas).isZero();
        cluster.run(Duration.ofHours(2));
        assertThat(cluster.primaryRevision).isEqualTo("b");
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
        assertThat(cluster.happened("Frozen")).hasSize(1);
    }

    @Test
    void theWebhookOfTheStartIsAskedWhenTheFreezeIsOverWithAllOfItsTime() {
        var cluster =
                SimulatedCluster.initialized(
                        Specs.linear(
                                Specs.hook(
                                        "ask",
                                        HookType.CONFIRM_ROLLOUT,
                                        Duration.ofMinutes(3),
                                        OnTimeout.FAIL)));
        cluster.hooks = (_, _) -> false;
        cluster.image("b");
        cluster.run(Duration.ofMinutes(1));
        assertThat(cluster.happened("GateClosed")).hasSize(1);

        cluster.freeze(cluster.freezeFor("weekend", WEEKEND, ALL));
        cluster.run(Duration.ofHours(61));
        assertThat(cluster.rollout.waitingFor()).startsWith("the end of freeze weekend");
        cluster.run(Duration.ofMinutes(61));

        assertThat(cluster.rollout.waitingFor()).startsWith("approval by ask");
        assertThat(cluster.happened("GateClosed")).hasSize(2);
    }

    @Test
    void whomAFreezeHoldsHasNoPlaceInABudget() {
        var cluster = SimulatedCluster.initialized(Specs.linear());
        cluster.budget(1);
        cluster.anotherBegins();
        cluster.run(MOMENT);
        cluster.image("b");
        cluster.run(Duration.ofMinutes(1));
        assertThat(cluster.rollout.stage().awaited()).isInstanceOf(Awaited.Turn.class);

        cluster.freeze(cluster.freezeFor("weekend", WEEKEND, ALL));
        cluster.run(Duration.ofMinutes(11));

        assertThat(cluster.rollout.stage().awaited()).isInstanceOf(Awaited.FreezeEnd.class);
        assertThat(Permits.of(cluster.rollout)).isNull();
        cluster.anotherEnds();
        cluster.run(MOMENT);
        assertThat(cluster.fleet.isEmpty()).isTrue();
    }

    // ---- more traffic

    @Test
    void aRunStaysAtItsWeightAndGoesOnAfterACheckWhenTheFreezeIsOver() {
        var cluster = atTwenty();
        cluster.freeze(cluster.freezeFor("night", NIGHT, ALL));

        cluster.run(Duration.ofHours(2));

        assertThat(cluster.weight()).isEqualTo(20);
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.PROGRESSING);
        assertThat(cluster.happened("Frozen")).hasSize(1);
        assertThat(cluster.told).filteredOn(one -> one.contains("freeze")).hasSize(1);
        cluster.run(Duration.ofHours(2));
        assertThat(cluster.primaryRevision).isEqualTo("b");
    }

    @Test
    void aFreezeThatHoldsPromotionsAloneLetsTrafficRise() {
        var cluster = atTwenty();
        cluster.freeze(cluster.freezeFor("night", NIGHT, Point.PROMOTE));

        cluster.run(Duration.ofHours(2));

        assertThat(cluster.weight()).isEqualTo(60);
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.WAITING_PROMOTION);
        assertThat(cluster.primaryRevision).isEqualTo("a");
        assertThat(StatusView.of(cluster.rollout).message())
                .isEqualTo("Waiting for the end of a freeze.");
        assertThat(cluster.happened("Frozen")).hasSize(1);
        cluster.run(Duration.ofHours(2));
        assertThat(cluster.primaryRevision).isEqualTo("b");
    }

    @Test
    void aRunThatFailsDuringAFreezeIsTakenBack() {
        var cluster = atTwenty();
        cluster.freeze(cluster.freezeFor("weekend", WEEKEND, ALL));
        cluster.run(Duration.ofMinutes(5));

        cluster.metrics = (_, _) -> 0.0;
        cluster.run(Duration.ofMinutes(30));

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.FAILED);
        assertThat(cluster.weight()).isZero();
        assertThat(cluster.targetReplicas).isZero();
    }

    @Test
    void whoeverMayDemandARollbackIsAskedDuringAFreeze() {
        var cluster =
                SimulatedCluster.initialized(Specs.linear(Specs.hook("back", HookType.ROLLBACK)));
        cluster.hooks = (_, _) -> false;
        cluster.freeze(cluster.freezeFor("weekend", WEEKEND, Point.ADVANCE));
        cluster.image("b");
        cluster.run(Duration.ofMinutes(5));
        assertThat(cluster.rollout.stage().awaited()).isInstanceOf(Awaited.FreezeEnd.class);

        cluster.hooks = (_, _) -> true;
        cluster.run(Duration.ofMinutes(5));

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.FAILED);
    }

    @Test
    void anAbortAndADeletionNeverWait() {
        var aborted = atTwenty();
        aborted.freeze(aborted.freezeFor("weekend", WEEKEND, ALL));
        aborted.run(Duration.ofMinutes(5));
        aborted.ask(Action.ABORT);
        aborted.run(Duration.ofMinutes(5));
        var deleted = atTwenty();
        deleted.freeze(deleted.freezeFor("weekend", WEEKEND, ALL));
        deleted.run(Duration.ofMinutes(5));
        deleted.delete();
        deleted.run(Duration.ofMinutes(5));

        assertThat(aborted.rollout.phase()).isEqualTo(Phase.FAILED);
        assertThat(deleted.isPresent()).isFalse();
    }

    @Test
    void whatWasTakenBackByItsAuthorDoesNotWait() {
        var cluster = atTwenty();
        cluster.freeze(cluster.freezeFor("weekend", WEEKEND, ALL));
        cluster.run(Duration.ofMinutes(5));

        cluster.image("a");
        cluster.run(Duration.ofMinutes(5));

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
        assertThat(cluster.weight()).isZero();
    }

    @Test
    void theFirstInitialisationDoesNotWait() {
        var cluster = new SimulatedCluster(Specs.linear());
        cluster.create();
        cluster.freeze(cluster.freezeFor("weekend", WEEKEND, ALL));

        cluster.run(Duration.ofMinutes(5));

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.INITIALIZED);
    }

    @Test
    void aReturnThatIsTrustedDoesNotWait() {
        var window = new ReturnWindow(3, null);
        var cluster =
                SimulatedCluster.initialized(
                        Specs.ruled(
                                Specs.linear(),
                                new RunRules(false, RunRules.NONE.holdTimeout(), window, false)));
        cluster.image("b");
        cluster.run(Duration.ofMinutes(30));
        cluster.freeze(cluster.freezeFor("weekend", WEEKEND, ALL));
        cluster.image("c");
        cluster.run(Duration.ofMinutes(5));
        assertThat(cluster.rollout.stage().awaited()).isInstanceOf(Awaited.FreezeEnd.class);

        cluster.image("a");
        cluster.run(Duration.ofMinutes(30));

        assertThat(cluster.primaryRevision).isEqualTo("a");
    }

    // ---- which one, and until when

    @Test
    void ofThoseThatOverlapTheOneThatLastsLongestIsWaitedFor() {
        var cluster = SimulatedCluster.initialized(Specs.linear());
        var night = cluster.freezeFor("night", Duration.ofHours(10), ALL);
        var weekend = cluster.freezeFor("weekend", WEEKEND, Point.START);
        cluster.freeze(night, weekend);
        cluster.image("b");
        cluster.run(Duration.ofHours(20));

        assertThat(cluster.rollout.waitingFor()).contains("freeze weekend");
        assertThat(cluster.rollout.due()).contains(weekend.until());
    }

    @Test
    void aFreezeThatIsTakenAwayOrMovedIsFollowedAtOnce() {
        var cluster = SimulatedCluster.initialized(Specs.linear());
        cluster.freeze(cluster.freezeFor("weekend", WEEKEND, ALL));
        cluster.image("b");
        cluster.run(Duration.ofHours(1));

        var longer = cluster.freezeFor("weekend", Duration.ofHours(100), ALL);
        cluster.freeze(longer);
        cluster.run(MOMENT);
        assertThat(cluster.rollout.due()).contains(longer.until());
        assertThat(cluster.happened("Frozen")).hasSize(2);
        cluster.freeze();
        cluster.run(MOMENT);

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.PROGRESSING);
    }

    @Test
    void oneThatBeginsInTheMiddleOfARunHoldsItsNextStep() {
        var cluster = SimulatedCluster.initialized(Specs.linear());
        cluster.freeze(cluster.freezeIn("night", Duration.ofSeconds(12), WEEKEND, ALL));
        cluster.image("b");

        cluster.run(Duration.ofHours(1));

        assertThat(cluster.rollout.stage().part()).isEqualTo(Part.ANALYSIS);
        assertThat(cluster.happened("Frozen")).hasSize(1);
        assertThat(cluster.primaryRevision).isEqualTo("a");
    }

    /** The gate stood open; what takes its time between it and the copy is a way for a freeze. */
    @Test
    void oneThatBeginsWhileTheBaselineEndsHoldsThePromotion() {
        var cluster = SimulatedCluster.initialized(Specs.withBaseline(Specs.linear(), true));
        cluster.image("b");
        for (int i = 0; i < 20_000 && !isBaselineEnding(cluster); i++) {
            cluster.run(Duration.ofMillis(10));
        }
        assertThat(isBaselineEnding(cluster)).isTrue();

        cluster.freeze(cluster.freezeFor("night", NIGHT, ALL));
        cluster.run(Duration.ofHours(2));

        assertThat(cluster.rollout.waitingFor()).startsWith("the end of freeze night");
        assertThat(cluster.primaryRevision).isEqualTo("a");
        cluster.run(Duration.ofHours(2));
        assertThat(cluster.primaryRevision).isEqualTo("b");
    }

    private static boolean isBaselineEnding(SimulatedCluster cluster) {
        return cluster.rollout.stage().question() instanceof Question.StopBaseline;
    }

    // ---- people

    @Test
    void whomPeopleApproveAtAFreezePassesAllOfItsGates() {
        var cluster = SimulatedCluster.initialized(Specs.linear());
        cluster.freeze(cluster.freezeFor("weekend", WEEKEND, ALL));
        cluster.image("b");
        cluster.run(Duration.ofMinutes(1));
        assertThat(Permitted.actions(cluster.rollout)).contains(Action.APPROVE);

        cluster.askForAnswer(Action.APPROVE, "freeze/weekend");
        cluster.run(Duration.ofMinutes(30));

        assertThat(cluster.happened("FreezePassed"))
                .extracting(Effect.Happened::actor, Effect.Happened::message)
                .containsExactly(
                        tuple("ada", "podinfo.test passes freeze weekend, approved by ada: why"));
        assertThat(cluster.primaryRevision).isEqualTo("b");
    }

    /** Whoever stops a release on Friday evening does not come on Monday to do so. */
    @ParameterizedTest
    @EnumSource
    void aRunThatWaitsToBeginIsAborted(Waits on) {
        var cluster =
                SimulatedCluster.initialized(
                        on == Waits.WAVE
                                ? WaveGateTest.after(
                                        new Predecessor("us", null, "first", Duration.ZERO))
                                : Specs.linear(Specs.hook("ask", HookType.CONFIRM_ROLLOUT)));
        switch (on) {
            case FREEZE -> cluster.freeze(cluster.freezeFor("weekend", WEEKEND, ALL));
            case BUDGET -> {
                cluster.budget(1);
                cluster.anotherBegins();
            }
            case GATE -> cluster.hooks = (_, _) -> false;
            case WAVE -> {}
        }
        cluster.run(MOMENT);
        cluster.image("b");
        cluster.run(Duration.ofMinutes(1));
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.WAITING);
        assertThat(cluster.rollout.possible()).contains(Action.ABORT);

        cluster.askForAnswer(Action.ABORT, "");
        cluster.run(MOMENT);
        boolean failed = cluster.rollout.phase() == Phase.FAILED;
        cluster.freeze();
        cluster.hooks = (_, _) -> true;
        cluster.anotherEnds();
        cluster.firstPromoted("b");
        cluster.run(WEEKEND);

        assertThat(failed).isTrue();
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.FAILED);
        assertThat(cluster.primaryRevision).isEqualTo("a");
        assertThat(cluster.targetReplicas).isZero();
        assertThat(cluster.fleet.isEmpty()).isTrue();
        cluster.image("c");
        cluster.firstPromoted("c");
        cluster.run(Duration.ofMinutes(30));
        assertThat(cluster.primaryRevision).isEqualTo("c");
    }

    enum Waits {
        FREEZE,
        BUDGET,
        WAVE,
        GATE
    }

    @Test
    void whoApprovesAGateDuringAFreezeIsNotAskedAgainAfterIt() {
        var cluster =
                SimulatedCluster.initialized(
                        Specs.linear(Specs.hook("ask", HookType.CONFIRM_PROMOTION)));
        cluster.hooks = (_, _) -> false;
        cluster.image("b");
        cluster.run(Duration.ofMinutes(30));
        cluster.freeze(cluster.freezeFor("night", NIGHT, ALL));
        cluster.run(Duration.ofHours(1));
        assertThat(cluster.rollout.waitingFor()).startsWith("the end of freeze night");

        String approved = cluster.askForAnswer(Action.APPROVE, "ask");
        cluster.run(Duration.ofHours(1));
        String again = cluster.askForAnswer(Action.APPROVE, "ask");
        cluster.run(MOMENT);

        assertThat(cluster.answer(approved).orElseThrow().message())
                .startsWith(
                        "Gate ask of podinfo.test approved by ada: why; it goes on after the end")
                .contains("freeze night");
        assertThat(cluster.answer(again).orElseThrow().message())
                .contains("no gate waits: it waits for the end of freeze night");
        assertThat(cluster.primaryRevision).isEqualTo("a");
        cluster.run(NIGHT);
        assertThat(cluster.primaryRevision).isEqualTo("b");
    }

    @Test
    void whatWasApprovedDuringAFreezeIsNoWordForANewerRevision() {
        var cluster =
                SimulatedCluster.initialized(
                        Specs.linear(Specs.hook("ask", HookType.CONFIRM_ROLLOUT)));
        cluster.hooks = (_, _) -> false;
        cluster.freeze(cluster.freezeFor("night", NIGHT, ALL));
        cluster.image("b");
        cluster.run(Duration.ofMinutes(1));
        cluster.askForAnswer(Action.APPROVE, "ask");
        cluster.run(MOMENT);

        cluster.image("c");
        cluster.run(NIGHT);

        assertThat(cluster.rollout.waitingFor()).startsWith("approval by ask");
        assertThat(cluster.targetReplicas).isZero();
    }

    @Test
    void whoLetsARunBeginAtTheWordOfAHookLetsItPassNoFreeze() {
        var cluster = SimulatedCluster.initialized(Specs.linear());
        cluster.freeze(cluster.freezeFor("weekend", WEEKEND, ALL));
        cluster.image("b");
        cluster.run(Duration.ofMinutes(1));

        String refused = cluster.askForAnswer(Action.APPROVE, WaitingGate.START);
        cluster.run(Duration.ofHours(1));

        assertThat(cluster.answer(refused).orElseThrow().message())
                .contains("it waits for the end of freeze weekend")
                .endsWith("which is let pass by its own name alone");
        assertThat(cluster.happened("FreezePassed")).isEmpty();
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.WAITING);
        assertThat(cluster.targetReplicas).isZero();
    }

    @Test
    void whoLetsARunBeginDoesNotLetItRiseOrBePromoted() {
        var cluster = atTwenty();
        cluster.freeze(cluster.freezeFor("night", NIGHT, ALL));
        cluster.run(Duration.ofMinutes(5));

        String refused = cluster.askForAnswer(Action.APPROVE, WaitingGate.START);
        cluster.run(Duration.ofHours(1));

        assertThat(cluster.answer(refused).orElseThrow().type()).isEqualTo("ActionRefused");
        assertThat(cluster.weight()).isEqualTo(20);
    }

    @Test
    void whoLetsARunBeginOpensTheGateOfItsStart() {
        var cluster =
                SimulatedCluster.initialized(
                        Specs.linear(Specs.hook("ask", HookType.CONFIRM_ROLLOUT)));
        cluster.hooks = (_, _) -> false;
        cluster.image("b");
        cluster.run(Duration.ofMinutes(1));
        assertThat(cluster.rollout.waitingFor()).startsWith("approval by ask");

        cluster.askForAnswer(Action.APPROVE, WaitingGate.START);
        cluster.run(Duration.ofMinutes(5));

        assertThat(cluster.happened("GateOpened")).hasSize(1);
        assertThat(cluster.primaryRevision).isEqualTo("b");
    }

    @Test
    void whoLetsARunBeginLetsItPassTheLine() {
        var cluster = SimulatedCluster.initialized(Specs.linear());
        cluster.budget(1);
        cluster.anotherBegins();
        cluster.run(MOMENT);
        cluster.image("b");
        cluster.run(Duration.ofMinutes(1));
        assertThat(cluster.rollout.stage().awaited()).isInstanceOf(Awaited.Turn.class);

        cluster.askForAnswer(Action.APPROVE, WaitingGate.START);
        cluster.run(Duration.ofMinutes(5));

        assertThat(cluster.happened("GateOpened")).hasSize(1);
        assertThat(cluster.primaryRevision).isEqualTo("b");
    }

    @Test
    void theNextRunIsHeldByTheSameFreezeAgain() {
        var cluster = SimulatedCluster.initialized(Specs.linear());
        cluster.freeze(cluster.freezeFor("weekend", WEEKEND, ALL));
        cluster.image("b");
        cluster.run(Duration.ofMinutes(1));
        cluster.askForAnswer(Action.APPROVE, "");
        cluster.run(Duration.ofMinutes(30));

        cluster.image("c");
        cluster.run(Duration.ofMinutes(30));

        assertThat(cluster.rollout.stage().awaited()).isInstanceOf(Awaited.FreezeEnd.class);
    }

    @Test
    void aPromotionByHandNeedsTheFreezeToBeApproved() {
        var cluster = atTwenty();
        cluster.freeze(cluster.freezeFor("weekend", WEEKEND, ALL));
        cluster.run(Duration.ofMinutes(5));

        String refused = cluster.askForAnswer(Action.PROMOTE, "");
        cluster.run(MOMENT);
        assertThat(cluster.answer(refused).orElseThrow().message())
                .contains("it is held until the end of freeze weekend")
                .endsWith("approve freeze/weekend first");
        cluster.askForAnswer(Action.APPROVE, "freeze/weekend");
        cluster.run(MOMENT);
        cluster.askForAnswer(Action.PROMOTE, "");
        cluster.run(Duration.ofMinutes(5));

        assertThat(cluster.primaryRevision).isEqualTo("b");
    }

    @Test
    void whoIsLetPassOneFreezeIsHeldByAnother() {
        var cluster = SimulatedCluster.initialized(Specs.linear());
        cluster.freeze(
                cluster.freezeFor("weekend", WEEKEND, ALL), cluster.freezeFor("night", NIGHT, ALL));
        cluster.image("b");
        cluster.run(Duration.ofMinutes(1));

        cluster.askForAnswer(Action.APPROVE, "freeze/weekend");
        cluster.run(Duration.ofHours(2));

        assertThat(cluster.rollout.waitingFor()).startsWith("the end of freeze night");
        assertThat(cluster.targetReplicas).isZero();
        cluster.run(Duration.ofHours(2));
        assertThat(cluster.primaryRevision).isEqualTo("b");
    }

    @Test
    void whoNamesAnotherFreezeIsRefused() {
        var cluster = SimulatedCluster.initialized(Specs.linear());
        cluster.freeze(cluster.freezeFor("weekend", WEEKEND, ALL));
        cluster.image("b");
        cluster.run(Duration.ofMinutes(1));

        assertThat(Permitted.refusal(cluster.rollout, Action.APPROVE, "freeze/christmas"))
                .hasValue("no freeze holds it now that is called freeze/christmas");
        assertThat(Permitted.refusal(cluster.rollout, Action.SKIP, "")).isPresent();
    }

    // ---- an annotation

    @Test
    void whoseAnnotationNamesAFreezeThatAllowsItPassesAllOfItsGates() {
        var cluster = SimulatedCluster.initialized(Specs.linear());
        cluster.freeze(byAnnotation(cluster.freezeFor("weekend", WEEKEND, ALL)));
        cluster.image("b");
        cluster.run(Duration.ofMinutes(1));
        assertThat(cluster.rollout.waitingFor()).startsWith("the end of freeze weekend");

        cluster.annotateToPass("weekend");
        cluster.run(Duration.ofMinutes(30));

        assertThat(cluster.primaryRevision).isEqualTo("b");
        assertThat(cluster.happened("FreezePassed"))
                .extracting(Effect.Happened::actor, Effect.Happened::message)
                .containsExactly(
                        tuple(
                                "annotation serinus.dev/pass-freeze by kubectl-annotate",
                                "podinfo.test passes freeze weekend, by annotation"
                                        + " serinus.dev/pass-freeze by kubectl-annotate: the till"
                                        + " is down"));
    }

    @Test
    void noAnnotationPassesAFreezeThatDoesNotAllowIt() {
        var cluster = SimulatedCluster.initialized(Specs.linear());
        cluster.freeze(cluster.freezeFor("weekend", WEEKEND, ALL));
        cluster.annotateToPass("weekend");
        cluster.image("b");

        cluster.run(Duration.ofHours(1));

        assertThat(cluster.targetReplicas).isZero();
        assertThat(cluster.happened("FreezePassed")).isEmpty();
        assertThat(cluster.happened("FreezeNotPassed"))
                .extracting(Effect.Happened::message)
                .singleElement()
                .asString()
                .endsWith("the installation does not allow that; approve freeze/weekend");
    }

    @Test
    void anAnnotationIsForOneRun() {
        var cluster = SimulatedCluster.initialized(Specs.linear());
        cluster.freeze(byAnnotation(cluster.freezeFor("weekend", WEEKEND, ALL)));
        cluster.annotateToPass("weekend");
        cluster.image("b");
        cluster.run(Duration.ofMinutes(30));
        assertThat(cluster.primaryRevision).isEqualTo("b");

        cluster.image("c");
        cluster.run(Duration.ofMinutes(30));

        assertThat(cluster.rollout.waitingFor()).startsWith("the end of freeze weekend");
        assertThat(cluster.rollout.requests()).as("taken off").isEqualTo(Requests.NONE);
    }

    @Test
    void anAnnotationThatNoRunNeededIsTakenOffAtItsEnd() {
        var cluster = SimulatedCluster.initialized(Specs.linear());
        cluster.annotateToPass("weekend");
        cluster.image("b");
        cluster.run(Duration.ofMinutes(30));
        assertThat(cluster.primaryRevision).isEqualTo("b");
        cluster.freeze(byAnnotation(cluster.freezeFor("weekend", WEEKEND, ALL)));

        cluster.image("c");
        cluster.run(Duration.ofMinutes(30));

        assertThat(cluster.rollout.waitingFor()).startsWith("the end of freeze weekend");
    }

    @Test
    void aNewerRevisionIsHeldByTheFreezeThatTheOneBeforePassed() {
        var cluster = SimulatedCluster.initialized(Specs.linear());
        cluster.freeze(byAnnotation(cluster.freezeFor("weekend", WEEKEND, ALL)));
        cluster.annotateToPass("weekend");
        cluster.image("b");
        for (int i = 0; i < 600 && cluster.weight() < 20; i++) {
            cluster.run(MOMENT);
        }
        assertThat(cluster.weight()).isEqualTo(20);

        cluster.image("c");
        cluster.run(Duration.ofMinutes(30));

        assertThat(cluster.rollout.waitingFor()).startsWith("the end of freeze weekend");
        assertThat(cluster.primaryRevision).isEqualTo("a");
    }

    @Test
    void anAnnotationPassesNoFreezeThatItDoesNotName() {
        var cluster = SimulatedCluster.initialized(Specs.linear());
        cluster.freeze(
                byAnnotation(cluster.freezeFor("weekend", WEEKEND, ALL)),
                byAnnotation(cluster.freezeFor("night", NIGHT, ALL)));
        cluster.annotateToPass("weekend");
        cluster.image("b");

        cluster.run(Duration.ofHours(2));

        assertThat(cluster.rollout.waitingFor()).startsWith("the end of freeze night");
        assertThat(cluster.targetReplicas).isZero();
    }

    @Test
    void anAnnotationThatNamesTwoPassesBoth() {
        var cluster = SimulatedCluster.initialized(Specs.linear());
        cluster.freeze(
                byAnnotation(cluster.freezeFor("weekend", WEEKEND, ALL)),
                byAnnotation(cluster.freezeIn("night", Duration.ofMinutes(2), NIGHT, ALL)));
        cluster.annotateToPass("weekend", "night");
        cluster.image("b");

        cluster.run(Duration.ofMinutes(30));

        assertThat(cluster.primaryRevision).isEqualTo("b");
        assertThat(cluster.happened("FreezePassed")).hasSize(2);
    }

    // ---- a dry run

    @Test
    void aDryRunSaysWhatItWouldWaitForAndGoesOn() {
        var cluster = SimulatedCluster.initialized(Specs.tried(Specs.linear(), true));
        cluster.freeze(cluster.freezeFor("weekend", WEEKEND, ALL));
        cluster.run(MOMENT);

        cluster.image("b");
        cluster.run(Duration.ofMinutes(30));

        assertThat(cluster.happened("Frozen"))
                .singleElement()
                .extracting(Effect.Happened::message)
                .asString()
                .startsWith("Dry run: podinfo.test would wait for the end of freeze weekend");
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
    }

    /** One whose canary has a fifth of the traffic. */
    private static SimulatedCluster atTwenty() {
        var cluster = SimulatedCluster.initialized(Specs.linear());
        cluster.image("b");
        for (int i = 0; i < 600 && cluster.weight() < 20; i++) {
            cluster.run(MOMENT);
        }
        assertThat(cluster.weight()).isEqualTo(20);
        return cluster;
    }
}
