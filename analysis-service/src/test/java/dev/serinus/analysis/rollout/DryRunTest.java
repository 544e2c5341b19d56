package dev.serinus.analysis.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.serinus.analysis.rollout.RolloutEvent.Prior;
import dev.serinus.schemas.canary.Weight;
import dev.serinus.schemas.hook.HookType;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;

/** All is decided and told, and nothing is done. */
class DryRunTest {

    private static final Duration LONG = Duration.ofMinutes(10);

    private static SimulatedCluster tried(Spec.Hook... hooks) {
        return tried(Specs.linear(hooks));
    }

    private static SimulatedCluster tried(Spec spec) {
        var cluster = new SimulatedCluster(Specs.tried(spec, true));
        cluster.create();
        cluster.run(LONG);
        return cluster;
    }

    private static void assertNothingWasDone(SimulatedCluster cluster) {
        assertThat(cluster.routes).isEmpty();
        assertThat(cluster.calls)
                .allMatch(call -> call.told() != null)
                .as("who acts on a phase can see that it is none")
                .allMatch(call -> call.facts().dryRun());
        assertThat(cluster.told).isNotEmpty().allMatch(line -> line.startsWith("Dry run: ", 2));
        assertThat(cluster.chats).allMatch(chat -> chat.message().startsWith("Dry run: "));
        assertThat(cluster.history).allMatch(Effect.Happened::tried);
    }

