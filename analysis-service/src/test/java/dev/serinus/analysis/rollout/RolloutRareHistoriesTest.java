package dev.serinus.analysis.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.analysis.rollout.RolloutEvent.Action;
import dev.serinus.analysis.rollout.RolloutEvent.Outcome;
import dev.serinus.analysis.rollout.RolloutEvent.PrimarySeen;
import dev.serinus.analysis.rollout.judge.Judge;
import dev.serinus.analysis.rollout.judge.OnUnknown;
import dev.serinus.analysis.rollout.judge.Verdict;
import dev.serinus.analysis.rollout.tell.Severity;
import dev.serinus.schemas.canary.Weight;
import dev.serinus.schemas.hook.HookType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Histories that random ones hardly reach, each as it has to be. */
class RolloutRareHistoriesTest {

    private static final Duration LONG = Duration.ofMinutes(10);
    private static final Duration MOMENT = Duration.ofMillis(10);

    private static SimulatedCluster atTwenty(Spec spec) {
        var cluster = SimulatedCluster.initialized(spec);
        cluster.image("b");
        cluster.run(Duration.ofSeconds(9));
        assertThat(cluster.weight()).isEqualTo(20);
        return cluster;
    }

    /** Goes on in moments until it is so. */
    private static void until(SimulatedCluster cluster, BooleanSupplier so) {
        for (int i = 0; i < 200_000 && !so.getAsBoolean(); i++) {
            cluster.run(MOMENT);
        }
        assertThat(so.getAsBoolean()).as("%s", cluster.rollout).isTrue();
    }

    private static boolean asks(SimulatedCluster cluster, Class<? extends Question> question) {
        return question.isInstance(cluster.rollout.stage().question());
    }

    private static long count(SimulatedCluster cluster, String type) {
        return cluster.history.stream().filter(one -> one.type().equals(type)).count();
    }

    /** Traffic that goes to a side where nobody serves while somebody serves at the other. */
    private static List<String> unanswered(SimulatedCluster cluster, Duration time) {
        List<String> found = new ArrayList<>();
        for (long i = 0; i < time.dividedBy(MOMENT); i++) {
            cluster.run(MOMENT);
            boolean primary = cluster.primary().serves();
            boolean canary = cluster.target().serves();
            if (cluster.weight() < 100 && !primary) {
                found.add(
                        "%s: %d %% at a primary that does not serve, canary serves: %s, %s"
                                .formatted(
                                        cluster.now,
                                        100 - cluster.weight(),
                                        canary,
                                        cluster.rollout.stage().label()));
            }
        }
        return found;
    }

    // ---- a revision that nobody analysed

    /** A mark left by an earlier Canary, or by a life that the store forgot. */
    @Test
    void aLaterMarkOnAnObjectDoesNotTakeTheStopsFromARunThatIsAboutToStart() {
        var cluster = SimulatedCluster.initialized(Specs.linear());
        cluster.metrics = (_, _) -> 1.0;
        cluster.image("b");
        until(cluster, () -> asks(cluster, Question.ScaleUp.class));
        var p = cluster.primary();
        cluster.inject(
                at ->
                        new PrimarySeen(
                                at,
                                cluster.uid,
                                new Workload(
                                        true,
                                        p.revision(),
                                        null,
                                        List.of(),
                                        p.desired(),
                                        p.updated(),
                                        p.available(),
                                        true,
                                        false,
                                        "",
                                        12,
                                        1)));
        cluster.run(LONG);

        assertThat(cluster.primaryRevision).as("%s", cluster.told).isEqualTo("a");
    }

    /** The metric would fail: an answer that leaves a check out is not a pass. */
    @Test
    void aCheckThatWasNotMeasuredDoesNotPass() {
        var checks = Specs.linear().checks();
        var judgement =
                Judge.judge(
                        new Judge.Subject("podinfo.test", "podinfo.test", "istio"),
                        checks,
                        List.of());

        assertThat(judgement.verdict()).isNotEqualTo(Verdict.PASS);
    }

