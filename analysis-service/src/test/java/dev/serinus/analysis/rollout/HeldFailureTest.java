package dev.serinus.analysis.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.analysis.rollout.RolloutEvent.Action;
import dev.serinus.analysis.rollout.tell.Severity;
import dev.serinus.schemas.hook.HookType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.time.Duration;
import java.util.Set;

/** {@code onFailure: hold}: a failed analysis stays where it is until people decide. */
class HeldFailureTest {

    private static final Duration HOLD = Duration.ofMinutes(30);
    private static final Duration SOON = Duration.ofMinutes(2);

    private static final Spec SPEC = Specs.holding(Specs.linear(), HOLD);

    /** The same, with a webhook that may demand a rollback, and does not. */
    private static final Spec SPEC_WITH_HOOK =
            Specs.holding(Specs.linear(Specs.hook("back", HookType.ROLLBACK)), HOLD);

    /** One whose checks fail from 20 % on. */
    private static SimulatedCluster failed(Spec spec) {
        var cluster = SimulatedCluster.initialized(spec);
        cluster.metrics = (_, revision) -> revision.equals("b") ? 50.0 : 100.0;
        cluster.hooks = (_, _) -> false;
        cluster.image("b");
        cluster.run(SOON);
        return cluster;
    }

    @Test
    void keepsTrafficWhereItIsAndTellsPeopleOnce() {
        var cluster = failed(SPEC);

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.PROGRESSING);
        assertThat(cluster.weight()).isEqualTo(20);
        assertThat(cluster.rollout.waitingFor())
                .startsWith("resume, retry, skip, promote or abort, until 2026-")
                .contains("Halt podinfo.test advancement success rate");
        assertThat(cluster.rollout.waitingOn()).isEqualTo(WaitingOn.PERSON);
        assertThat(cluster.told)
                .anyMatch(
                        it ->
                                it.startsWith(
                                        "W Halt podinfo.test advancement failed checks threshold"
                                                + " reached 2: held until people decide"));
        assertThat(cluster.chats)
                .filteredOn(chat -> chat.severity() == Severity.ERROR)
                .singleElement()
                .satisfies(
                        chat ->
                                assertThat(chat.message())
                                        .contains("failed checks threshold reached 2"));
        assertThat(cluster.last("HeldAfterFailure").message()).contains("success rate");
        assertThat(Stalled.because(cluster.rollout)).contains("success rate");
    }

    @Test
    void isTakenBackWhenNobodyDecidesInTime() {
        var cluster = failed(SPEC);

        cluster.run(HOLD);

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.FAILED);
        assertThat(cluster.weight()).isZero();
        assertThat(cluster.told)
                .anyMatch(it -> it.startsWith("W Rolling back podinfo.test nobody decided within"));
    }

    @Test
    void resumedItCountsAnewAndEndsAsItsChecksSay() {
        var cluster = failed(SPEC);
        cluster.metrics = (_, _) -> 100.0;

        cluster.ask(Action.RESUME);
        cluster.run(SOON);

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
        assertThat(cluster.rollout.traffic().failedChecks()).isZero();
    }

    @Test
    void resumedItIsHeldAgainWhenItFailsAgain() {
        var cluster = failed(SPEC);

        cluster.ask(Action.RESUME);
        cluster.run(SOON);

        assertThat(cluster.rollout.stage().awaited()).isInstanceOf(Awaited.Decision.class);
        assertThat(cluster.weight()).isEqualTo(20);
        assertThat(cluster.rollout.traffic().failedChecks()).isEqualTo(2);
    }

    @Test
    void skippedItGoesOnToTheNextStep() {
        var cluster = failed(SPEC);

        cluster.ask(Action.SKIP);
        cluster.run(Duration.ofSeconds(5));

        assertThat(cluster.weight()).isEqualTo(40);
        assertThat(cluster.rollout.traffic().failedChecks()).isZero();
    }

    @Test
    void promotedItIsPromoted() {
        var cluster = failed(SPEC);

        cluster.ask(Action.PROMOTE);
        cluster.run(SOON);

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
        assertThat(cluster.primaryRevision).isEqualTo("b");
    }

    @Test
    void abortedItIsTakenBack() {
        var cluster = failed(SPEC);

        cluster.ask(Action.ABORT);
        cluster.run(SOON);

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.FAILED);
        assertThat(cluster.weight()).isZero();
    }

    @Test
    void retriedItBeginsAgainWithoutTraffic() {
        var cluster = failed(SPEC);
        long run = cluster.rollout.run().number();

        cluster.statuses.clear();
        cluster.metrics = (_, _) -> 100.0;

        cluster.ask(Action.RETRY);
        cluster.run(SOON);

        assertThat(cluster.statuses).contains("Progressing 0 0 0");
        assertThat(cluster.rollout.run().number()).isEqualTo(run + 1);
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
        assertThat(cluster.told).noneMatch(it -> it.contains("flagger.app/reset"));
    }

    @Test
    void aNewRevisionReplacesIt() {
        var cluster = failed(SPEC);

        cluster.image("c");
        cluster.run(SOON);

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
        assertThat(cluster.primaryRevision).isEqualTo("c");
    }

    @Test
    void aCanaryThatStopsServingLosesItsTrafficAndGetsItBackOnlyFromPeople() {
        var cluster = failed(SPEC);

        cluster.targetServes(false);
        cluster.run(SOON);
        int lost = cluster.weight();
        cluster.targetServes(true);
        cluster.run(SOON);
        int back = cluster.weight();
        cluster.metrics = (_, _) -> 100.0;
        cluster.ask(Action.RESUME);
        cluster.run(SOON);

        assertThat(lost).isZero();
        assertThat(back).isZero();
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
    }

    @Test
    void aPrimaryThatStopsServingIsRescuedAndTheHoldGoesOnAfterwards() {
        var cluster = failed(SPEC);

        cluster.primaryServes(false);
        cluster.run(SOON);
        int rescued = cluster.weight();
        cluster.primaryServes(true);
        cluster.run(SOON);

        assertThat(rescued).isEqualTo(100);
        assertThat(cluster.weight()).as("its first step was not passed").isZero();
        assertThat(cluster.rollout.stage().awaited()).isInstanceOf(Awaited.Decision.class);
    }

    @Test
    void aWebhookMayStillDemandThatItIsTakenBack() {
        var spec = Specs.holding(Specs.linear(Specs.hook("back", HookType.ROLLBACK)), HOLD);
        var cluster = SimulatedCluster.initialized(spec);
        cluster.hooks = (_, _) -> false;
        cluster.metrics = (_, revision) -> revision.equals("b") ? 50.0 : 100.0;
        cluster.image("b");
        cluster.run(SOON);
        var held = cluster.rollout.phase();

        cluster.hooks = (_, _) -> true;
        cluster.run(Duration.ofSeconds(15));

        assertThat(held).isEqualTo(Phase.PROGRESSING);
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.FAILED);
    }

    @Test
    void whileItIsPausedNoTimeRunsOut() {
        var cluster = failed(SPEC);

        cluster.ask(Action.PAUSE);
        cluster.run(HOLD.multipliedBy(2));
        var paused = cluster.rollout.phase();
        cluster.ask(Action.RESUME);
        cluster.run(SOON);
        var resumed = cluster.rollout.stage().awaited();
        cluster.run(HOLD);

        assertThat(paused).isEqualTo(Phase.PROGRESSING);
        assertThat(resumed).isInstanceOf(Awaited.Decision.class);
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.FAILED);
    }

    /** It is just being asked whether to roll back. */
    @Test
    void whatIsAskedWhileItIsPausedCostsPeopleNoTime() {
        var cluster = failed(SPEC_WITH_HOOK);
        cluster.ask(Action.PAUSE);
        cluster.run(HOLD.multipliedBy(2));
        cluster.silent = Set.of("back");
        cluster.run(Duration.ofSeconds(15));
        var asked = cluster.rollout.stage().question();

        cluster.ask(Action.RESUME);
        cluster.silent = Set.of();
        cluster.run(SOON);
        var resumed = cluster.rollout.phase();
        cluster.run(HOLD);

        assertThat(asked).isInstanceOf(Question.AskForRollback.class);
        assertThat(resumed).isEqualTo(Phase.PROGRESSING);
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.FAILED);
    }

    /** Traffic is being moved, or a primary waited for, when people go on. */
    @Test
    void aPrimaryThatIsRescuedWhileItIsPausedCostsPeopleNoTime() {
        var cluster = failed(SPEC);
        cluster.ask(Action.PAUSE);
        cluster.run(HOLD.multipliedBy(2));
        cluster.primaryServes(false);
        cluster.run(SOON);
        var rescued = cluster.rollout.stage().awaited();

        cluster.ask(Action.RESUME);
        cluster.run(Duration.ofSeconds(1));
        cluster.primaryServes(true);
        cluster.run(SOON);
        var resumed = cluster.rollout.stage().awaited();
        cluster.run(HOLD);

        assertThat(rescued).isInstanceOf(Awaited.PrimaryAgain.class);
        assertThat(resumed).isInstanceOf(Awaited.Decision.class);
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.FAILED);
    }

    @Test
    void aWebhookThatDoesNotAnswerGivesNobodyMoreTime() {
        var cluster = failed(SPEC_WITH_HOOK);
        cluster.silent = Set.of("back");

        cluster.run(HOLD.plus(SOON));

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.FAILED);
        assertThat(cluster.told)
                .anyMatch(it -> it.startsWith("W Rolling back podinfo.test nobody decided within"));
    }

    @Test
    void anEditThatNoLongerHoldsTakesItBack() {
        var cluster = failed(SPEC);

        cluster.edit(Specs.linear());
        cluster.run(SOON);

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.FAILED);
        assertThat(cluster.weight()).isZero();
    }

    @Test
    void theAnnotationToSkipTheAnalysisPromotesIt() {
        var cluster = failed(SPEC);

        cluster.annotate(true, false);
        cluster.run(SOON);

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
    }

    @Test
    void theAnnotationToResetBeginsItAgain() {
        var cluster = failed(SPEC);
        cluster.metrics = (_, _) -> 100.0;

        cluster.annotate(false, true);
        cluster.run(SOON);

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
    }

    @Test
    void aCanaryThatIsNotReadyInTimeIsHeldAsWell() {
        var cluster = SimulatedCluster.initialized(SPEC);
        cluster.neverReady.add("b");

        cluster.image("b");
        cluster.run(Duration.ofMinutes(5));

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.PROGRESSING);
        assertThat(cluster.rollout.waitingFor()).contains("progress deadline exceeded");
        assertThat(cluster.weight()).isZero();
    }

    @Test
    void deletedItIsRestored() {
        var cluster = failed(SPEC);

        cluster.delete();
        cluster.run(SOON);

        assertThat(cluster.isPresent()).isFalse();
    }

    /** What each decision leads to is the same over a hub that dies in between. */
    @ParameterizedTest
    @EnumSource(
            value = Action.class,
            names = {"RESUME", "RETRY", "SKIP", "PROMOTE", "ABORT"})
    void whatPeopleCanDoIsWhatItSays(Action action) {
        var cluster = failed(SPEC);

        assertThat(cluster.rollout.possible()).contains(action);
        assertThat(cluster.rollout.waitingFor()).contains(action.word());
    }
}
