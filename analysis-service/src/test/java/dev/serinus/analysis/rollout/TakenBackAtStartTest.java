package dev.serinus.analysis.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.analysis.rollout.Effect.RouteAction;
import dev.serinus.analysis.rollout.gate.Predecessor;
import dev.serinus.analysis.rollout.plan.Split;
import dev.serinus.schemas.hook.HookType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;

/** A revision that its author takes back before anything of its release was begun. */
class TakenBackAtStartTest {

    private static final Duration LONG = Duration.ofMinutes(30);

    private static void until(SimulatedCluster cluster, Predicate<Rollout> so) {
        for (int i = 0; i < 100_000 && !so.test(cluster.rollout); i++) {
            cluster.run(Duration.ofMillis(100));
        }
        assertThat(so.test(cluster.rollout)).as("%s", cluster.rollout.stage()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aRevisionThatIsTakenBackBehindTheGateOfItsStartIsNotReleased(boolean succeeded) {
        var gate = Specs.hook("start", HookType.CONFIRM_ROLLOUT);
        var cluster = SimulatedCluster.initialized(Specs.linear(gate));
        String before = "a";
        if (succeeded) {
            cluster.image("b");
            cluster.run(LONG);
            before = "b";
        }
        cluster.hooks = (_, _) -> false;
        cluster.image("c");
        until(cluster, r -> r.phase() == Phase.WAITING);
        cluster.routes.clear();

        cluster.image(before);
        cluster.run(LONG);

        assertThat(cluster.rollout.phase())
                .isEqualTo(succeeded ? Phase.SUCCEEDED : Phase.INITIALIZED);
        assertThat(cluster.happened("Withdrawn")).hasSize(1);
        assertThat(cluster.routes).isEmpty();
        cluster.hooks = (_, _) -> true;
        cluster.image("c");
        cluster.run(LONG);
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
        assertThat(cluster.primaryRevision).isEqualTo("c");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void ofOneThatBeganAnewInItsTurnNoPodsAreLeft(boolean mirrored) {
        var cluster = anewInItsTurn(mirrored);
        assertThat(cluster.targetReplicas).isPositive();

        cluster.image("a");
        cluster.run(Duration.ofMinutes(1));
        cluster.refusal = null;
        cluster.run(LONG);

        assertThat(cluster.targetReplicas).isZero();
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
        assertThat(cluster.rollout.traffic().split()).isEqualTo(Split.PRIMARY);
        assertThat(cluster.happened("Withdrawn")).hasSize(1);
        assertThat(cluster.primaryRevision).isEqualTo("a");
    }

    /** Mirrored ones wait for the router, which is to take the copies back. */
    private static SimulatedCluster anewInItsTurn(boolean mirrored) {
        var spec = WaveGateTest.after(new Predecessor("us", null, "first", Duration.ZERO));
        var cluster = SimulatedCluster.initialized(mirrored ? mirroring(spec) : spec);
        cluster.image("b");
        cluster.firstPromoted("b");
        until(
                cluster,
                r ->
                        r.stage().awaited() instanceof Awaited.Interval
                                && r.traffic().split().mirrored() == mirrored);
        if (mirrored) {
            cluster.refusal = RolloutEvent.Outcome.RETRY;
        }
        cluster.image("c");
        until(
                cluster,
                r ->
                        mirrored
                                ? r.stage().question() instanceof Question.ClearBeforeRun
                                : r.stage().awaited() instanceof Awaited.Turn);
        return cluster;
    }

    @Test
    void anAbortedOneLeavesNoCopiesOfRequests() {
        var cluster = anewInItsTurn(true);
        cluster.routes.clear();

        cluster.ask(RolloutEvent.Action.ABORT);
        cluster.run(Duration.ofMinutes(1));
        cluster.refusal = null;
        cluster.run(LONG);

        assertThat(cluster.routes)
                .extracting(each -> each.action())
                .containsSubsequence(RouteAction.SHIFT, RouteAction.SCALE);
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.FAILED);
        assertThat(cluster.rollout.traffic().split()).isEqualTo(Split.PRIMARY);
        assertThat(cluster.targetReplicas).isZero();
    }

    private static Spec mirroring(Spec spec) {
        return Specs.planned(spec, Specs.strategy(0, 20, List.of(), 60, 60, 0, true, false));
    }

    @Test
    void nobodyIsAskedForOneThatIsTakenBackWhileTrafficIsCleared() {
        var gate = Specs.hook("start", HookType.CONFIRM_ROLLOUT);
        var cluster = SimulatedCluster.initialized(Specs.linear(gate));
        failPromotion(cluster, "b");
        cluster.refusal = RolloutEvent.Outcome.RETRY;
        cluster.image("c");
        until(cluster, r -> r.stage().question() instanceof Question.ClearBeforeRun);
        cluster.calls.clear();

        cluster.primaryRuns("a");
        cluster.image("a");
        cluster.run(Duration.ofSeconds(20));
        assertThat(cluster.rollout.stage().question()).isInstanceOf(Question.ClearBeforeRun.class);
        cluster.refusal = null;
        cluster.run(LONG);

        assertThat(cluster.calls).isEmpty();
        assertThat(cluster.happened("Withdrawn")).hasSize(1);
        assertThat(cluster.weight()).isZero();
        assertThat(cluster.targetReplicas).isZero();
    }

    @Test
    void norForOneWhosePrimaryIsSeenLater() {
        var gate = Specs.hook("start", HookType.CONFIRM_ROLLOUT);
        var cluster = SimulatedCluster.initialized(Specs.linear(gate));
        failPromotion(cluster, "b");
        cluster.hooks = (_, _) -> false;
        cluster.image("a");
        until(cluster, r -> r.phase() == Phase.WAITING);

        cluster.primaryRuns("a");
        cluster.run(LONG);

        assertThat(cluster.happened("Withdrawn")).hasSize(1);
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
        assertThat(cluster.targetReplicas).isZero();
    }

    /** The primary has its template, and does not become ready. */
    private static void failPromotion(SimulatedCluster cluster, String revision) {
        cluster.neverReady.add("primary-" + revision);
        cluster.image(revision);
        until(cluster, r -> r.phase() == Phase.FAILED && r.stage() instanceof Stage.Resting);
        assertThat(cluster.primaryRevision).isEqualTo(revision);
        assertThat(cluster.rollout.traffic().canaryWeight().isAny()).isTrue();
        cluster.neverReady.remove("primary-" + revision);
    }
}
