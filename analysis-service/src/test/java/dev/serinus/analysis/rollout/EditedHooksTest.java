package dev.serinus.analysis.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.analysis.rollout.RolloutEvent.HookAnswered;
import dev.serinus.analysis.rollout.gate.WaitingGate;
import dev.serinus.schemas.canary.Weight;
import dev.serinus.schemas.hook.HookType;
import dev.serinus.schemas.hook.Point;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/** The manifest is edited while one of its hooks is called. */
class EditedHooksTest {

    private static final Duration MOMENT = Duration.ofSeconds(1);
    private static final Duration DEADLINE = Specs.linear().progressDeadline();
    private static final Duration LONG = Duration.ofMinutes(10);

    @Test
    void theNoOfAHookThatIsNotThereAnyMoreIsNoFailedCheck() {
        var cluster = asking("load", HookType.ROLLOUT);
        var asked = cluster.calls.getLast();

        cluster.edit(with("smoke", HookType.ROLLOUT));
        cluster.run(MOMENT);
        cluster.inject(at -> answer(at, asked, false, "load", false));
        cluster.run(MOMENT);

        assertThat(cluster.rollout.traffic().failedChecks()).isZero();
        assertThat(cluster.calls).last().extracting(Effect.CallHook::name).isEqualTo("smoke");
        assertThat(cluster.run(LONG).rollout.phase()).isEqualTo(Phase.SUCCEEDED);
    }

    @Test
    void theYesOfAGateThatWasThereDoesNotOpenTheOneThatIsThereNow() {
        var cluster = asking("anybody", HookType.CONFIRM_ROLLOUT);
        var asked = cluster.calls.getLast();

        cluster.edit(with("board", HookType.CONFIRM_ROLLOUT));
        cluster.hooks = (_, _) -> false;
        cluster.run(MOMENT);
        cluster.inject(at -> answer(at, asked, true, "anybody", false));
        cluster.run(LONG);

        assertThat(cluster.targetReplicas).isZero();
        assertThat(cluster.rollout.waitingFor()).startsWith("approval by board");
    }

    /** One that says no name is of a service of before. */
    @Test
    void anAnswerWithoutANameIsOfTheHookAtItsPlace() {
        var cluster = asking("anybody", HookType.CONFIRM_ROLLOUT);
        var asked = cluster.calls.getLast();

        cluster.inject(at -> answer(at, asked, true, null, false));
        cluster.run(MOMENT);

        assertThat(cluster.targetReplicas).isPositive();
    }

    @Test
    void aClusterThatKnowsOfTheEditFirstFailsNoCheckAndIsAskedAgain() {
        var cluster = asking("load", HookType.ROLLOUT);
        var asked = cluster.calls.getLast();
        int calls = cluster.calls.size();

        cluster.inject(at -> answer(at, asked, false, "load", true));
        cluster.run(MOMENT.dividedBy(2));
        assertThat(cluster.calls).as("not asked again at once").hasSize(calls);
        cluster.edit(with("smoke", HookType.ROLLOUT));
        cluster.run(LONG);

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
        assertThat(cluster.happened("CheckFailed")).isEmpty();
        assertThat(cluster.told).noneMatch(it -> it.contains("manifest changed"));
    }

    // ---- gates of one name, and gates that get another one

    @Test
    void peopleAreToldOfTheSecondOfTwoGatesOfOneNameToo() {
        var gate = Specs.hook("gate", HookType.CONFIRM_TRAFFIC_INCREASE);
        var cluster = SimulatedCluster.initialized(Specs.withHooks(base(), List.of(gate, gate)));
        // The first says no once, the second always.
        cluster.hooks = (_, before) -> before % 2 == 1;
        cluster.image("b");

        cluster.run(LONG);

        assertThat(alerts(cluster)).isEqualTo(2);
        assertThat(cluster.rollout.run().closedTold()).containsExactly("gate", "gate#2");
    }

    @Test
    void whoOpensTwoOfOneNameOpensNoneThatIsCalledLikeTheSecond() {
        var type = HookType.CONFIRM_ROLLOUT;
        var two = Specs.hook("gate", type);
        var third = Specs.hook("gate#2", type);
        var cluster =
                SimulatedCluster.initialized(Specs.withHooks(base(), List.of(two, two, third)));
        cluster.hooks = (_, _) -> false;
        cluster.image("b");
        cluster.run(LONG);

        cluster.askForAnswer(RolloutEvent.Action.APPROVE, "gate");
        cluster.run(LONG);

        assertThat(cluster.targetReplicas).isZero();
        assertThat(cluster.rollout.waitingFor()).startsWith("approval by gate#2");
        assertThat(cluster.rollout.run().isApproved(Point.START, "gate#2")).isFalse();
    }

    @Test
    void gatesOfOneNameAreToldApartWithinTheirPoint() {
        var start = Specs.hook("gate", HookType.CONFIRM_ROLLOUT);
        var end = Specs.hook("gate", HookType.CONFIRM_PROMOTION);
        var load = Specs.hook("gate", HookType.ROLLOUT);
        var spec = Specs.withHooks(base(), List.of(start, load, end, end));

        assertThat(spec.gateKeys()).containsExactly("gate", "", "gate", "gate#2");
        assertThat(spec.gateKeys(new WaitingGate(Point.START, "gate"))).containsExactly("gate");
        assertThat(spec.gateKeys(new WaitingGate(Point.PROMOTE, "gate")))
                .containsExactly("gate", "gate#2");
    }

