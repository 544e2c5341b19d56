package dev.serinus.analysis.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.analysis.rollout.Effect.RouteAction;
import dev.serinus.schemas.canary.Weight;
import dev.serinus.schemas.hook.HookType;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;

/** What people ask for by annotations is done once, and the annotation is taken off. */
class RequestsTest {

    private static final Duration LONG = Duration.ofMinutes(10);

    private static List<String> weights(SimulatedCluster cluster) {
        return cluster.told.stream().filter(line -> line.contains("Advance")).toList();
    }

    private static void assertAnalysed(SimulatedCluster cluster, String revision) {
        cluster.told.clear();
        cluster.image(revision);
        cluster.run(LONG);
        assertThat(weights(cluster)).hasSize(3);
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
    }

    @Test
    void theRunThatGoesOnIsPromotedAtOnceAndTheNextIsAnalysed() {
        var cluster = SimulatedCluster.initialized(Specs.linear());
        cluster.metrics = (_, revision) -> revision.equals("b") ? 10.0 : 100.0;
        cluster.image("b");
        cluster.run(Duration.ofSeconds(12));
        assertThat(weights(cluster)).hasSize(1);

        cluster.annotate(true, false);
        cluster.run(Duration.ofSeconds(2));
        assertThat(cluster.told)
                .contains(
                        "N Analysis of podinfo.test skipped, as the annotation"
                                + " flagger.app/skip-analysis asks");
        cluster.run(LONG);

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
        assertThat(cluster.primaryRevision).isEqualTo("b");
        assertThat(weights(cluster)).hasSize(1);
        assertThat(cluster.skipAnalysis).as("the annotation").isFalse();
        assertAnalysed(cluster, "c");
    }

    @Test
    void whoTakesTheRequestBackWhileThePromotionIsAskedForGetsTheAnalysis() {
        var cluster =
                SimulatedCluster.initialized(
                        Specs.linear(
                                Specs.hook("more", HookType.CONFIRM_TRAFFIC_INCREASE),
                                Specs.hook("end", HookType.CONFIRM_PROMOTION)));
        cluster.hooks = (_, _) -> false;
        cluster.annotate(true, false);
        cluster.image("b");
        cluster.run(LONG);
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.WAITING_PROMOTION);

        cluster.skipAnalysis = false;
        cluster.annotate(false, false);
        cluster.hooks = (name, _) -> name.equals("end");
        cluster.run(LONG);