    @Test
    void aNewCanaryIsInitialisedWithoutAPrimary() {
        var cluster = tried();

        assertNothingWasDone(cluster);
        assertThat(cluster.told).contains("N Dry run: Initialization done! podinfo.test");
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.INITIALIZED);
        assertThat(cluster.primaryExists).isFalse();
    }

    @Test
    void aNewRevisionIsWalkedThroughToItsEnd() {
        var cluster =
                tried(
                        Specs.hook("gate", HookType.CONFIRM_ROLLOUT),
                        Specs.hook("smoke", HookType.PRE_ROLLOUT),
                        Specs.hook("back", HookType.ROLLBACK),
                        Specs.hook("after", HookType.POST_ROLLOUT),
                        Specs.hook("feed", HookType.EVENT));
        cluster.hooks = (_, _) -> false;

        cluster.image("b");
        cluster.run(LONG);

        assertNothingWasDone(cluster);
        assertThat(cluster.told)
                .containsSubsequence(
                        "N Dry run: Confirm-rollout hook gate not called",
                        "N Dry run: New revision detected! Scaling up podinfo.test",
                        "N Dry run: Pre-rollout hook smoke not called",
                        "N Dry run: Advance podinfo.test canary weight 20",
                        "N Dry run: Advance podinfo.test canary weight 40",
                        "N Dry run: Advance podinfo.test canary weight 60",
                        "N Dry run: Copying podinfo.test template spec to podinfo-primary.test",
                        "N Dry run: Promotion completed! Scaling down podinfo.test");
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
    }

    @Test
    void whatHasAValueIsJudged() {
        var cluster = tried();
        cluster.metrics = (_, _) -> 10.0;

        cluster.image("b");
        cluster.run(LONG);

        assertNothingWasDone(cluster);
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.FAILED);
        assertThat(cluster.last("CheckFailed").message()).contains("10.00% < 99%");
    }

    @Test
    void whatHasNoValueKeepsNothingFromGoingOn() {
        var cluster = tried();
        cluster.metrics = (_, _) -> null;

        cluster.image("b");
        cluster.run(LONG);

        assertNothingWasDone(cluster);
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
    }

    @Test
    void podsThatDoNotServeAreNoReasonToWait() {
        var cluster = tried();

        cluster.image("b");
        cluster.targetServes(false);
        cluster.run(LONG);

        assertNothingWasDone(cluster);
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
    }

    @Test
    void onceItIsNoneTheCanaryIsInitialisedForReal() {
        var cluster = tried();
        cluster.image("b");
        cluster.run(Duration.ofSeconds(15));

        cluster.edit(Specs.linear());
        cluster.run(LONG);

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.INITIALIZED);
        assertThat(cluster.primaryExists).isTrue();
        assertThat(cluster.primaryRevision).isEqualTo("b");
        assertThat(cluster.told).last().isEqualTo("N Initialization done! podinfo.test");
    }

    @Test
    void aCanaryThatRestsIsTriedAndThenReleasedForReal() {
        var cluster = SimulatedCluster.initialized(Specs.linear());

        cluster.edit(Specs.tried(Specs.linear(), true));
        cluster.image("b");
        cluster.run(LONG);

        assertNothingWasDone(cluster);
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
        assertThat(cluster.primaryRevision).isEqualTo("a");
    }

    /** Tools wait for the generation that ended it, and are told no more what was tried. */
    @Test
    void whenItEndsTheStatusOfACanaryThatIsOursIsToldAnew() {
        // Given
        var cluster = SimulatedCluster.initialized(Specs.linear());
        cluster.edit(Specs.tried(Specs.linear(), true));
        cluster.run(Duration.ofMinutes(1));
        var ended =
                new RolloutEvent.CanarySeen(
                        cluster.now,
                        cluster.uid,
                        cluster.generation + 1,
                        Specs.linear(),
                        false,
                        true,
                        new Prior(Phase.INITIALIZED, Weight.NONE, 0, 0, "a", "a", null, 0, 3, 9));
        // When
        var decision = RolloutMachine.next(cluster.rollout, ended);
        // Then
        assertThat(decision.effects())
                .filteredOn(Effect.Announce.class::isInstance)
                .extracting(effect -> ((Effect.Announce) effect).status())
                .singleElement()
                .satisfies(
                        status -> {
                            assertThat(status.tried()).isFalse();
                            assertThat(status.seenGeneration()).isEqualTo(ended.generation());
                            assertThat(status.phase()).isEqualTo(Phase.INITIALIZED);
                        });
    }

    @Test
    void aRunThatBeganForRealEndsForReal() {
        var cluster = SimulatedCluster.initialized(Specs.linear());
        cluster.image("b");
        cluster.run(Duration.ofSeconds(15));

        cluster.edit(Specs.tried(Specs.linear(), true));
        cluster.run(LONG);

        assertThat(cluster.primaryRevision).isEqualTo("b");
        assertThat(cluster.told).contains("N Promotion completed! Scaling down podinfo.test");
        forget(cluster);
        cluster.image("c");
        cluster.run(LONG);
        assertNothingWasDone(cluster);
        assertThat(cluster.primaryRevision).isEqualTo("b");
    }

    @Test
    void aRunThatIsSupersededIsTakenBackForRealAndTheNewerOneTried() {
        var cluster = SimulatedCluster.initialized(Specs.linear());
        cluster.image("b");
        cluster.run(Duration.ofSeconds(15));
        assertThat(cluster.weight()).isPositive();
        cluster.edit(Specs.tried(Specs.linear(), true));

        cluster.image("c");
        cluster.run(LONG);

        assertThat(cluster.primaryRevision).isEqualTo("a");
        assertThat(cluster.weight()).isZero();
        assertThat(cluster.targetReplicas).isZero();
        assertThat(cluster.told)
                .containsSubsequence(
                        "W Rolling back podinfo.test: a dry run is asked for, and what comes next"
                                + " is only tried",
                        "W Canary failed! Scaling down podinfo.test",
                        "N Dry run: New revision detected! Scaling up podinfo.test",
                        "N Dry run: Promotion completed! Scaling down podinfo.test");
        assertThat(cluster.last("RolledBack").tried()).isFalse();
        assertThat(cluster.last("Promoted").tried()).isTrue();
        assertThat(cluster.last("Promoted").revision()).isEqualTo("c");
    }

    @Test
    void aRunThatIsToStartOverIsTakenBackForRealAndTriedAnew() {
        var cluster = SimulatedCluster.initialized(Specs.linear());
        cluster.image("b");
        cluster.run(Duration.ofSeconds(15));
        cluster.edit(Specs.tried(Specs.linear(), true));

        cluster.annotate(false, true);
        cluster.run(LONG);

        assertThat(cluster.primaryRevision).isEqualTo("a");
        assertThat(cluster.last("RolledBack").tried()).isFalse();
        assertThat(cluster.last("Promoted").tried()).isTrue();
    }

    @Test
    void aRunWhoseGateIsClosedIsTriedFromThereOn() {
        var spec = Specs.linear(Specs.hook("gate", HookType.CONFIRM_ROLLOUT));
        var cluster = SimulatedCluster.initialized(spec);
        cluster.hooks = (_, _) -> false;
        cluster.image("b");
        cluster.run(Duration.ofSeconds(15));
        assertThat(cluster.rollout.stage().awaited()).isInstanceOf(Awaited.OpenGate.class);
        forget(cluster);

        cluster.edit(Specs.tried(spec, true));
        cluster.hooks = (_, _) -> true;
        cluster.run(LONG);

        assertNothingWasDone(cluster);
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
        assertThat(cluster.primaryRevision).isEqualTo("a");
    }

    /** The router may have started them, and its answer be on its way: nobody meets them. */
    @Test
    void podsThatWereAskedForWhenADryRunBeginsHaveNoTrafficAndGoWithTheNextRelease() {
        // Given
        var cluster = SimulatedCluster.initialized(Specs.linear());
        cluster.image("b");
        for (int i = 0; i < 1_000 && !isScaledUp(cluster); i++) {
            cluster.run(Duration.ofMillis(10));
        }
        assertThat(isScaledUp(cluster)).isTrue();
        forget(cluster);
        // When
        cluster.edit(Specs.tried(Specs.linear(), true));
        cluster.run(LONG);
        // Then
        assertThat(cluster.routes).isEmpty();
        assertThat(cluster.weight()).isZero();
        assertThat(cluster.targetReplicas).as("the router had begun").isPositive();
        assertThat(cluster.last("Promoted").tried()).isTrue();
        // When
        cluster.edit(Specs.linear());
        cluster.run(LONG);
        // Then
        assertThat(cluster.last("Promoted").tried()).isFalse();
        assertThat(cluster.primaryRevision).isEqualTo("b");
        assertThat(cluster.targetReplicas).isZero();
    }

    private static boolean isScaledUp(SimulatedCluster cluster) {
        return cluster.rollout.stage().question() instanceof Question.ScaleUp;
    }

    @Test
    void theNextRevisionIsTriedAsSoonAsARealPromotionEnds() {
        var cluster = SimulatedCluster.initialized(Specs.linear());
        cluster.image("b");
        cluster.run(Duration.ofSeconds(15));
        cluster.edit(Specs.tried(Specs.linear(), true));
        for (int i = 0; i < 600 && !cluster.rollout.promoting(); i++) {
            cluster.run(Duration.ofSeconds(1));
        }
        assertThat(cluster.rollout.promoting()).isTrue();

        cluster.image("c");
        cluster.run(LONG);

        assertThat(cluster.primaryRevision).isEqualTo("b");
        var promoted = cluster.history.stream().filter(it -> it.type().equals("Promoted")).toList();
        assertThat(promoted)
                .extracting(Effect.Happened::revision, Effect.Happened::tried)
                .containsExactly(tuple("b", false), tuple("c", true));
    }

    @Test
    void aFirstPrimaryThatIsWaitedForIsTakenToServe() {
        var cluster = new SimulatedCluster(Specs.linear());
        cluster.neverReady.add("primary-a");
        cluster.create();
        cluster.run(Duration.ofSeconds(5));
        forget(cluster);

        cluster.edit(Specs.tried(Specs.linear(), true));
        cluster.neverReady.clear();
        cluster.image("b");
        cluster.run(LONG);

        assertNothingWasDone(cluster);
        assertThat(cluster.primaryRevision).isEqualTo("a");
    }

    @Test
    void aFailedRunThatIsRetriedIsTried() {
        var cluster = SimulatedCluster.initialized(Specs.linear());
        cluster.metrics = (_, _) -> 10.0;
        cluster.image("b");
        cluster.run(LONG);
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.FAILED);
        forget(cluster);
        cluster.metrics = (_, _) -> 100.0;

        cluster.edit(Specs.tried(Specs.linear(), true));
        cluster.ask(RolloutEvent.Action.RETRY);
        cluster.run(LONG);

        assertNothingWasDone(cluster);
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
        assertThat(cluster.primaryRevision).isEqualTo("a");
    }

    private static void forget(SimulatedCluster cluster) {
        cluster.told.clear();
        cluster.routes.clear();
        cluster.history.clear();
        cluster.chats.clear();
        cluster.calls.clear();
    }

    @Test
    void oneOfFlaggersIsTriedFromWhereItIs() {
        var cluster = new SimulatedCluster(Specs.tried(Specs.linear(), true));
        cluster.found(
                new Prior(Phase.SUCCEEDED, Weight.NONE, 0, 0, "6544", "6544", null, 0, 0, 0),
                "a",
                0);
        cluster.run(Duration.ofSeconds(5));
        assertThat(cluster.told).isEmpty();

        cluster.image("b");
        cluster.run(LONG);

        assertNothingWasDone(cluster);
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
    }

    @Test
    void oneThatIsOursIsRestoredWhenItIsDeleted() {
        var cluster = SimulatedCluster.initialized(Specs.linear());
        cluster.edit(Specs.tried(Specs.linear(), true));
        cluster.image("b");
        cluster.run(Duration.ofSeconds(15));

        cluster.delete();
        cluster.run(LONG);

        assertThat(cluster.routes)
                .extracting(Effect.Route::action)
                .containsExactly(Effect.RouteAction.RESTORE);
        assertThat(cluster.rollout.gone()).isTrue();
    }

    @Test
    void oneWithABaselineComesToItsEnd() {
        var cluster =
                tried(
                        Specs.withBaseline(
                                Specs.with(
                                        Specs.strategy(
                                                0, 0, List.of(10, 30), 30, 0, 0, false, false),
                                        2,
                                        false,
                                        false),
                                true));

        cluster.image("b");
        cluster.run(LONG);

        assertNothingWasDone(cluster);
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
    }
}
