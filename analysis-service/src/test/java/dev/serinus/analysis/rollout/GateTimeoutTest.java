package dev.serinus.analysis.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.analysis.rollout.RolloutEvent.Action;
import dev.serinus.analysis.rollout.gate.GateLimit.OnTimeout;
import dev.serinus.schemas.hook.HookType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.time.Duration;

/** {@code gateTimeout} and {@code onGateTimeout}: a gate that stays closed. */
class GateTimeoutTest {

    private static final Duration TIMEOUT = Duration.ofMinutes(3);
    private static final Duration BEFORE = Duration.ofMinutes(2);
    private static final Duration AFTER = Duration.ofMinutes(3);

    private static final HookType[] GATES = {
        HookType.CONFIRM_ROLLOUT, HookType.CONFIRM_TRAFFIC_INCREASE, HookType.CONFIRM_PROMOTION
    };

    private static Spec spec(HookType type, OnTimeout then) {
        return Specs.linear(Specs.hook("ask", type, TIMEOUT, then));
    }

    /** A release is at its gate, which stays closed. */
    private static SimulatedCluster waiting(Spec spec) {
        var cluster = SimulatedCluster.initialized(spec);
        cluster.hooks = (_, _) -> false;
        cluster.image("b");
        cluster.run(BEFORE);
        return cluster;
    }

    @ParameterizedTest
    @EnumSource(
            value = HookType.class,
            names = {"CONFIRM_ROLLOUT", "CONFIRM_TRAFFIC_INCREASE", "CONFIRM_PROMOTION"})
    void goesOnWithoutItWhereTheManifestSaysSo(HookType type) {
        var cluster = waiting(spec(type, OnTimeout.PROCEED));
        var phase = cluster.rollout.phase();
        var words = cluster.rollout.waitingFor();

        cluster.run(AFTER.multipliedBy(5)); // one gate at each step

        assertThat(phase).isNotEqualTo(Phase.SUCCEEDED);
        assertThat(words).contains("by ask, since ").contains(", until ");
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
        assertThat(cluster.last("GateTimedOut").message())
                .isEqualTo("gate ask was not opened within 3m0s: podinfo.test goes on without it");
    }