    // ---- exposure

    /** All traffic was to go to the canary because nobody else served. Now somebody does. */
    @Test
    void aPrimaryThatComesBackBeforeItsTrafficWasMovedKeepsIt() {
        var cluster =
                SimulatedCluster.initialized(
                        Specs.linear(
                                Specs.hook("pre", HookType.PRE_ROLLOUT),
                                Specs.hook("approve", HookType.CONFIRM_PROMOTION)));
        cluster.hooks = (name, _) -> false;
        cluster.edit(Specs.edited(cluster.spec, false, 50));
        cluster.run(Duration.ofSeconds(5));
        cluster.primaryServes(false);
        cluster.image("b");
        until(cluster, () -> count(cluster, "PrimaryNotReady") > 0);
        cluster.run(Duration.ofSeconds(1));
        cluster.primaryServes(true);
        cluster.run(Duration.ofSeconds(1));
        cluster.hooks = (name, _) -> name.equals("pre");
        cluster.run(LONG);

        assertThat(cluster.routes)
                .as("nobody approved that everybody meets it, %s", cluster.told)
                .allMatch(route -> Weight.ALL.isAbove(route.split().canaryWeight()));
    }

    // ---- traffic at nobody

    @Test
    void aRollbackThatCouldNotBeDoneAtOnceLooksAgainWhetherThePrimaryServes() {
        var cluster = atTwenty(Specs.linear());
        cluster.refusal = Outcome.RETRY;
        cluster.ask(Action.ABORT);
        cluster.run(Duration.ofSeconds(2));
        cluster.primaryServes(false);
        cluster.run(Duration.ofSeconds(2));
        cluster.refusal = null;
        cluster.run(LONG);

        assertThat(cluster.primary().serves() || cluster.target().serves())
                .as("somebody serves: %s, %s", cluster.told, cluster.rollout.stage())
                .isTrue();
        assertThat(cluster.weight()).as("%s", cluster.told).isPositive();
    }

    @Test
    void aPrimaryThatIsLostDuringARollbackLeavesTheCanaryRunning() {
        var cluster = atTwenty(Specs.linear());
        cluster.ask(Action.ABORT);
        until(cluster, () -> asks(cluster, Question.RollBack.class));
        cluster.refusal = Outcome.RETRY;
        cluster.run(Duration.ofMillis(200));
        cluster.primaryServes(false);
        cluster.run(Duration.ofMillis(300));
        cluster.refusal = null;
        cluster.run(LONG);

        assertThat(cluster.targetReplicas)
                .as("the only one that serves: %s", cluster.told)
                .isPositive();
    }

    @Test
    void aRevisionThatIsWithdrawnWhileThePrimaryIsLostLeavesTheTrafficWhereSomebodyServes() {
        var cluster = atTwenty(Specs.linear());
        cluster.primaryServes(false);
        cluster.run(Duration.ofSeconds(2));
        assertThat(cluster.weight()).isEqualTo(100);
        cluster.image("a");

        assertThat(unanswered(cluster, Duration.ofSeconds(5))).isEmpty();
    }

    // ---- without end

