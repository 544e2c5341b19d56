package dev.serinus.analysis.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.serinus.analysis.rollout.RolloutEvent.Action;
import dev.serinus.analysis.rollout.gate.GateLimit.OnTimeout;
import dev.serinus.schemas.hook.HookType;

import org.junit.jupiter.api.Test;

import java.time.Duration;

/** A budget beside the other gates of a start. */
class BudgetGateTest {

    private static final Duration MOMENT = Duration.ofSeconds(1);

    @Test
    void timeInTheLineIsNoTimeAtAClosedGate() {
        var cluster =
                released(
                        Specs.linear(
                                Specs.hook(
                                        "ask",
                                        HookType.CONFIRM_ROLLOUT,
                                        Duration.ofMinutes(3),
                                        OnTimeout.FAIL)),
                        false);
        cluster.hooks = (_, _) -> true;
        cluster.run(Duration.ofMinutes(30));
        assertThat(cluster.rollout.stage().awaited()).isInstanceOf(Awaited.Turn.class);
        assertThat(cluster.rollout.fleetWait()).isEqualTo(FleetWait.BUDGET);
        assertThat(cluster.rollout.hasPlace()).isFalse();

        cluster.hooks = (_, _) -> false;
        cluster.anotherEnds();
        cluster.run(Duration.ofMinutes(1));

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.WAITING);
        assertThat(cluster.rollout.waitingFor()).startsWith("approval by ask");
    }

    @Test
    void aGateThatClosesAfterTheLineIsToldAsAnyOther() {
        var cluster = released(Specs.linear(Specs.hook("ask", HookType.CONFIRM_ROLLOUT)), true);
        cluster.run(Duration.ofMinutes(30));
        assertThat(cluster.happened("GateClosed")).isEmpty();

        cluster.hooks = (_, _) -> false;
        cluster.anotherEnds();
        cluster.run(Duration.ofMinutes(5));

        assertThat(cluster.happened("GateClosed")).hasSize(1);
        assertThat(cluster.chats)
                .extracting(Effect.Chat::message)
                .containsOnlyOnce("Canary is waiting for approval.");
    }

    @Test
    void whoStandsInTheLineAfterAClosedGateSaysSo() {
        var cluster = released(Specs.linear(Specs.hook("ask", HookType.CONFIRM_ROLLOUT)), false);
        cluster.run(Duration.ofMinutes(1));

        cluster.hooks = (_, _) -> true;
        cluster.run(Duration.ofMinutes(30));

        assertThat(cluster.happened("GateClosed")).hasSize(1);
        assertThat(cluster.happened("BudgetFull")).hasSize(1);
    }

    /** Nobody judges what everybody meets, before the line has moved on. */
    @Test
    void theWayOutOfABrokenPrimaryDoesNotWaitForABudget() {
        var cluster = SimulatedCluster.initialized(Specs.linear());
        cluster.neverReady.add("primary-b");
        cluster.image("b");
        cluster.run(Duration.ofMinutes(30));
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.FAILED);
        assertThat(cluster.weight()).isPositive();
        cluster.primaryServes(false);
        cluster.budget(1);
        cluster.anotherBegins();
        cluster.run(MOMENT);

        cluster.image("c");
        cluster.run(Duration.ofSeconds(5));

        assertThat(cluster.rollout.run().stays()).isTrue();
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.PROGRESSING);
        assertThat(cluster.happened("BudgetFull")).isEmpty();
        cluster.run(Duration.ofSeconds(10));
        assertThat(cluster.fleet.running()).as("it counts").hasSize(2);
        assertThat(cluster.rollout.fleetWait()).isEqualTo(FleetWait.NOTHING);
        assertThat(cluster.rollout.hasPlace()).isTrue();
    }

    @Test
    void aReturnToWhatWasPromotedBeforeDoesNotWaitForABudget() {
        var cluster = promotedTwice();

        cluster.image("a");
        cluster.run(Duration.ofSeconds(10));

        assertThat(cluster.rollout.phase()).isNotEqualTo(Phase.WAITING);
        assertThat(cluster.happened("BudgetFull")).isEmpty();
        assertThat(cluster.fleet.running()).as("it counts").hasSize(2);
        cluster.run(Duration.ofMinutes(10));
        assertThat(cluster.primaryRevision).isEqualTo("a");
        assertThat(cluster.fleet.running()).hasSize(1);
    }

    @Test
    void whoeverStandsInTheLineWithABadRevisionLeavesItByTheReturn() {
        var cluster = promotedTwice();
        cluster.image("c");
        cluster.run(Duration.ofMinutes(1));
        assertThat(cluster.rollout.stage().awaited()).isInstanceOf(Awaited.Turn.class);

        cluster.image("a");
        cluster.run(Duration.ofSeconds(10));

        assertThat(cluster.rollout.phase()).isNotEqualTo(Phase.WAITING);
        assertThat(cluster.fleet.running()).as("it counts").hasSize(2);
        cluster.run(Duration.ofMinutes(10));
        assertThat(cluster.primaryRevision).isEqualTo("a");
    }

    @Test
    void whomPeopleApprovePassesTheLineAndCounts() {
        var cluster = released(Specs.linear(), true);
        assertThat(Permitted.actions(cluster.rollout)).contains(Action.APPROVE);

        cluster.askForAnswer(Action.APPROVE, "");
        cluster.run(Duration.ofSeconds(5));

        assertThat(cluster.happened("GateOpened"))
                .extracting(Effect.Happened::actor, Effect.Happened::message)
                .containsExactly(
                        tuple(
                                "ada",
                                "podinfo.test passes the line for a budget, approved by ada:"
                                        + " why"));
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.PROGRESSING);
        assertThat(cluster.fleet.running()).hasSize(2);
    }

    @Test
    void whoIsRefusedInTheLineLearnsThatItIsABudget() {
        var cluster = released(Specs.linear(), true);

        assertThat(Permitted.refusal(cluster.rollout, Action.PROMOTE, ""))
                .hasValue(
                        "only a canary that waits at a step can be promoted at once: the run has"
                                + " not begun and waits for a budget: 1 of 1 in shop:"
                                + " prod/test/another; place 1 in the line");
        assertThat(Permitted.refusal(cluster.rollout, Action.APPROVE, "start"))
                .hasValue("it waits for a budget, and not at gate start");
    }

    /** Revision b took the place of a, and another release has the only place. */
    private static SimulatedCluster promotedTwice() {
        var window = new ReturnWindow(3, null);
        var cluster =
                SimulatedCluster.initialized(
                        Specs.ruled(
                                Specs.linear(),
                                new RunRules(false, RunRules.NONE.holdTimeout(), window, false)));
        cluster.image("b");
        cluster.run(Duration.ofMinutes(30));
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
        cluster.budget(1);
        cluster.anotherBegins();
        cluster.run(MOMENT);
        return cluster;
    }

    /** A release while another one has the only place. */
    private static SimulatedCluster released(Spec spec, boolean open) {
        var cluster = SimulatedCluster.initialized(spec);
        cluster.budget(1);
        cluster.anotherBegins();
        cluster.run(MOMENT);
        cluster.hooks = (_, _) -> open;
        cluster.image("b");
        cluster.run(MOMENT);
        return cluster;
    }
}
