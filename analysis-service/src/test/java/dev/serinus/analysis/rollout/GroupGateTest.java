package dev.serinus.analysis.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.analysis.rollout.RolloutEvent.Action;
import dev.serinus.analysis.rollout.gate.GateLimit;
import dev.serinus.analysis.rollout.gate.GateLimit.OnTimeout;
import dev.serinus.analysis.rollout.gate.Group;
import dev.serinus.analysis.rollout.gate.GroupState;
import dev.serinus.analysis.rollout.gate.Standing;
import dev.serinus.schemas.hook.HookType;
import dev.serinus.schemas.hook.Point;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** A run that is promoted together with that of another canary, or not at all. */
class GroupGateTest {

    private static final Duration LONG = Duration.ofMinutes(30);
    private static final Duration TIMEOUT = Duration.ofHours(2);

    @Test
    void itWaitsUntilTheOtherIsReadyAndIsPromotedThen() {
        var cluster = waiting(OnTimeout.FAIL);
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.WAITING_PROMOTION);
        assertThat(cluster.rollout.waitingFor())
                .startsWith(
                        "its group checkout: us/test/second is not ready to be promoted yet, until"
                                + " ");
        assertThat(WaitingOn.of(cluster.rollout)).isEqualTo(WaitingOn.FLEET);
        assertThat(cluster.primaryRevision).isEqualTo("a");

