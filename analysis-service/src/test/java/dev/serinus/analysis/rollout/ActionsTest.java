package dev.serinus.analysis.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.analysis.rollout.Answer.Outcome;
import dev.serinus.analysis.rollout.Effect.Happened;
import dev.serinus.analysis.rollout.RolloutEvent.Action;
import dev.serinus.analysis.rollout.RolloutEvent.ActionAsked;
import dev.serinus.schemas.canary.Weight;
import dev.serinus.schemas.hook.HookType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

/** What people ask for, and what becomes of it. */
class ActionsTest {

    private static final Duration MOMENT = Duration.ofSeconds(1);
    private static final Duration LONG = Duration.ofMinutes(10);

    /** At the first weight, in the middle of its interval. */
    private static SimulatedCluster atTheFirstWeight(Spec.Hook... hooks) {
        var cluster = SimulatedCluster.initialized(Specs.linear(hooks));
        cluster.hooks = (name, _) -> !name.equals("back");
        cluster.image("b");
        cluster.run(Duration.ofSeconds(5));
        assertThat(cluster.rollout.traffic().canaryWeight()).isEqualTo(Weight.percent(20));
        return cluster;
    }

    private static Answer ask(SimulatedCluster cluster, Action action) {
        return ask(cluster, action, "");
    }

    private static Answer ask(SimulatedCluster cluster, Action action, String gate) {
        String id = cluster.askForAnswer(action, gate);
        cluster.run(MOMENT);
        return Objects.requireNonNull(answer(cluster, id).answer());
    }

    private static Happened answer(SimulatedCluster cluster, String id) {
        return cluster.answer(id).orElseThrow(() -> new AssertionError("no answer to " + id));
    }

    @Test
    void aPauseIsAnsweredWithItsActorAndReason() {
        var cluster = atTheFirstWeight();

        String id = cluster.askForAnswer(Action.PAUSE, "");
        cluster.run(LONG);

        assertThat(answer(cluster, id).type()).isEqualTo("Paused");
        assertThat(answer(cluster, id).actor()).isEqualTo("ada");
        assertThat(answer(cluster, id).answer())
                .extracting("outcome", "reason")
                .containsExactly(Outcome.DONE, "why");
        assertThat(cluster.rollout.traffic().canaryWeight()).isEqualTo(Weight.percent(20));
    }

    @Test
    void whatIsSoAlreadyIsAnsweredAsUnchanged() {
        var cluster = atTheFirstWeight();

        assertThat(ask(cluster, Action.RESUME).outcome()).isEqualTo(Outcome.UNCHANGED);
        ask(cluster, Action.PAUSE);
        assertThat(ask(cluster, Action.PAUSE).outcome()).isEqualTo(Outcome.UNCHANGED);
    }

    @Test
    void whatIsToldTwiceIsDoneOnceAlsoMuchLater() {
        var cluster = atTheFirstWeight();
        cluster.askForAnswer(Action.PAUSE, "");
        cluster.run(MOMENT);
        var told = cluster.journal.getLast();
        ask(cluster, Action.RESUME);

        cluster.inject(at -> told);
        cluster.run(MOMENT);

        assertThat(told).isInstanceOf(ActionAsked.class);
        assertThat(cluster.rollout.held()).isFalse();
        assertThat(cluster.decisions.getLast().effects()).isEmpty();
    }

    @Test
    void anActionIsNotTakenTwiceBecauseTheCanaryWasMadeAgain() {
        var cluster = atTheFirstWeight();
        cluster.askForAnswer(Action.PAUSE, "");
        cluster.run(MOMENT);
        var told = cluster.journal.getLast();

        // Its successor is seen before it is seen to be gone.
        cluster.inject(
                at ->
                        new RolloutEvent.CanarySeen(
                                at, "uid-2", 1, cluster.spec, false, false, null));
        cluster.inject(at -> told);
        cluster.run(MOMENT);

        assertThat(cluster.rollout.uid()).isEqualTo("uid-2");
        assertThat(cluster.rollout.held()).isFalse();
    }

    @Test
    void aRefusalSaysWhatIsPossible() {
        var cluster = atTheFirstWeight();

        var answer = ask(cluster, Action.RETRY);

        assertThat(answer.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(answer.possible())
                .containsExactly(Action.PROMOTE, Action.PAUSE, Action.ABORT, Action.SKIP);
    }

    @Test
    void whoHasNotSeenTheLatestEventIsToldSo() {
        var cluster = atTheFirstWeight();
        long seen = cluster.rollout.counters().sequence();
        ask(cluster, Action.PAUSE);

        cluster.inject(at -> new ActionAsked(at, "bob", Action.ABORT, "", 0, "late", "", seen, at));
        cluster.run(MOMENT);

        assertThat(answer(cluster, "late").answer())
                .extracting("outcome")
                .isEqualTo(Outcome.OUTDATED);
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.PROGRESSING);
    }