        assertThat(cluster.rollout.traffic().canaryWeight()).isEqualTo(Weight.NONE);
        assertThat(cluster.primaryRevision).isEqualTo("a");
    }

    @Test
    void askedForAtRestItIsTheNextRunThatIsNotAnalysed() {
        var cluster = SimulatedCluster.initialized(Specs.linear());
        cluster.annotate(true, false);
        cluster.run(LONG);
        assertThat(cluster.told).isEmpty();

        cluster.image("b");
        cluster.run(LONG);

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
        assertThat(weights(cluster)).isEmpty();
        assertThat(cluster.skipAnalysis).isFalse();
        assertAnalysed(cluster, "c");
    }

    @Test
    void aCanaryThatIsNotReadyIsNotPromotedForIt() {
        var cluster = SimulatedCluster.initialized(Specs.linear());
        cluster.neverReady.add("b");
        cluster.image("b");
        cluster.run(Duration.ofSeconds(12));

        cluster.annotate(true, false);
        cluster.run(LONG);

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.FAILED);
        assertThat(cluster.primaryRevision).isEqualTo("a");
        assertThat(cluster.skipAnalysis).as("it was asked for that run").isFalse();
        assertAnalysed(cluster, "c");
    }

    @Test
    void theGateOfThePromotionIsAskedAllTheSame() {
        var cluster =
                SimulatedCluster.initialized(
                        Specs.linear(Specs.hook("end", HookType.CONFIRM_PROMOTION)));
        cluster.hooks = (_, _) -> false;
        cluster.image("b");
        cluster.run(Duration.ofSeconds(12));

        cluster.annotate(true, false);
        cluster.run(LONG);

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.WAITING_PROMOTION);
        assertThat(cluster.primaryRevision).isEqualTo("a");
        cluster.hooks = (_, _) -> true;
        cluster.run(LONG);
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
        assertThat(cluster.skipAnalysis).isFalse();
    }

    @Test
    void aNewerRevisionIsAnalysedThoughTheOneBeforeWasNotToBe() {
        var cluster =
                SimulatedCluster.initialized(
                        Specs.linear(Specs.hook("end", HookType.CONFIRM_PROMOTION)));
        cluster.hooks = (_, _) -> false;
        cluster.image("b");
        cluster.run(Duration.ofSeconds(12));
        cluster.annotate(true, false);
        cluster.run(Duration.ofSeconds(30));

        cluster.hooks = (_, _) -> true;
        assertAnalysed(cluster, "c");
        assertThat(cluster.skipAnalysis).isFalse();
    }

    @Test
    void aFailedRevisionIsTriedAgain() {
        var cluster = SimulatedCluster.initialized(Specs.linear());
        cluster.metrics = (_, _) -> 10.0;
        cluster.image("b");
        cluster.run(LONG);
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.FAILED);
        cluster.metrics = (_, _) -> 100.0;

        cluster.annotate(false, true);
        cluster.run(LONG);

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
        assertThat(cluster.primaryRevision).isEqualTo("b");
        assertThat(cluster.reset).as("the annotation").isFalse();
    }

    @Test
    void aRunThatIsStuckStartsOver() {
        var cluster = SimulatedCluster.initialized(Specs.linear());
        cluster.image("b");
        cluster.run(Duration.ofSeconds(18));
        assertThat(weights(cluster)).hasSize(2);

        cluster.annotate(false, true);
        cluster.run(LONG);

        assertThat(weights(cluster))
                .containsExactly(
                        "N Advance podinfo.test canary weight 20",
                        "N Advance podinfo.test canary weight 40",
                        "N Advance podinfo.test canary weight 20",
                        "N Advance podinfo.test canary weight 40",
                        "N Advance podinfo.test canary weight 60");
        assertThat(cluster.told)
                .containsOnlyOnce(
                        "N Analysis of podinfo.test starts over, as the annotation"
                                + " flagger.app/reset asks");
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
        assertThat(cluster.reset).isFalse();
    }

    @Test
    void whereThereIsNothingToForgetOnlyTheAnnotationGoes() {
        var cluster = SimulatedCluster.initialized(Specs.linear());

        cluster.annotate(false, true);
        cluster.run(LONG);

        assertThat(cluster.reset).isFalse();
        assertThat(cluster.told).isEmpty();
        assertThat(cluster.statuses).isEmpty();
        assertThat(cluster.routes)
                .extracting(Effect.Route::action)
                .doesNotContain(RouteAction.SCALE, RouteAction.SHIFT, RouteAction.PROMOTE);
    }

    @Test
    void aFailedInitialisationIsTriedAgain() {
        var cluster = new SimulatedCluster(Specs.linear());
        cluster.neverReady.add("primary-a");
        cluster.create();
        cluster.run(Duration.ofHours(1));
        assertThat(cluster.rollout.shown()).isEqualTo(Phase.FAILED);
        int before = cluster.routes.size();

        cluster.annotate(false, true);
        cluster.run(Duration.ofSeconds(30));

        assertThat(cluster.reset).isFalse();
        assertThat(cluster.routes.subList(before, cluster.routes.size()))
                .extracting(Effect.Route::action)
                .containsExactly(RouteAction.INITIALIZE);
        assertThat(cluster.rollout.shown()).isEqualTo(Phase.INITIALIZING);
    }

    @Test
    void whatIsHeldDoesNotMove() {
        var cluster = SimulatedCluster.initialized(Specs.linear());
        cluster.image("b");
        cluster.run(Duration.ofSeconds(12));
        cluster.ask(RolloutEvent.Action.PAUSE);
        cluster.run(LONG);
        int seen = weights(cluster).size();

        cluster.annotate(true, true);
        cluster.run(LONG);

        assertThat(weights(cluster)).hasSize(seen);
        assertThat(cluster.primaryRevision).isEqualTo("a");
    }

    private static SimulatedCluster until(Spec spec, Class<? extends Question> asked) {
        var cluster = SimulatedCluster.initialized(spec);
        cluster.metrics = (_, _) -> 10.0;
        cluster.hooks = (_, _) -> false;
        cluster.image("b");
        for (int i = 0; i < 600 && !asked.isInstance(cluster.rollout.stage().question()); i++) {
            cluster.run(Duration.ofMillis(50));
        }
        assertThat(cluster.rollout.stage().question()).isInstanceOf(asked);
        return cluster;
    }

    private static void assertPromotedWithoutVerdict(SimulatedCluster cluster) {
        cluster.told.clear();
        cluster.run(LONG);
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
        assertThat(cluster.primaryRevision).isEqualTo("b");
        assertThat(cluster.happened("CheckFailed")).isEmpty();
    }

    @Test
    void whatMetricsSayOfAnAnalysisThatNobodyWantsAnyMoreIsNotJudged() {
        var byManifest = until(Specs.linear(), Question.Metrics.class);
        byManifest.edit(Specs.skipping(byManifest.spec));
        assertPromotedWithoutVerdict(byManifest);

        var byAnnotation = until(Specs.linear(), Question.Metrics.class);
        byAnnotation.annotate(true, false);
        assertPromotedWithoutVerdict(byAnnotation);
    }

    @Test
    void norIsWhatATestSays() {
        for (var type : List.of(HookType.PRE_ROLLOUT, HookType.ROLLOUT)) {
            var cluster = until(Specs.linear(Specs.hook("test", type)), Question.CallHook.class);
            cluster.edit(Specs.skipping(cluster.spec));
            assertPromotedWithoutVerdict(cluster);
        }
    }

    @Test
    void anIntervalIsNotWaitedForByAManifestThatSkipsIt() {
        var cluster = SimulatedCluster.initialized(Specs.linear());
        cluster.image("b");
        cluster.run(Duration.ofSeconds(12));
        assertThat(cluster.rollout.stage().awaited()).isInstanceOf(Awaited.Interval.class);

        cluster.edit(Specs.skipping(cluster.spec));
        cluster.run(Duration.ofSeconds(1));

        assertThat(cluster.rollout.stage().part()).isEqualTo(Part.PROMOTION);
    }
}
