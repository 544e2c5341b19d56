package dev.serinus.analysis.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.analysis.rollout.RolloutEvent.Prior;
import dev.serinus.schemas.canary.Weight;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What begins and goes on with the ConfigMaps and Secrets that a target's pods read. */
class ConfigsTest {

    private static final Duration LONG = Duration.ofMinutes(10);

    private static SimulatedCluster initialized(String content) {
        var cluster = new SimulatedCluster(Specs.linear());
        cluster.config(content);
        cluster.create();
        cluster.run(LONG);
        cluster.told.clear();
        cluster.history.clear();
        cluster.routes.clear();
        return cluster;
    }

    private static Map<String, String> settings(String content) {
        return Map.of("configmap/settings", content);
    }

    private static void assertUntouched(SimulatedCluster cluster) {
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.INITIALIZED);
        assertThat(cluster.routes).isEmpty();
    }

    @Test
    void anEditIsReleased() {
        var cluster = initialized("1");

        cluster.config("2");
        cluster.run(LONG);

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
        assertThat(cluster.rollout.revisions().promotedConfigs()).isEqualTo(settings("2"));
    }

    @Test
    void trackingThatIsSwitchedOffAndOnStartsNoRun() {
        var cluster = initialized("1");

        cluster.config(null);
        cluster.run(LONG);
        cluster.config("1");
        cluster.run(LONG);

        assertUntouched(cluster);
    }

    @Test
    void whatWasEditedWhileNobodyTrackedIsReleasedOnceSomebodyDoes() {
        var cluster = initialized("1");
        cluster.config(null);
        cluster.run(LONG);

        cluster.config("2");
        cluster.run(LONG);

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
    }

    @Test
    void whatIsKnownFirstIsWhatTheNextEditIsComparedWith() {
        var cluster = SimulatedCluster.initialized(Specs.linear());

        cluster.config("1");
        cluster.run(LONG);
        assertUntouched(cluster);
        assertThat(cluster.rollout.revisions().configs()).isEqualTo(settings("1"));
        assertThat(cluster.rollout.revisions().promotedConfigs()).isEqualTo(settings("1"));

        cluster.config("2");
        cluster.run(LONG);
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
    }

    @Test
    void ofAFailureNobodyKnowsWhatWasPromotedBefore() {
        var cluster = SimulatedCluster.initialized(Specs.linear());
        cluster.metrics = (_, _) -> 10.0;
        cluster.image("b");
        cluster.run(LONG);
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.FAILED);

        cluster.config("1");
        cluster.run(LONG);

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.FAILED);
        assertThat(cluster.rollout.revisions().configs()).isEqualTo(settings("1"));
        assertThat(cluster.rollout.revisions().promotedConfigs()).isNull();
    }

    @Test
    void inARunTrackingThatIsSwitchedOnOrOffBeginsNothingAnew() {
        for (var order : List.of(List.of("off", "on"), List.of("on", "off"))) {
            var cluster =
                    order.getFirst().equals("off")
                            ? initialized("1")
                            : SimulatedCluster.initialized(Specs.linear());
            cluster.image("b");
            cluster.run(Duration.ofSeconds(12));
            assertThat(cluster.weight()).isPositive();

            for (String way : order) {
                cluster.config(way.equals("on") ? "1" : null);
                cluster.run(Duration.ofSeconds(1));
            }
            cluster.run(LONG);

            assertThat(cluster.happened("Restarted")).as("%s", order).isEmpty();
            assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
        }
    }

    @Test
    void whatARunKnowsFirstIsWhatAnEditIsComparedWith() {
        var cluster = SimulatedCluster.initialized(Specs.linear());
        cluster.image("b");
        cluster.run(Duration.ofSeconds(12));
        cluster.config("1");
        cluster.run(Duration.ofSeconds(1));

        cluster.config("2");
        cluster.run(LONG);

        assertThat(cluster.happened("Restarted")).hasSize(1);
        assertThat(cluster.rollout.revisions().promotedConfigs()).isEqualTo(settings("2"));
    }

    private static void assertAnalysedWithWhatIsPromoted(SimulatedCluster cluster, String content) {
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
        assertThat(cluster.promotedConfigs).isEqualTo(settings(content));
        assertThat(cluster.promotedPodConfigs).as("the pods'").isEqualTo(settings(content));
        assertThat(cluster.rollout.revisions().promotedConfigs()).isEqualTo(settings(content));
    }

    private static long scaled(SimulatedCluster cluster, boolean up) {
        return cluster.routes.stream()
                .filter(route -> route.action() == Effect.RouteAction.SCALE)
                .filter(route -> route.targetRunning() == up)
                .count();
    }

    @Test
    void inARunPodsBeginAnewWithTheEditOnceTheyHaveNoTraffic() {
        var cluster = initialized("1");
        cluster.image("b");
        cluster.run(Duration.ofSeconds(12));
        assertThat(cluster.weight()).isPositive();

        cluster.config("2");
        cluster.run(LONG);

        assertThat(cluster.happened("Restarted")).hasSize(1);
        assertAnalysedWithWhatIsPromoted(cluster, "2");
        assertThat(scaled(cluster, false))
                .as("before the run begins anew, and at its end")
                .isEqualTo(2);
    }

    @Test
    void atRestPodsThatOthersStartedBeginAnewAsWell() {
        var cluster = initialized("1");
        cluster.targetReplicas = 2;
        cluster.targetServes(true);
        cluster.run(LONG);
        assertUntouched(cluster);

        cluster.config("2");
        cluster.run(LONG);

        assertAnalysedWithWhatIsPromoted(cluster, "2");
    }

    @Test
    void whereThereAreNoPodsNoneAreTakenAwayFirst() {
        var cluster = initialized("1");

        cluster.config("2");
        cluster.run(LONG);

        assertAnalysedWithWhatIsPromoted(cluster, "2");
        assertThat(scaled(cluster, true)).isEqualTo(1);
        assertThat(scaled(cluster, false)).as("at the end").isEqualTo(1);
    }

    @Test
    void editsWhilePodsGoAndBeginAreAnalysedToo() {
        for (int millis = 0; millis <= 12_000; millis += 150) {
            var cluster = initialized("1");
            cluster.image("b");
            cluster.run(Duration.ofSeconds(12));
            cluster.config("2");
            cluster.run(Duration.ofMillis(millis));

            cluster.config("3");
            cluster.run(LONG);

            assertAnalysedWithWhatIsPromoted(cluster, "3");
        }
    }

    @Test
    void aResetWhilePodsGoAndBeginForgetsNoEdit() {
        for (int millis = 0; millis <= 6_000; millis += 50) {
            var cluster = initialized("1");
            cluster.image("b");
            cluster.run(Duration.ofSeconds(12));
            cluster.config("2");
            cluster.run(Duration.ofMillis(millis));

            cluster.annotate(false, true);
            cluster.run(LONG);

            assertAnalysedWithWhatIsPromoted(cluster, "2");
        }
    }

    /** The content of another config that pods read where it is there. */
    private static void optional(SimulatedCluster cluster, String settings, String content) {
        cluster.configs = Map.of("configmap/settings", settings, "configmap/optional", content);
        cluster.seeTarget();
    }

    private static void assertAnalysedWithTheOptional(SimulatedCluster cluster, String content) {
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
        assertThat(cluster.promotedConfigs).containsEntry("configmap/optional", content);
        assertThat(cluster.promotedPodConfigs).as("the pods'").isEqualTo(cluster.promotedConfigs);
    }

    @Test
    void podsThatBeganWithoutAnOptionalConfigBeginAnewOnceItIsThere() {
        var cluster = initialized("1");
        cluster.image("b");
        cluster.run(Duration.ofSeconds(12));

        optional(cluster, "1", "1");
        cluster.run(LONG);

        assertAnalysedWithTheOptional(cluster, "1");
    }

    @Test
    void anOptionalConfigThatAppearsForgetsNoEdit() {
        for (int millis = 0; millis <= 12_000; millis += 150) {
            var cluster = initialized("1");
            cluster.image("b");
            cluster.run(Duration.ofSeconds(12));
            cluster.config("2");
            cluster.run(Duration.ofMillis(millis));

            optional(cluster, "2", "1");
            cluster.run(LONG);

            assertAnalysedWithTheOptional(cluster, "1");
        }
    }

    @Test
    void atRestPodsThatBeganWithoutAnOptionalConfigBeginAnewAsWell() {
        var cluster = initialized("1");
        cluster.targetReplicas = 2;
        cluster.targetServes(true);
        cluster.run(LONG);

        optional(cluster, "1", "1");
        cluster.run(LONG);

        assertAnalysedWithTheOptional(cluster, "1");
    }

    @Test
    void ofAConfigThatAnotherRevisionBringsNoPodsGo() {
        var cluster = initialized("1");
        cluster.image("b");
        cluster.run(Duration.ofSeconds(12));

        cluster.configs = Map.of("configmap/settings", "1", "configmap/another", "1");
        cluster.image("c");
        cluster.run(LONG);

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
        assertThat(scaled(cluster, false)).as("at the end").isEqualTo(1);
    }

    /** People are to decide about pods that began with "1" and do not go. */
    private static SimulatedCluster heldWithPodsThatStay() {
        var cluster = new SimulatedCluster(Specs.holding(Specs.linear(), Duration.ofHours(1)));
        cluster.config("1");
        cluster.create();
        cluster.run(LONG);
        cluster.image("b");
        cluster.run(Duration.ofSeconds(12));
        cluster.podsAreKept = true;
        cluster.config("2");
        cluster.run(Duration.ofMinutes(30));
        assertThat(cluster.happened("HeldAfterFailure")).hasSize(1);
        return cluster;
    }

    @Test
    void aRetryOfPodsThatDidNotGoForgetsNoEdit() {
        var cluster = heldWithPodsThatStay();

        cluster.podsAreKept = false;
        cluster.ask(RolloutEvent.Action.RETRY);
        cluster.run(LONG);

        assertAnalysedWithWhatIsPromoted(cluster, "2");
    }

    @Test
    void resumedPodsThatDidNotGoAreTakenAwayBeforeItGoesOn() {
        var cluster = heldWithPodsThatStay();

        cluster.podsAreKept = false;
        cluster.ask(RolloutEvent.Action.RESUME);
        cluster.run(LONG);

        assertAnalysedWithWhatIsPromoted(cluster, "2");
    }

    @Test
    void resumedWhilePodsStayItIsHeldAgain() {
        var cluster = heldWithPodsThatStay();

        cluster.ask(RolloutEvent.Action.RESUME);
        cluster.run(Duration.ofMinutes(30));

        assertThat(cluster.happened("HeldAfterFailure")).hasSize(2);
        assertThat(cluster.weight()).isZero();
        assertThat(cluster.promotedPodConfigs).isNull();
    }

    @Test
    void anAnalysisThatNobodyWantsAnyMoreEndsWithPodsOfTheEditAsWell() {
        var cluster = heldWithPodsThatStay();

        cluster.podsAreKept = false;
        cluster.annotate(true, false);
        cluster.run(LONG);

        assertAnalysedWithWhatIsPromoted(cluster, "2");
    }

    @Test
    void anotherRevisionWhilePodsGoIsStarted() {
        for (int millis = 0; millis <= 12_000; millis += 150) {
            var cluster = initialized("1");
            cluster.image("b");
            cluster.run(Duration.ofSeconds(12));
            cluster.config("2");
            cluster.run(Duration.ofMillis(millis));

            cluster.configs = Map.of("configmap/others", "1");
            cluster.image("c");
            cluster.run(LONG);

            assertThat(cluster.rollout.phase()).as("%d ms", millis).isEqualTo(Phase.SUCCEEDED);
            assertThat(cluster.primaryRevision).isEqualTo("c");
        }
    }

    private static void untilPodsAreAskedFor(SimulatedCluster cluster) {
        for (int i = 0; i < 1_000; i++) {
            if (cluster.rollout.stage().question() instanceof Question.ScaleUp) {
                return;
            }
            cluster.run(Duration.ofMillis(10));
        }
        throw new AssertionError("at " + cluster.rollout.stage());
    }

    /** Pods that were asked for are seen before the router says that it started them. */
    private static void podsAreSeen(SimulatedCluster cluster, String content) {
        cluster.targetReplicas = 2;
        cluster.targetServes = true;
        cluster.configs = settings(content);
        cluster.podConfigs = cluster.configs;
        var target = cluster.target();
        cluster.inject(at -> new RolloutEvent.TargetSeen(at, SimulatedCluster.UID, target));
    }

    /** What pods begin with was noted when they had been started, and is now when they are to. */
    @Test
    void podsThatAReleaseBeforeAskedForAreNotWaitedForToGo() {
        var cluster = initialized("1");
        cluster.config("2");
        untilPodsAreAskedFor(cluster);
        cluster.rollout =
                cluster.rollout.with(cluster.rollout.revisions().begunWith(settings("1")));

        podsAreSeen(cluster, "2");
        cluster.run(LONG);

        assertAnalysedWithWhatIsPromoted(cluster, "2");
    }

    @Test
    void anEditThatIsSeenAfterThePromotionWasAskedForIsNotPromotedUnread() {
        boolean refused = false;
        for (int millis = 12_000; millis <= 40_000; millis += 50) {
            var cluster = initialized("1");
            cluster.image("b");
            cluster.run(Duration.ofMillis(millis));
            cluster.configs = settings("2");
            cluster.run(Duration.ofSeconds(3));
            assertThat(cluster.promotedConfigs)
                    .as("%d ms", millis)
                    .isEqualTo(cluster.promotedPodConfigs);

            cluster.seeTarget();
            cluster.run(LONG);

            assertAnalysedWithWhatIsPromoted(cluster, "2");
            refused |= cluster.told.contains("W changed");
        }
        assertThat(refused).as("asked for between edit and its being seen").isTrue();
    }

    @Test
    void withThePromotionGoesWhatTheRunIsAbout() {
        var cluster = initialized("1");
        cluster.config("2");
        cluster.run(LONG);

        assertThat(cluster.routes)
                .filteredOn(route -> route.action() == Effect.RouteAction.PROMOTE)
                .extracting(Effect.Route::configs)
                .containsExactly(settings("2"));
        assertThat(cluster.routes)
                .filteredOn(route -> route.action() != Effect.RouteAction.PROMOTE)
                .extracting(Effect.Route::configs)
                .containsOnlyNulls();
    }

    @Test
    void takenBackInMidRunTheEditIsWithdrawn() {
        var cluster = initialized("1");
        cluster.config("2");
        cluster.run(Duration.ofSeconds(12));

        cluster.config("1");
        cluster.run(LONG);

        assertThat(cluster.happened("Withdrawn")).hasSize(1);
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
    }

    /** As GitOps does with a number of replicas in the manifest. */
    @Test
    void podsThatOthersStartOnceAllAreGoneBeganWithTheEdit() {
        var cluster = initialized("1");
        cluster.image("b");
        cluster.run(Duration.ofSeconds(12));
        cluster.othersBegin = true;

        cluster.config("2");
        cluster.run(LONG);

        assertThat(cluster.othersBegin).isFalse();
        assertAnalysedWithWhatIsPromoted(cluster, "2");
    }

    /** Its Deployment shows none until the controller has said so. */
    @Test
    void podsThatWereJustWantedAreThereAndBeganWithWhatWasBeforeTheEdit() {
        for (int millis = 0; millis <= 4_000; millis += 20) {
            var cluster = initialized("1");
            cluster.image("b");
            cluster.run(Duration.ofMillis(millis));

            cluster.config("2");
            cluster.run(LONG);

            assertAnalysedWithWhatIsPromoted(cluster, "2");
        }
    }

    /** The router's answer comes by another topic than what the watcher sees. */
    @Test
    void whatWasSeenBeforeTheTargetWasScaledDownIsNoEvidenceThatItsPodsAreGone() {
        // Given
        var cluster = initialized("1");
        cluster.image("b");
        cluster.run(Duration.ofSeconds(12));
        cluster.config("2");
        untilPodsAreToGo(cluster);
        // When
        var before = shown(cluster, withoutPods(target(cluster), target(cluster).step()));
        // Then
        assertThat(before.stage().awaited()).isInstanceOf(Awaited.ReadyCanary.class);
        // When: they are gone, and others are wanted by then
        var after = shown(cluster, withoutPods(target(cluster), target(cluster).step() + 1));
        // Then
        assertThat(after.stage().question()).isEqualTo(Question.ScaleUp.UP);
    }

    private static void untilPodsAreToGo(SimulatedCluster cluster) {
        for (int i = 0; i < 1_000; i++) {
            if (cluster.rollout.stage().awaited() instanceof Awaited.ReadyCanary
                    && PodConfigs.areOutdated(cluster.rollout)) {
                return;
            }
            cluster.run(Duration.ofMillis(10));
        }
        throw new AssertionError("at " + cluster.rollout.stage());
    }

    private static Workload target(SimulatedCluster cluster) {
        return Objects.requireNonNull(cluster.rollout.target());
    }

    /** Two are wanted, and its controller has said none yet. */
    private static Workload withoutPods(Workload like, long step) {
        return new Workload(
                true,
                like.revision(),
                like.configs(),
                List.of(),
                2,
                0,
                0,
                false,
                false,
                "pods begin",
                like.run(),
                step);
    }

    private static Rollout shown(SimulatedCluster cluster, Workload target) {
        var seen = new RolloutEvent.TargetSeen(cluster.now, SimulatedCluster.UID, target);
        return RolloutMachine.next(cluster.rollout, seen).state();
    }

    @Test
    void podsThatDoNotGoEndTheRun() {
        var cluster = initialized("1");
        cluster.image("b");
        cluster.run(Duration.ofSeconds(12));
        cluster.podsAreKept = true;

        cluster.config("2");
        cluster.run(Duration.ofMinutes(30));

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.FAILED);
        assertThat(cluster.promotedPodConfigs).isNull();
        assertThat(cluster.told)
                .contains(
                        "W Rolling back podinfo.test progress deadline exceeded pods of"
                                + " podinfo.test that began with earlier configs do not go");
    }

    @Test
    void whatWasEditedWhileTheStoreWasLostBeginsTheRunAnew() {
        var cluster = new SimulatedCluster(Specs.linear());
        cluster.config("2");
        cluster.found(
                new Prior(
                        Phase.PROGRESSING,
                        Weight.percent(20),
                        0,
                        0,
                        "a",
                        "old",
                        settings("1"),
                        4,
                        17,
                        9),
                "old",
                20);

        cluster.run(LONG);

        assertThat(cluster.happened("Restarted")).hasSize(1);
        assertThat(cluster.rollout.revisions().promotedConfigs()).isEqualTo(settings("2"));
    }
}
