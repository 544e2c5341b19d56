package dev.serinus.analysis.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.analysis.rollout.RolloutEvent.Action;
import dev.serinus.analysis.rollout.gate.GateLimit.OnTimeout;
import dev.serinus.schemas.hook.HookType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.time.Duration;
import java.util.Set;

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
            assertThat(cluster.rollout.run().pending()).isNull();
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
    void oneThatSaidYesHasAllOfItsTimeWhenItSaysNoAgain() {
        var cluster =
                SimulatedCluster.initialized(
                        Specs.linear(
                                Specs.hook(
                                        "first", HookType.CONFIRM_ROLLOUT, TIMEOUT, OnTimeout.FAIL),
                                Specs.hook("second", HookType.CONFIRM_ROLLOUT)));
        cluster.hooks = (_, _) -> false;
        cluster.image("b");
        cluster.run(BEFORE);
        cluster.hooks = (name, _) -> name.equals("first");
        cluster.run(BEFORE);
        cluster.hooks = (_, _) -> false;
        cluster.run(BEFORE);
        var inTime = cluster.rollout.phase();
        cluster.run(BEFORE);

        assertThat(inTime).isEqualTo(Phase.WAITING);
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.FAILED);
    }

    @ParameterizedTest
    @EnumSource(
            value = HookType.class,
            names = {"CONFIRM_ROLLOUT", "CONFIRM_TRAFFIC_INCREASE", "CONFIRM_PROMOTION"})
    void twoThatKeepItClosedInTurnDoNotDoSoForEver(HookType type) {
        var cluster =
                SimulatedCluster.initialized(
                        Specs.linear(
                                Specs.hook("first", type, TIMEOUT, OnTimeout.FAIL),
                                Specs.hook("second", type, TIMEOUT, OnTimeout.FAIL)));
        cluster.hooks = (name, before) -> name.equals("first") && before % 2 == 1;
        cluster.image("b");
        cluster.run(BEFORE);
        cluster.run(AFTER);

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.FAILED);
        assertThat(cluster.told)
                .contains("W Rolling back podinfo.test gate second was not opened within 3m0s");
    }

    /** The yes of the first forgot since when the second was closed, each time anew. */
    @ParameterizedTest
    @EnumSource(
            value = HookType.class,
            names = {"CONFIRM_ROLLOUT", "CONFIRM_TRAFFIC_INCREASE", "CONFIRM_PROMOTION"})
    void ofTwoOfOneNameTheSecondTimesOutToo(HookType type) {
        var gate = Specs.hook("ask", type, TIMEOUT, OnTimeout.FAIL);
        var cluster = SimulatedCluster.initialized(Specs.linear(gate, gate));
        // They are asked in turn: the first always says yes, the second never.
        cluster.hooks = (_, before) -> before % 2 == 0;
        cluster.image("b");
        cluster.run(BEFORE);
        var inTime = cluster.rollout.phase();
        cluster.run(AFTER);

        assertThat(inTime).isNotEqualTo(Phase.FAILED);
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.FAILED);
    }

    /** A time-out lets one gate pass, and no other of its name that says no. */
    @Test
    void whereTheSecondOfOneNameIsGoneOnWithoutTheFirstIsAskedAllTheSame() {
        var type = HookType.CONFIRM_ROLLOUT;
        var first = Specs.hook("ask", type);
        var second = Specs.hook("ask", type, TIMEOUT, OnTimeout.PROCEED);
        var cluster = SimulatedCluster.initialized(Specs.linear(first, second));
        // Yes and no in turn; from then on the first says no.
        cluster.hooks = (_, before) -> before == 0;
        cluster.image("b");
        cluster.run(AFTER.multipliedBy(3));

        assertThat(cluster.happened("GateTimedOut")).hasSize(1);
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.WAITING);
        assertThat(cluster.weight()).isZero();
    }

    @ParameterizedTest
    @EnumSource(
            value = HookType.class,
            names = {"CONFIRM_ROLLOUT", "CONFIRM_TRAFFIC_INCREASE", "CONFIRM_PROMOTION"})
    void oneThatPeopleApprovedDoesNotTimeOutWhileAnotherIsClosed(HookType type) {
        var cluster =
                waiting(
                        Specs.linear(
                                Specs.hook("first", type, TIMEOUT, OnTimeout.FAIL),
                                Specs.hook("second", type)));

        cluster.ask(Action.APPROVE);
        cluster.run(TIMEOUT.multipliedBy(3));

        assertThat(cluster.rollout.phase()).isNotEqualTo(Phase.FAILED);
        assertThat(cluster.rollout.waitingFor()).contains("by second").doesNotContain("until");
    }

    @Test
    void theAnnotationToResetAsksTheGateOfTheStartAgainOnce() {
        var cluster = waiting(spec(HookType.CONFIRM_ROLLOUT, OnTimeout.HOLD));
        cluster.run(AFTER);
        long run = cluster.rollout.run().number();
        cluster.hooks = (_, _) -> true;

        cluster.annotate(false, true);
        cluster.run(AFTER);

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
        assertThat(cluster.rollout.run().number()).as("begun once").isEqualTo(run);
        assertThat(cluster.reset).as("the annotation").isFalse();
    }

    /** The webhook service is away, or its answers are lost. */
    @ParameterizedTest
    @EnumSource(
            value = HookType.class,
            names = {"CONFIRM_ROLLOUT", "CONFIRM_TRAFFIC_INCREASE", "CONFIRM_PROMOTION"})
    void oneThatNobodyAnswersForFailsAsOneThatSaysNo(HookType type) {
        var cluster = unanswered(spec(type, OnTimeout.FAIL));
        var phase = cluster.rollout.phase();
        var words = cluster.rollout.waitingFor();

        cluster.run(AFTER);

        assertThat(phase).isNotEqualTo(Phase.FAILED);
        assertThat(words).contains("the webhook service does not answer").contains(", until 2026-");
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.FAILED);
        assertThat(cluster.weight()).isZero();
        assertThat(cluster.targetReplicas).isZero();
    }

    @ParameterizedTest
    @EnumSource(
            value = HookType.class,
            names = {"CONFIRM_ROLLOUT", "CONFIRM_TRAFFIC_INCREASE", "CONFIRM_PROMOTION"})
    void oneThatNobodyAnswersForIsHeldAsOneThatSaysNo(HookType type) {
        var cluster = unanswered(spec(type, OnTimeout.HOLD));

        cluster.run(AFTER);
        var held = cluster.rollout.stage().awaited();
        cluster.silent = Set.of();
        cluster.ask(Action.APPROVE);
        cluster.run(AFTER);

        assertThat(held).isInstanceOf(Awaited.Decision.class);
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
    }

    @ParameterizedTest
    @EnumSource(
            value = HookType.class,
            names = {"CONFIRM_ROLLOUT", "CONFIRM_TRAFFIC_INCREASE", "CONFIRM_PROMOTION"})
    void oneThatNobodyAnswersForIsPassedOverAsOneThatSaysNo(HookType type) {
        var cluster = unanswered(spec(type, OnTimeout.PROCEED));

        cluster.run(AFTER.multipliedBy(5)); // one gate at each step

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
    }

    @Test
    void whatNobodyAnswersForHasAllOfItsTimeAfterAPause() {
        var cluster = unanswered(spec(HookType.CONFIRM_PROMOTION, OnTimeout.FAIL));

        cluster.ask(Action.PAUSE);
        cluster.run(TIMEOUT.multipliedBy(3));
        cluster.ask(Action.RESUME);
        cluster.run(BEFORE);
        var resumed = cluster.rollout.phase();
        cluster.run(AFTER);

        assertThat(resumed).isEqualTo(Phase.PROGRESSING);
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.FAILED);
    }

    @Test
    void aLimitThatIsGivenWhileNobodyAnswersCountsFromThen() {
        var type = HookType.CONFIRM_PROMOTION;
        var cluster = unanswered(Specs.linear(Specs.hook("ask", type)));

        cluster.edit(spec(type, OnTimeout.FAIL));
        cluster.run(BEFORE);
        var inTime = cluster.rollout.phase();
        cluster.run(AFTER);

        assertThat(inTime).isEqualTo(Phase.PROGRESSING);
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.FAILED);
    }

    /** A release is at its gate, for which nobody answers. */
    private static SimulatedCluster unanswered(Spec spec) {
        var cluster = SimulatedCluster.initialized(spec);
        cluster.silent = Set.of("ask");
        cluster.image("b");
        cluster.run(BEFORE);
        return cluster;
    }

    @Test
    void withoutATimeItIsWaitedForAsFlaggerDoes() {
        var cluster = waiting(Specs.linear(Specs.hook("ask", HookType.CONFIRM_PROMOTION)));

        cluster.run(Duration.ofHours(2));

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.WAITING_PROMOTION);
    }
}