    /** As with a quota or an admission webhook that refuses more pods. */
    @Test
    void aRevisionWhoseTargetCannotBeScaledUpFailsOnce() {
        var cluster = SimulatedCluster.initialized(Specs.linear());
        cluster.image("b");
        for (int i = 0; i < 100_000; i++) {
            cluster.refusal = asks(cluster, Question.ScaleUp.class) ? Outcome.RETRY : null;
            cluster.run(MOMENT);
        }

        assertThat(count(cluster, "RolledBack")).isEqualTo(1);
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.FAILED);
    }

    @Test
    void aRunThatIsAbortedWhileItsTargetIsScaledUpStaysAborted() {
        var cluster = SimulatedCluster.initialized(Specs.linear());
        cluster.image("b");
        until(cluster, () -> asks(cluster, Question.ScaleUp.class));
        cluster.ask(Action.ABORT);
        cluster.run(LONG);

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.FAILED);
        assertThat(cluster.primaryRevision).isEqualTo("a");
    }

    @Test
    void aPrimaryThatServesWithSomeOfItsPodsIsAlertedOnceWhileAGateIsClosed() {
        var cluster =
                SimulatedCluster.initialized(
                        Specs.linear(Specs.hook("approve", HookType.CONFIRM_PROMOTION)));
        cluster.neverReady.add("primary-b");
        cluster.image("b");
        cluster.run(LONG);
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.FAILED);
        assertThat(cluster.primary().serves()).isTrue();
        cluster.hooks = (_, _) -> false;
        cluster.chats.clear();
        cluster.image("c");
        cluster.run(Duration.ofHours(1));

        assertThat(cluster.chats.stream().filter(one -> one.severity() == Severity.ERROR))
                .hasSizeLessThan(5);
    }

    @Test
    void aRollbackThatWaitsForThePrimaryAlertsOnce() {
        var cluster = atTwenty(Specs.linear());
        cluster.primaryServes(false);
        cluster.run(Duration.ofSeconds(2));
        cluster.ask(Action.ABORT);
        cluster.run(Duration.ofHours(2));

        assertThat(cluster.chats.stream().filter(one -> one.severity() == Severity.ERROR))
                .hasSizeLessThan(5);
    }

    // ---- holding

    /** The hold was longer than two deadlines; the doubt was not. */
    @Test
    void theTimeOfAHoldIsNoTimeWithoutAVerdict() {
        var cluster = atTwenty(Specs.onUnknown(Specs.linear(), OnUnknown.HOLD));
        cluster.metrics = (_, _) -> null;
        until(cluster, () -> count(cluster, "CheckInconclusive") > 0);
        cluster.ask(Action.PAUSE);
        cluster.run(Duration.ofHours(1));
        cluster.ask(Action.RESUME);
        cluster.run(Duration.ofSeconds(15));
        assertThat(count(cluster, "RolledBack")).as("%s", cluster.told).isZero();
        cluster.metrics = (_, _) -> 100.0;
        cluster.run(LONG);

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
    }

    /** The edit of the shape comes with that of spec.suspend, as in one commit. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anEditThatSuspendsOrReleasesIsGivenItsShapeToo(boolean withSuspend) {
        var cluster = SimulatedCluster.initialized(Specs.linear());
        if (withSuspend) {
            cluster.edit(Specs.edited(cluster.spec, true, 3));
            cluster.run(Duration.ofSeconds(30));
            cluster.edit(Specs.edited(cluster.spec, false, 3));
        } else {
            cluster.edit(Specs.edited(cluster.spec, true, 2));
            cluster.run(Duration.ofSeconds(30));
            cluster.edit(Specs.edited(cluster.spec, false, 3));
        }
        cluster.run(LONG);

        assertThat(cluster.routes)
                .anyMatch(
                        route ->
                                route.generation() == cluster.generation
                                        && route.action() == Effect.RouteAction.TAKE_OVER);
    }

    // ---- coming and going

    /** Nothing of the workloads changes, so that nobody says again what they are. */
    @Test
    void aCanaryWhoseClaimIsLostGoesOnWithTheTargetThatIsKnown() {
        var cluster = SimulatedCluster.initialized(Specs.linear());
        cluster.run(LONG);
        cluster.claimLost(
                new RolloutEvent.Prior(
                        Phase.SUCCEEDED, Weight.NONE, 0, 0, "a", "a", null, 0, 0, 0));
        cluster.run(LONG);

        assertThat(cluster.rollout.stage())
                .as("%s", cluster.chats)
                .isInstanceOf(Stage.Resting.class);
    }

    // ---- an edit at rest

    @Test
    void anEditOfAManifestIsNotForgottenBecauseTrafficHadToBeMoved() {
        var cluster = SimulatedCluster.initialized(Specs.linear());
        cluster.neverReady.add("primary-b");
        cluster.image("b");
        cluster.run(LONG);
        assertThat(cluster.weight()).isPositive();
        cluster.refusal = Outcome.RETRY;
        cluster.edit(Specs.edited(cluster.spec, false, 3));
        cluster.run(Duration.ofSeconds(1));
        cluster.targetServes(false);
        cluster.run(Duration.ofSeconds(1));
        cluster.refusal = null;
        cluster.run(LONG);

        assertThat(cluster.routes)
                .anyMatch(
                        route ->
                                route.generation() == cluster.generation
                                        && route.action() == Effect.RouteAction.TAKE_OVER);
    }

    // ---- more waits without end

    /** The old pods never come back, as when their image is gone. What serves is judged. */
    @Test
    void aRunWhosePrimaryNeverComesBackIsJudgedWhereItIs() {
        var cluster = atTwenty(Specs.linear());
        cluster.primaryServes(false);
        cluster.run(Duration.ofHours(2));

        assertThat(cluster.rollout.stage())
                .as("%d alerts: %s", cluster.chats.size(), cluster.told)
                .isInstanceOf(Stage.Resting.class);
    }

    @Test
    void aRollbackHookIsAskedWhileAllTrafficIsAtTheCanary() {
        var cluster =
                SimulatedCluster.initialized(
                        Specs.linear(Specs.hook("rollback", HookType.ROLLBACK)));
        cluster.hooks = (_, _) -> false;
        cluster.image("b");
        until(cluster, () -> cluster.weight() == 20);
        cluster.primaryServes(false);
        cluster.run(Duration.ofSeconds(2));
        assertThat(cluster.weight()).isEqualTo(100);
        long before = cluster.calls.size();
        cluster.run(Duration.ofMinutes(30));

        assertThat(cluster.calls.size()).isGreaterThan((int) before);
    }

    // ---- what no event may do

    @ParameterizedTest
    @ValueSource(ints = {-1, 150})
    void aStatusThatSomebodyWroteDoesNotStopTheMachine(int weight) {
        var cluster = new SimulatedCluster(Specs.linear());
        var prior =
                new RolloutEvent.Prior(
                        Phase.PROGRESSING,
                        Weight.percent(weight),
                        0,
                        0,
                        "65d",
                        "7db",
                        null,
                        0,
                        0,
                        0);
        cluster.found(prior, "old", 20);
        cluster.run(LONG);

        assertThat(cluster.rollout.spec()).isNotNull();
    }

    /** Hooks were asked while it was held; the answer came after the release. */
    @Test
    void aWholeIntervalIsSpentAfterAReleaseWhateverWasAskedMeanwhile() {
        var cluster =
                SimulatedCluster.initialized(
                        Specs.linear(Specs.hook("rollback", HookType.ROLLBACK)));
        cluster.hooks = (_, _) -> false;
        cluster.image("b");
        until(cluster, () -> cluster.weight() == 20);
        cluster.ask(Action.PAUSE);
        cluster.run(Duration.ofMinutes(1));
        until(cluster, () -> asks(cluster, Question.AskForRollback.class));
        cluster.ask(Action.RESUME);
        int before = cluster.decisions.size();
        cluster.run(Duration.ofSeconds(8));

        assertThat(cluster.decisions.subList(before, cluster.decisions.size()))
                .flatMap(Transition::effects)
                .noneMatch(Effect.AskMetrics.class::isInstance);
    }

    @Test
    void aCanaryFoundTerminatingThatIsNotBeingDeletedGoesOn() {
        var cluster = new SimulatedCluster(Specs.linear());
        cluster.found(
                new RolloutEvent.Prior(
                        Phase.TERMINATING, Weight.NONE, 0, 0, "65d", "7db", null, 0, 0, 0),
                "a",
                0);
        cluster.run(LONG);

        assertThat(cluster.rollout.phase().rests()).as("%s", cluster.rollout).isTrue();
    }
}