    @Test
    void whatAClosedGateWasCalledBeforeIsForgotten() {
        var type = HookType.CONFIRM_TRAFFIC_INCREASE;
        var cluster = SimulatedCluster.initialized(with("one", type));
        cluster.hooks = (_, _) -> false;
        cluster.image("b");
        cluster.run(LONG);

        cluster.edit(with("two", type));
        cluster.run(LONG);

        assertThat(alerts(cluster)).isEqualTo(2);
        assertThat(cluster.rollout.run().closedTold()).containsExactly("two");
    }

    private static long alerts(SimulatedCluster cluster) {
        return cluster.chats.stream()
                .filter(it -> it.message().contains("traffic increase is waiting for approval"))
                .count();
    }

    // ---- an edit that never becomes known, since the watcher refuses it, say

    @Test
    void aRefusedEditIsNoVerdictAndPeopleAreToldBeforeItFails() {
        var cluster = refused("load", HookType.ROLLOUT);

        cluster.run(DEADLINE.plusSeconds(30));

        assertThat(cluster.rollout.traffic().failedChecks()).isZero();
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.PROGRESSING);
        assertThat(cluster.chats)
                .filteredOn(it -> it.message().contains("the manifest changed"))
                .hasSize(1);

        cluster.run(LONG);

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.FAILED);
        assertThat(cluster.rollout.traffic().canaryWeight()).isEqualTo(Weight.NONE);
        assertThat(cluster.happened("CheckFailed")).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = HookType.class,
            names = {"ROLLOUT", "ROLLBACK", "CONFIRM_TRAFFIC_INCREASE"})
    void errorsOfTheCanaryTakeItBackDuringARefusedEdit(HookType type) {
        var cluster = SimulatedCluster.initialized(with("load", type));
        cluster.hooks = (_, _) -> type != HookType.ROLLBACK;
        cluster.image("b");
        for (int i = 0; i < 1200 && cluster.rollout.run().reached() == 0; i++) {
            cluster.run(MOMENT);
        }
        cluster.spec = with("other", type);
        cluster.metrics = (_, _) -> 0.0;

        cluster.run(LONG);

        assertThat(cluster.happened("CheckFailed")).isNotEmpty();
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.FAILED);
        assertThat(cluster.rollout.traffic().canaryWeight()).isEqualTo(Weight.NONE);
    }

    @Test
    void aRollbackIsDemandedByTheOthersDuringARefusedEdit() {
        var both =
                List.of(
                        Specs.hook("load", HookType.ROLLBACK),
                        Specs.hook("people", HookType.ROLLBACK));
        var cluster = asking("load", Specs.withHooks(base(), both));
        cluster.spec = Specs.withHooks(base(), both.subList(1, 2));
        cluster.silent = Set.of();
        cluster.hooks = (name, _) -> name.equals("people");

        cluster.run(LONG);

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.FAILED);
    }

    @Test
    void nothingIsReleasedByAGateThatARefusedEditTookOut() {
        var cluster = refused("board", HookType.CONFIRM_ROLLOUT);

        cluster.run(LONG);

        assertThat(cluster.targetReplicas).isZero();
        assertThat(cluster.rollout.waitingFor()).startsWith("approval by board");
    }

    @Test
    void noTrafficComesBeforeAHookThatARefusedEditTookOut() {
        var cluster = refused("smoke", HookType.PRE_ROLLOUT);

        cluster.run(DEADLINE.plusSeconds(30));
        assertThat(cluster.rollout.run().reached()).isZero();
        assertThat(cluster.run(LONG).rollout.phase()).isEqualTo(Phase.FAILED);
    }

    @Test
    void aPromotionEndsWithoutAHookThatARefusedEditTookOut() {
        var cluster = refused("report", HookType.POST_ROLLOUT);

        cluster.run(DEADLINE.dividedBy(2));
        assertThat(cluster.told).noneMatch(it -> it.contains("manifest changed"));
        cluster.run(LONG);

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
        assertThat(cluster.told).contains("W Post-rollout hook report failed the manifest changed");
    }

    private static SimulatedCluster refused(String name, HookType type) {
        var cluster = asking(name, type);
        cluster.spec = with("other", type);
        cluster.silent = Set.of();
        return cluster;
    }

    /** A release at the moment in which this hook was called and has not answered. */
    private static SimulatedCluster asking(String name, HookType type) {
        return asking(name, with(name, type));
    }

    private static SimulatedCluster asking(String name, Spec spec) {
        var cluster = SimulatedCluster.initialized(spec);
        cluster.silent = Set.of(name);
        cluster.image("b");
        for (int i = 0; i < 1200 && cluster.calls.isEmpty(); i++) {
            cluster.run(MOMENT);
        }
        assertThat(cluster.calls).isNotEmpty();
        return cluster;
    }

    private static Spec with(String name, HookType type) {
        return Specs.withHooks(base(), List.of(Specs.hook(name, type)));
    }

    private static Spec base() {
        return Specs.edited(Specs.linear(), false, 1);
    }

    private static HookAnswered answer(
            Instant at,
            Effect.CallHook asked,
            boolean passed,
            @Nullable String name,
            boolean changed) {
        return new HookAnswered(at, asked.step(), asked.hook(), passed, "no", null, name, changed);
    }
}