        cluster.second(GroupState.READY);
        cluster.run(LONG);

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
        assertThat(cluster.happened("GroupWaits")).hasSize(1);
        assertThat(cluster.rollout.governed())
                .as("nothing is kept but that others ask for it")
                .extracting(Governed::group)
                .isNull();
    }

    @Test
    void oneThatFailsTakesTheOtherBack() {
        var cluster = waiting(OnTimeout.FAIL);

        cluster.secondEnds(true);
        cluster.run(Duration.ofMinutes(5));

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.FAILED);
        assertThat(cluster.primaryRevision).isEqualTo("a");
        assertThat(cluster.told)
                .contains("W Rolling back podinfo.test group checkout: us/test/second failed");
    }

    @Test
    void oneThatFailsTakesTheOtherBackAlsoInTheMiddleOfItsAnalysis() {
        var cluster = running(OnTimeout.FAIL);
        assertThat(cluster.weight()).isPositive();

        cluster.secondEnds(true);
        cluster.run(Duration.ofMinutes(5));

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.FAILED);
        assertThat(cluster.weight()).isZero();
    }

    @Test
    void whatFailsItselfIsSaid() {
        var cluster = waiting(OnTimeout.FAIL);

        cluster.metrics = (_, _) -> 0.0;
        cluster.run(LONG);

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.FAILED);
        assertThat(cluster.said)
                .filteredOn(Effect.LeaveGroup.class::isInstance)
                .extracting(effect -> ((Effect.LeaveGroup) effect).failed())
                .containsExactly(true);
    }

    @Test
    void oneThatIsKnownToHaveNothingNewIsNotWaitedFor() {
        var cluster = SimulatedCluster.initialized(grouped(OnTimeout.FAIL));
        cluster.image("b");
        cluster.run(LONG);
        assertThat(cluster.rollout.waitingFor())
                .startsWith("its group checkout: nothing is known of us/test/second yet");

        cluster.secondRests();
        cluster.run(LONG);

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
    }

    @Test
    void theTimeInWhichTheOtherWouldShowANewRevisionHasItsOwnEnd() {
        var cluster =
                SimulatedCluster.initialized(
                        grouped(Specs.linear(), OnTimeout.FAIL, Duration.ofMinutes(2)));
        cluster.secondRests();
        cluster.image("b");
        cluster.run(Duration.ofMinutes(9));
        assertThat(cluster.rollout.waitingFor())
                .contains("us/test/second to show a new revision as well, if there is one, until");

        cluster.run(LONG);

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
    }

    @Test
    void peopleLetItBePromotedWithoutTheOther() {
        var cluster = waiting(OnTimeout.FAIL);
        assertThat(cluster.rollout.possible())
                .contains(Action.APPROVE)
                .doesNotContain(Action.PROMOTE);

        cluster.askForAnswer(Action.APPROVE, "group/checkout");
        cluster.run(LONG);

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
        assertThat(cluster.last("GateOpened").message())
                .startsWith(
                        "podinfo.test is promoted without the others of group/checkout, approved by"
                                + " ");
    }

    @Test
    void peopleMayLetItBeforeItWaits() {
        var cluster = running(OnTimeout.FAIL);

        cluster.askForAnswer(Action.APPROVE, "group/checkout");
        cluster.run(LONG);

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
    }

    @Test
    void promotedAtOnceItIsOnlyWhenItsGroupIsLetPass() {
        var cluster = running(OnTimeout.FAIL);

        cluster.askForAnswer(Action.PROMOTE, "");
        cluster.run(Duration.ofSeconds(1));

        assertThat(cluster.last("ActionRefused").message())
                .contains("it is promoted together with others: approve group/checkout first");
    }

    @Test
    void oneThatIsNeverReadyFailsIt() {
        var cluster = waiting(OnTimeout.FAIL);

        cluster.run(TIMEOUT);

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.FAILED);
        assertThat(cluster.told)
                .contains("W Rolling back podinfo.test group checkout was not ready within 2h0m0s");
    }

    @Test
    void itsTimeBeginsAgainAfterAFreeze() {
        var cluster = waiting(OnTimeout.FAIL);
        cluster.freeze(cluster.freezeFor("night", TIMEOUT.multipliedBy(2), Point.values()));
        cluster.run(TIMEOUT);
        cluster.second(GroupState.RUNS);
        cluster.run(TIMEOUT.plus(LONG));
        boolean failed = cluster.rollout.phase() == Phase.FAILED;
        cluster.run(TIMEOUT);

        assertThat(failed).isFalse();
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.FAILED);
    }

    @Test
    void whoAreBothReadyAtTheEndOfAFreezeArePromoted() {
        var cluster = waiting(OnTimeout.FAIL);
        cluster.freeze(cluster.freezeFor("night", TIMEOUT.multipliedBy(2), Point.values()));
        cluster.run(LONG);
        cluster.second(GroupState.READY);
        cluster.run(TIMEOUT.multipliedBy(2));

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
    }

    /** The other one does not get ready meanwhile, and this one waits for it. */
    @Test
    void noTimePassesWhileAFreezeHoldsTheOtherGates() {
        var cluster = waiting(OnTimeout.FAIL);
        cluster.freeze(cluster.freezeFor("night", TIMEOUT.multipliedBy(2), Point.ADVANCE));

        cluster.run(TIMEOUT.multipliedBy(2).plus(LONG));
        boolean failed = cluster.rollout.phase() == Phase.FAILED;
        cluster.run(TIMEOUT);

        assertThat(failed).isFalse();
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.FAILED);
    }

    @Test
    void noTimePassesWhileAWebhookClosesThePromotion() {
        var cluster =
                running(
                        grouped(
                                Specs.linear(Specs.hook("ask", HookType.CONFIRM_PROMOTION)),
                                OnTimeout.FAIL));
        cluster.run(LONG);
        assertThat(state(cluster)).isEqualTo(GroupState.READY);

        cluster.hooks = (_, _) -> false;
        cluster.run(TIMEOUT.plus(LONG));
        assertThat(cluster.rollout.waitingFor()).startsWith("approval");
        cluster.hooks = (_, _) -> true;
        cluster.second(GroupState.READY);
        cluster.run(LONG);

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
    }

    @Test
    void noTimePassesWhileAWebhookOfThePromotionIsSilent() {
        var cluster =
                running(
                        grouped(
                                Specs.linear(Specs.hook("ask", HookType.CONFIRM_PROMOTION)),
                                OnTimeout.FAIL));
        cluster.run(LONG);

        cluster.silent = Set.of("ask");
        cluster.run(TIMEOUT.plus(LONG));
        assertThat(state(cluster)).isEqualTo(GroupState.RUNS);
        cluster.silent = Set.of();
        cluster.second(GroupState.READY);
        cluster.run(LONG);

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
    }

    @Test
    void noTimePassesWhilePeopleDecideAboutAFailure() {
        var cluster = waiting(OnTimeout.FAIL, true);
        cluster.metrics = (_, _) -> 0.0;
        cluster.run(TIMEOUT.plus(LONG));
        assertThat(cluster.rollout.stage().awaited()).isInstanceOf(Awaited.Decision.class);

        cluster.metrics = (_, _) -> 100.0;
        cluster.ask(Action.RESUME);
        cluster.run(LONG);
        cluster.second(GroupState.READY);
        cluster.run(LONG);

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
    }

    @Test
    void whereItIsSaidSoItGoesOnWithoutOneThatIsNeverReady() {
        var cluster = waiting(OnTimeout.PROCEED);

        cluster.run(TIMEOUT.plus(LONG));

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
    }

    @Test
    void heldItIsForPeopleToSayThatItGoesOn() {
        var cluster = waiting(OnTimeout.HOLD);
        cluster.run(TIMEOUT);
        assertThat(cluster.rollout.stage().awaited()).isInstanceOf(Awaited.Decision.class);

        cluster.askForAnswer(Action.APPROVE, "");
        cluster.run(LONG);

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
    }

    @Test
    void oneThatLostItsPodsIsReadyNoMore() {
        var cluster = waiting(OnTimeout.FAIL);

        cluster.targetServes(false);
        cluster.run(Duration.ofSeconds(1));
        cluster.second(GroupState.READY);
        cluster.run(Duration.ofSeconds(5));

        assertThat(cluster.primaryRevision).isEqualTo("a");
        assertThat(cluster.fleet.together().members())
                .extracting(member -> member.state())
                .containsOnly(GroupState.RUNS, GroupState.READY);
        cluster.targetServes(true);
        cluster.run(LONG);
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
    }

    @Test
    void oneOfWhichACheckFailsIsReadyNoMoreUntilItIsLookedAtAgain() {
        var cluster = waiting(OnTimeout.FAIL);
        assertThat(state(cluster)).isEqualTo(GroupState.READY);

        cluster.metrics = (_, _) -> 0.0;
        for (int i = 0; i < 600 && cluster.rollout.traffic().failedChecks() == 0; i++) {
            cluster.run(Duration.ofSeconds(1));
        }

        assertThat(cluster.rollout.traffic().failedChecks()).isEqualTo(1);
        assertThat(state(cluster)).isEqualTo(GroupState.RUNS);
        cluster.second(GroupState.READY);
        assertThat(cluster.fleet.together().members())
                .as("the other is not let through beside it")
                .noneMatch(member -> member.state() == GroupState.OPEN);
        cluster.metrics = (_, _) -> 100.0;
        cluster.run(LONG);
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
    }

    @Test
    void oneWhoseFailedAnalysisIsHeldIsNotReady() {
        var cluster = waiting(OnTimeout.FAIL, true);

        cluster.metrics = (_, _) -> 0.0;
        cluster.run(LONG);

        assertThat(cluster.rollout.stage().awaited()).isInstanceOf(Awaited.Decision.class);
        assertThat(state(cluster)).isEqualTo(GroupState.RUNS);
    }

    @Test
    void onePausedIsNotReady() {
        var cluster = waiting(OnTimeout.FAIL);

        cluster.ask(Action.PAUSE);
        cluster.run(Duration.ofSeconds(1));
        assertThat(state(cluster)).isEqualTo(GroupState.RUNS);
        cluster.second(GroupState.READY);
        cluster.run(LONG);
        assertThat(cluster.primaryRevision).isEqualTo("a");

        cluster.ask(Action.RESUME);
        cluster.run(LONG);
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
    }

    @Test
    void whatIsHeldAtRestIsToBeRolledOutAllTheSame() {
        var cluster = SimulatedCluster.initialized(grouped(OnTimeout.FAIL));
        assertThat(standing(cluster)).isEqualTo(Standing.Kind.RESTS);

        cluster.ask(Action.PAUSE);
        cluster.run(Duration.ofSeconds(1));
        cluster.image("b");
        cluster.run(Duration.ofSeconds(1));

        assertThat(cluster.rollout.stage()).isInstanceOf(Stage.Resting.class);
        assertThat(standing(cluster)).isEqualTo(Standing.Kind.RUNS);
    }

    @Test
    void oneThatFailedHasNothingNewOnceItShowsWhatIsPromoted() {
        var cluster = waiting(OnTimeout.FAIL);
        cluster.secondEnds(true);
        cluster.run(LONG);
        assertThat(standing(cluster)).isEqualTo(Standing.Kind.FAILED);

        cluster.image("a");
        cluster.run(Duration.ofSeconds(1));

        assertThat(standing(cluster)).isEqualTo(Standing.Kind.RESTS);
    }

    @Test
    void whatIsOnlyTriedIsRolledOutNowhere() {
        var cluster = new SimulatedCluster(Specs.tried(grouped(OnTimeout.FAIL), true));
        cluster.create();
        cluster.run(LONG);
        cluster.image("b");
        for (int i = 0; i < 600 && cluster.rollout.stage().part() != Part.ANALYSIS; i++) {
            cluster.run(Duration.ofSeconds(1));
        }

        assertThat(cluster.rollout.stage().part()).isEqualTo(Part.ANALYSIS);
        assertThat(standing(cluster)).isEqualTo(Standing.Kind.RESTS);
        assertThat(cluster.said).noneMatch(Effect.JoinGroup.class::isInstance);
    }

    @Test
    void oneThatIsPromotedAlreadyWhenItComesToAGroupIsNotKept() {
        var cluster = SimulatedCluster.initialized(Specs.linear());
        cluster.image("b");
        for (int i = 0; i < 3_600 && !cluster.rollout.promoting(); i++) {
            cluster.run(Duration.ofSeconds(1));
        }
        assertThat(cluster.rollout.promoting()).isTrue();

        cluster.edit(grouped(OnTimeout.FAIL));
        cluster.run(Duration.ofSeconds(1));

        assertThat(cluster.said)
                .filteredOn(Effect.JoinGroup.class::isInstance)
                .first()
                .extracting(effect -> ((Effect.JoinGroup) effect).state())
                .isEqualTo(GroupState.OPEN);
        cluster.run(LONG);
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
    }

    @Test
    void whatWaitsForTimeThatIsLongOverHasAnEnd() {
        var cluster = waiting(OnTimeout.FAIL);
        var until = cluster.now.plusSeconds(5);

        cluster.inject(
                at ->
                        new RolloutEvent.GroupAnswered(
                                at,
                                cluster.uid,
                                place(cluster).step(),
                                RolloutEvent.GroupOutcome.WAITS,
                                "us/test/second to show a new revision",
                                until));
        cluster.run(Duration.ofMillis(1));

        assertThat(place(cluster).until()).isEqualTo(until);
        assertThat(GroupPermits.limit(cluster.rollout)).contains(until.plus(TIMEOUT));
    }

    private static Governed.GroupPlace place(SimulatedCluster cluster) {
        return Objects.requireNonNull(Objects.requireNonNull(cluster.rollout.governed()).group());
    }

    @Test
    void heldItGoesOnOnceItIsOfNoGroupAnyMore() {
        var cluster = waiting(OnTimeout.HOLD);
        cluster.run(TIMEOUT);
        assertThat(cluster.rollout.stage().awaited()).isInstanceOf(Awaited.Decision.class);

        cluster.edit(Specs.linear());
        cluster.run(LONG);

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
        assertThat(cluster.told)
                .contains(
                        "N Gate group/checkout of podinfo.test is none of its manifest any more:"
                                + " it goes on");
    }

    private static Standing.Kind standing(SimulatedCluster cluster) {
        cluster.inject(RolloutEvent.StandingAsked::new);
        cluster.run(Duration.ofSeconds(1));
        return cluster.standings.getLast().kind();
    }

    private static GroupState state(SimulatedCluster cluster) {
        return cluster.fleet.together().members().stream()
                .filter(one -> one.canary().equals(SimulatedCluster.CANARY.toString()))
                .findFirst()
                .orElseThrow()
                .state();
    }

    @Test
    void aNewerRevisionIsAnotherRunThatIsNotReady() {
        var cluster = waiting(OnTimeout.FAIL);

        cluster.image("c");
        cluster.run(Duration.ofSeconds(5));

        assertThat(cluster.said)
                .filteredOn(Effect.LeaveGroup.class::isInstance)
                .extracting(effect -> ((Effect.LeaveGroup) effect).failed())
                .containsExactly(false);
        assertThat(cluster.fleet.together().members())
                .extracting(member -> member.state())
                .containsOnly(GroupState.RUNS);
    }

    @Test
    void aFixIsNotTakenBackWhereTheOtherFailsWithWhatItFixes() {
        var cluster = waiting(OnTimeout.FAIL);
        cluster.image("c");
        cluster.run(Duration.ofSeconds(5));

        cluster.secondEnds(true);
        cluster.run(Duration.ofSeconds(5));

        assertThat(cluster.fleet.together().members())
                .singleElement()
                .satisfies(
                        member -> {
                            assertThat(member.earlier()).isNotNull();
                            assertThat(member.failed()).isNull();
                        });
    }

    /** The other one runs. */
    private static SimulatedCluster running(OnTimeout then) {
        return running(grouped(then));
    }

    private static SimulatedCluster running(Spec spec) {
        var cluster = SimulatedCluster.initialized(spec);
        cluster.image("b");
        cluster.second(GroupState.RUNS);
        for (int i = 0; i < 600 && cluster.weight() == 0; i++) {
            cluster.run(Duration.ofSeconds(1));
        }
        return cluster;
    }

    /** The other one runs, and this one could be promoted. */
    @Test
    void whoHasToConfirmSinceAnEditIsAskedThoughTheOthersWereWaitedForBefore() {
        var cluster = waiting(OnTimeout.FAIL);
        cluster.hooks = (_, _) -> false;

        cluster.edit(
                grouped(
                        Specs.linear(Specs.hook("approve", HookType.CONFIRM_PROMOTION)),
                        OnTimeout.FAIL));
        cluster.second(GroupState.READY);
        cluster.run(LONG);

        assertThat(cluster.primaryRevision).isEqualTo("a");
        assertThat(cluster.rollout.waitingFor()).contains("approve");
        cluster.hooks = (_, _) -> true;
        cluster.run(LONG);
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
        assertThat(cluster.primaryRevision).isEqualTo("b");
    }

    private static SimulatedCluster waiting(OnTimeout then) {
        return waiting(then, false);
    }

    private static SimulatedCluster waiting(OnTimeout then, boolean holdsFailed) {
        var cluster = running(grouped(Specs.linear(), then, TIMEOUT, holdsFailed));
        cluster.run(LONG);
        assertThat(cluster.rollout.stage().awaited())
                .as(cluster.rollout.waitingFor())
                .isInstanceOf(Awaited.GroupReady.class);
        return cluster;
    }

    private static Spec grouped(OnTimeout then) {
        return grouped(Specs.linear(), then);
    }

    static Spec grouped(Spec spec, OnTimeout then) {
        return grouped(spec, then, TIMEOUT);
    }

    private static Spec grouped(Spec spec, OnTimeout then, Duration timeout) {
        return grouped(spec, then, timeout, false);
    }

    private static Spec grouped(Spec spec, OnTimeout then, Duration timeout, boolean holdsFailed) {
        return Specs.ruled(
                spec,
                new RunRules(
                        holdsFailed,
                        RunRules.NONE.holdTimeout(),
                        null,
                        false,
                        null,
                        null,
                        null,
                        new Group(
                                "checkout",
                                List.of(new Group.Member("us", null, "second")),
                                new GateLimit(timeout, then))));
    }
}