    @ParameterizedTest
    @EnumSource(
            value = HookType.class,
            names = {"CONFIRM_ROLLOUT", "CONFIRM_TRAFFIC_INCREASE", "CONFIRM_PROMOTION"})
    void failsWhereTheManifestSaysSo(HookType type) {
        var cluster = waiting(spec(type, OnTimeout.FAIL));

        cluster.run(AFTER);

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.FAILED);
        assertThat(cluster.weight()).isZero();
        assertThat(cluster.targetReplicas).isZero();
        assertThat(cluster.primaryRevision).isEqualTo("a");
        assertThat(cluster.told)
                .contains("W Rolling back podinfo.test gate ask was not opened within 3m0s");
    }

    @ParameterizedTest
    @EnumSource(
            value = HookType.class,
            names = {"CONFIRM_ROLLOUT", "CONFIRM_TRAFFIC_INCREASE", "CONFIRM_PROMOTION"})
    void isHeldForPeopleWhateverItsWebhookSaysFromThenOn(HookType type) {
        var cluster = waiting(spec(type, OnTimeout.HOLD));
        int weight = cluster.weight();

        cluster.run(AFTER);
        cluster.hooks = (_, _) -> true;
        cluster.run(AFTER);

        assertThat(cluster.rollout.stage().awaited()).isInstanceOf(Awaited.Decision.class);
        assertThat(cluster.weight()).isEqualTo(weight);
        assertThat(cluster.rollout.waitingFor()).startsWith("approve, resume");
        assertThat(cluster.rollout.possible()).contains(Action.APPROVE, Action.ABORT);
    }

    @ParameterizedTest
    @EnumSource(
            value = HookType.class,
            names = {"CONFIRM_ROLLOUT", "CONFIRM_TRAFFIC_INCREASE", "CONFIRM_PROMOTION"})
    void approvedItGoesOn(HookType type) {
        var cluster = waiting(spec(type, OnTimeout.HOLD));
        cluster.run(AFTER);
        cluster.hooks = (_, _) -> true;

        cluster.ask(Action.APPROVE);
        cluster.run(AFTER);

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
    }

    @ParameterizedTest
    @EnumSource(
            value = HookType.class,
            names = {"CONFIRM_ROLLOUT", "CONFIRM_TRAFFIC_INCREASE", "CONFIRM_PROMOTION"})
    void resumedItIsAskedAgainAndHasAllOfItsTime(HookType type) {
        var cluster = waiting(spec(type, OnTimeout.HOLD));
        cluster.run(AFTER);

        cluster.ask(Action.RESUME);
        cluster.run(BEFORE);
        boolean waits = cluster.rollout.stage().awaited() instanceof Awaited.Decision;
        cluster.run(AFTER);

        assertThat(waits).isFalse();
        assertThat(cluster.rollout.stage().awaited()).isInstanceOf(Awaited.Decision.class);
    }

    @ParameterizedTest
    @EnumSource(
            value = HookType.class,
            names = {"CONFIRM_ROLLOUT", "CONFIRM_TRAFFIC_INCREASE", "CONFIRM_PROMOTION"})
    void aNewRevisionIsAskedAboutAnew(HookType type) {
        var cluster = waiting(spec(type, OnTimeout.HOLD));
        cluster.run(AFTER);
        cluster.hooks = (_, _) -> true;

        cluster.image("c");
        cluster.run(AFTER);

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
        assertThat(cluster.primaryRevision).isEqualTo("c");
    }

    @ParameterizedTest
    @EnumSource(
            value = HookType.class,
            names = {"CONFIRM_ROLLOUT", "CONFIRM_TRAFFIC_INCREASE", "CONFIRM_PROMOTION"})
    void whereAFailureIsHeldSoIsThatOfAGate(HookType type) {
        var cluster = waiting(Specs.holding(spec(type, OnTimeout.FAIL), Duration.ofMinutes(30)));

        cluster.run(AFTER);
        var held = cluster.rollout.stage().awaited();
        cluster.run(Duration.ofMinutes(30));

        assertThat(held).isInstanceOf(Awaited.Decision.class);
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.FAILED);
    }

    @Test
    void oneThatOpensInTimeIsAnyOther() {
        for (HookType type : GATES) {
            var cluster = waiting(spec(type, OnTimeout.FAIL));
            cluster.hooks = (_, _) -> true;

            cluster.run(AFTER);

            assertThat(cluster.rollout.phase()).as("%s", type).isEqualTo(Phase.SUCCEEDED);
            assertThat(cluster.rollout.run().limited()).isNull();
        }
    }

    @Test
    void whileItIsPausedNoTimeRunsOut() {
        var cluster = waiting(spec(HookType.CONFIRM_PROMOTION, OnTimeout.FAIL));

        cluster.ask(Action.PAUSE);
        cluster.run(TIMEOUT.multipliedBy(3));
        var paused = cluster.rollout.phase();
        cluster.ask(Action.RESUME);
        cluster.run(BEFORE);
        var resumed = cluster.rollout.phase();
        cluster.run(AFTER);

        assertThat(paused).isEqualTo(Phase.WAITING_PROMOTION);
        assertThat(resumed).isEqualTo(Phase.WAITING_PROMOTION);
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.FAILED);
    }

    @Test
    void eachWebhookOfAGateHasItsOwnTime() {
        var cluster =
                SimulatedCluster.initialized(
                        Specs.linear(
                                Specs.hook(
                                        "first", HookType.CONFIRM_ROLLOUT, TIMEOUT, OnTimeout.FAIL),
                                Specs.hook(
                                        "second",
                                        HookType.CONFIRM_ROLLOUT,
                                        TIMEOUT,
                                        OnTimeout.FAIL)));
        cluster.hooks = (_, _) -> false;
        cluster.image("b");
        cluster.run(BEFORE);
        cluster.hooks = (name, _) -> name.equals("first");
        cluster.run(BEFORE);
        var inTime = cluster.rollout.phase();
        cluster.run(BEFORE);

        assertThat(inTime).isEqualTo(Phase.WAITING);
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.FAILED);
    }

    @Test
    void withoutATimeItIsWaitedForAsFlaggerDoes() {
        var cluster = waiting(Specs.linear(Specs.hook("ask", HookType.CONFIRM_PROMOTION)));

        cluster.run(Duration.ofHours(2));

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.WAITING_PROMOTION);
    }
}