    @Test
    void anActionForAnotherRunIsAnsweredAndNotDone() {
        var cluster = atTheFirstWeight();

        cluster.inject(at -> new ActionAsked(at, "bob", Action.ABORT, "", 7, "past", "", 0, at));
        cluster.run(MOMENT);

        assertThat(answer(cluster, "past").message())
                .isEqualTo("ABORT by bob refused: it is meant for run 7, and the present one is 1");
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.PROGRESSING);
    }

    @Test
    void aSkippedStepIsNeitherWaitedForNorJudged() {
        var cluster = atTheFirstWeight();

        var answer = ask(cluster, Action.SKIP);

        assertThat(answer.outcome()).isEqualTo(Outcome.DONE);
        assertThat(cluster.rollout.traffic().canaryWeight()).isEqualTo(Weight.percent(40));
        assertThat(cluster.history).extracting(Happened::type).doesNotContain("StepPassed");
    }

    @Test
    void theStepAfterTheLastIsThePromotion() {
        var cluster = atTheFirstWeight();

        ask(cluster, Action.SKIP);
        ask(cluster, Action.SKIP);
        ask(cluster, Action.SKIP);
        cluster.run(LONG);

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
        assertThat(cluster.primaryRevision).isEqualTo("b");
    }

    @Test
    void skippingOpensNoGate() {
        var cluster = atTheFirstWeight(Specs.hook("end", HookType.CONFIRM_PROMOTION));
        cluster.hooks = (_, _) -> false;

        ask(cluster, Action.SKIP);
        ask(cluster, Action.SKIP);
        ask(cluster, Action.SKIP);
        var again = ask(cluster, Action.SKIP);
        cluster.run(LONG);

        assertThat(again.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.WAITING_PROMOTION);
    }

    @Test
    void aStepIsNotSkippedWhilePodsAreNotReady() {
        var cluster = atTheFirstWeight();
        cluster.targetPartly = true;
        cluster.seeTarget();
        cluster.run(MOMENT);

        assertThat(ask(cluster, Action.SKIP).outcome()).isEqualTo(Outcome.REFUSED);
    }

    @Test
    void whatDemandsARollbackIsAskedBeforeAStepIsSkipped() {
        var cluster = atTheFirstWeight(Specs.hook("back", HookType.ROLLBACK));
        cluster.hooks = (name, _) -> name.equals("back");

        ask(cluster, Action.SKIP);
        cluster.run(LONG);

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.FAILED);
        assertThat(cluster.primaryRevision).isEqualTo("a");
    }

    @Test
    void whatDemandsARollbackIsAskedBeforeAnApprovedGateIsPassed() {
        var cluster =
                atTheFirstWeight(
                        Specs.hook("back", HookType.ROLLBACK),
                        Specs.hook("more", HookType.CONFIRM_TRAFFIC_INCREASE));
        cluster.hooks = (_, _) -> false;
        cluster.run(Duration.ofMinutes(1));
        cluster.hooks = (name, _) -> name.equals("back");

        ask(cluster, Action.APPROVE);

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.FAILED);
        assertThat(cluster.rollout.traffic().canaryWeight()).isEqualTo(Weight.NONE);
    }

    @Test
    void aSkippedStepOfACanaryWhoseRollbackNobodyDemandsIsPassed() {
        var cluster = atTheFirstWeight(Specs.hook("back", HookType.ROLLBACK));
        cluster.hooks = (_, _) -> false;

        ask(cluster, Action.SKIP);

        assertThat(cluster.rollout.traffic().canaryWeight()).isEqualTo(Weight.percent(40));
    }

    @Test
    void whatIsCheckedBeforeAnyTrafficIsNotSkipped() {
        var cluster =
                SimulatedCluster.initialized(Specs.linear(Specs.hook("pre", HookType.PRE_ROLLOUT)));
        cluster.hooks = (_, _) -> false;
        cluster.image("b");
        cluster.run(Duration.ofSeconds(5));

        var answer = ask(cluster, Action.SKIP);
        cluster.run(Duration.ofSeconds(5));

        assertThat(answer.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(cluster.rollout.traffic().canaryWeight()).isEqualTo(Weight.NONE);
    }

    @Test
    void theDelayBeforeTheFirstStepIsSkippedAndTheChecksAfterItAreNot() {
        var cluster =
                SimulatedCluster.initialized(
                        Specs.delayed(Specs.linear(Specs.hook("pre", HookType.PRE_ROLLOUT)), LONG));
        cluster.hooks = (_, _) -> false;
        cluster.image("b");
        cluster.run(Duration.ofSeconds(5));

        var answer = ask(cluster, Action.SKIP);

        assertThat(answer.outcome()).isEqualTo(Outcome.DONE);
        assertThat(cluster.history).extracting(Happened::type).contains("CheckFailed");
        assertThat(cluster.rollout.traffic().canaryWeight()).isEqualTo(Weight.NONE);
    }

    @Test
    void anApprovedPromotionWaitsForThePrimary() {
        var cluster = atTheFirstWeight(Specs.hook("end", HookType.CONFIRM_PROMOTION));
        cluster.hooks = (_, _) -> false;
        cluster.run(LONG);
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.WAITING_PROMOTION);
        cluster.primaryPartly = true;
        cluster.seePrimary();
        cluster.run(MOMENT);

        var answer = ask(cluster, Action.APPROVE);
        cluster.run(Duration.ofSeconds(5));
        String meanwhile = cluster.primaryRevision;
        cluster.primaryPartly = false;
        cluster.seePrimary();
        cluster.run(LONG);

        assertThat(answer.outcome()).isEqualTo(Outcome.DONE);
        assertThat(meanwhile).isEqualTo("a");
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
    }

    @ParameterizedTest
    @EnumSource(
            value = Action.class,
            names = {"PROMOTE", "SKIP", "ABORT", "APPROVE", "RETRY", "RESUME"})
    void whatWasAskedForTooLongAgoIsOutdated(Action action) {
        var cluster = atTheFirstWeight();

        cluster.askAt(action, 0, "late", Duration.ofMinutes(11));
        cluster.run(MOMENT);

        var answer = answer(cluster, "late");
        assertThat(answer.message()).contains("refused: it was asked for at 2025", "ask again");
        assertThat(answer.answer()).extracting("outcome").isEqualTo(Outcome.OUTDATED);
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.PROGRESSING);
        assertThat(cluster.rollout.traffic().canaryWeight()).isEqualTo(Weight.percent(20));
    }

    @Test
    void anAbortOfTheRunThatGoesOnIsGoodHoweverLongItTook() {
        var cluster = atTheFirstWeight();

        cluster.askAt(Action.ABORT, 1, "late", Duration.ofDays(1));
        cluster.run(LONG);

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.FAILED);
    }

    @Test
    void whoResumedLongAgoLetsNoLaterRevisionGo() {
        var cluster = atTheFirstWeight();
        cluster.ask(Action.PAUSE);
        cluster.image("c");
        cluster.run(MOMENT);

        cluster.askAt(Action.RESUME, 0, "late", Duration.ofHours(30));
        cluster.run(LONG);

        assertThat(cluster.rollout.pause()).isNotNull();
        assertThat(cluster.primaryRevision).isEqualTo("a");
    }

    @Test
    void aResumeOfTheRunThatGoesOnIsGoodHoweverLongItTook() {
        var cluster = atTheFirstWeight();
        cluster.ask(Action.PAUSE);
        cluster.run(MOMENT);

        cluster.askAt(Action.RESUME, 1, "late", Duration.ofDays(1));
        cluster.run(LONG);

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
    }

    @Test
    void whoResumedBeforeItFailedDoesNotForgiveTheFailure() {
        var cluster =
                SimulatedCluster.initialized(Specs.holding(Specs.linear(), Duration.ofDays(2)));
        cluster.image("b");
        cluster.metrics = (_, _) -> 0.0;
        cluster.run(LONG);
        assertThat(HeldFailure.waits(cluster.rollout)).isTrue();

        cluster.askAt(Action.RESUME, 1, "late", Duration.ofMinutes(11));
        cluster.run(MOMENT);

        assertThat(HeldFailure.waits(cluster.rollout)).isTrue();
    }

    @Test
    void aPauseIsGoodHoweverLongItTook() {
        var cluster = atTheFirstWeight();

        cluster.askAt(Action.PAUSE, 0, "late", Duration.ofDays(1));
        cluster.run(MOMENT);

        assertThat(cluster.rollout.held()).isTrue();
    }

    @Test
    void whatNobodyWaitsForIsToldToBeOutdatedToo() {
        var cluster = atTheFirstWeight();

        cluster.askAt(Action.PROMOTE, 0, "", Duration.ofMinutes(11));
        cluster.run(MOMENT);

        assertThat(cluster.history.getLast().type()).isEqualTo("ActionRefused");
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.PROGRESSING);
    }

    @Test
    void theClockOfWhoAsksMayBeAhead() {
        var cluster = atTheFirstWeight();

        cluster.askAt(Action.SKIP, 1, "early", Duration.ofHours(-1));
        cluster.run(MOMENT);

        assertThat(cluster.rollout.traffic().canaryWeight()).isEqualTo(Weight.percent(40));
    }

    @Test
    void anApprovedGateIsPassedAtOnce() {
        var cluster =
                SimulatedCluster.initialized(
                        Specs.linear(Specs.hook("start", HookType.CONFIRM_ROLLOUT)));
        cluster.hooks = (_, _) -> false;
        cluster.image("b");
        cluster.run(Duration.ofSeconds(3));
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.WAITING);

        String id = cluster.askForAnswer(Action.APPROVE, "");
        cluster.run(Duration.ofSeconds(5));

        assertThat(answer(cluster, id).type()).isEqualTo("GateOpened");
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.PROGRESSING);
    }

    @Test
    void eachWebhookOfAGateIsApprovedByItselfAndTheFirstStaysApproved() {
        var cluster =
                atTheFirstWeight(
                        Specs.hook("end", HookType.CONFIRM_PROMOTION),
                        Specs.hook("end too", HookType.CONFIRM_PROMOTION));
        cluster.hooks = (_, _) -> false;
        cluster.run(Duration.ofMinutes(2));

        ask(cluster, Action.APPROVE, "end");
        cluster.run(Duration.ofMinutes(2));
        boolean waits = cluster.rollout.phase() == Phase.WAITING_PROMOTION;
        ask(cluster, Action.APPROVE, "end too");
        cluster.run(LONG);

        assertThat(waits).isTrue();
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
    }

    @Test
    void anApprovalHoldsForItsStepAlone() {
        var cluster = atTheFirstWeight(Specs.hook("more", HookType.CONFIRM_TRAFFIC_INCREASE));
        cluster.hooks = (_, _) -> false;
        cluster.run(Duration.ofMinutes(2));
        assertThat(cluster.rollout.traffic().canaryWeight()).isEqualTo(Weight.percent(20));

        ask(cluster, Action.APPROVE);
        cluster.run(LONG);

        assertThat(cluster.rollout.traffic().canaryWeight()).isEqualTo(Weight.percent(40));
        assertThat(Permitted.waitingGate(cluster.rollout)).isPresent();
    }

    @Test
    void whatIsApprovedWhileItIsPausedIsPassedOnceItIsResumed() {
        var cluster = atTheFirstWeight(Specs.hook("more", HookType.CONFIRM_TRAFFIC_INCREASE));
        cluster.hooks = (_, _) -> false;
        cluster.run(Duration.ofSeconds(8));
        ask(cluster, Action.PAUSE);

        ask(cluster, Action.APPROVE);
        cluster.run(LONG);
        Weight held = cluster.rollout.traffic().canaryWeight();
        ask(cluster, Action.RESUME);
        cluster.run(Duration.ofSeconds(15));

        assertThat(held).isEqualTo(Weight.percent(20));
        assertThat(cluster.rollout.traffic().canaryWeight()).isEqualTo(Weight.percent(40));
    }

    @Test
    void approvingAnotherGateIsRefusedAndNamesTheOneThatWaits() {
        var cluster = atTheFirstWeight(Specs.hook("more", HookType.CONFIRM_TRAFFIC_INCREASE));
        cluster.hooks = (_, _) -> false;
        cluster.run(Duration.ofSeconds(8));

        String id = cluster.askForAnswer(Action.APPROVE, "end");
        cluster.run(MOMENT);

        assertThat(answer(cluster, id).message())
                .isEqualTo("APPROVE by ada refused: the gate that waits is more, not end");
    }

    @Test
    void aCanaryOfWhichOnlyMistakesWereSeenAnswersToo() {
        var cluster = new SimulatedCluster(Specs.linear());
        cluster.reject();
        cluster.run(MOMENT);

        assertThat(ask(cluster, Action.PAUSE).outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(cluster.history.getLast().message()).contains("mistakes");
    }

    @Test
    void onlySoManyActionsAreRemembered() {
        var cluster = atTheFirstWeight();

        for (int i = 0; i < 100; i++) {
            ask(cluster, Action.RETRY);
        }

        assertThat(cluster.rollout.answered()).hasSize(32).doesNotHaveDuplicates();
    }

    @Test
    void whatWasPossibleIsDoneWhenItIsAskedFor() {
        var possible = atTheFirstWeight().rollout.possible();

        for (Action action : Action.values()) {
            var outcome = ask(atTheFirstWeight(), action).outcome();
            assertThat(outcome == Outcome.DONE)
                    .as(action.word())
                    .isEqualTo(possible.contains(action));
        }
        assertThat(List.copyOf(possible)).isNotEmpty();
    }
}
