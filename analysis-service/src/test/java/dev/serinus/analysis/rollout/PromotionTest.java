package dev.serinus.analysis.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.analysis.rollout.Effect.RouteAction;
import dev.serinus.analysis.rollout.RolloutEvent.PrimarySeen;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;

/** When a primary counts as promoted: by what is seen of it, and never before. */
class PromotionTest {

    private static final Duration LONG = Duration.ofMinutes(10);
    private static final Duration MOMENT = Duration.ofSeconds(1);

    /** The primary's pods never serve what is promoted; the canary has its last share. */
    private static SimulatedCluster promoting() {
        var cluster = SimulatedCluster.initialized(Specs.linear());
        cluster.neverReady.add("primary-b");
        cluster.image("b");
        until(cluster, r -> r.stage().awaited() instanceof Awaited.PromotedPrimary);
        cluster.run(MOMENT);
        cluster.routes.clear();
        assertThat(cluster.weight()).isPositive();
        return cluster;
    }

    private static void until(SimulatedCluster cluster, Predicate<Rollout> so) {
        for (int i = 0; i < 10_000; i++) {
            if (so.test(cluster.rollout)) {
                return;
            }
            cluster.run(Duration.ofMillis(10));
        }
        throw new AssertionError("at " + cluster.rollout.stage());
    }

    private record Seen(String revision, int available, boolean ready, boolean stuck) {}

    private static void see(SimulatedCluster cluster, Seen seen) {
        var primary =
                new Workload(
                        true,
                        seen.revision(),
                        null,
                        List.of(),
                        2,
                        2,
                        seen.available(),
                        seen.ready(),
                        seen.stuck(),
                        seen.ready() ? "" : "waiting for its pods",
                        1,
                        cluster.lastStep);
        cluster.inject(at -> new PrimarySeen(at, SimulatedCluster.UID, primary));
        cluster.run(MOMENT);
    }

    private static List<RouteAction> asked(SimulatedCluster cluster) {
        return cluster.routes.stream().map(Effect.Route::action).toList();
    }

    @Test
    void aPrimaryThatIsSeenAsItWasBeforeGetsNoTrafficOfTheNewOne() {
        var cluster = promoting();

        see(cluster, new Seen("a", 2, true, false));

        assertThat(asked(cluster)).isEmpty();
        assertThat(cluster.rollout.stage().awaited()).isInstanceOf(Awaited.PromotedPrimary.class);
    }

    @Test
    void aPrimaryThatServesWithSomeOfItsPodsIsWaitedFor() {
        var cluster = promoting();

        see(cluster, new Seen("b", 1, false, false));
        cluster.run(Duration.ofSeconds(20));
        see(cluster, new Seen("b", 1, false, false));

        assertThat(asked(cluster)).isEmpty();
        assertThat(cluster.told)
                .anyMatch(it -> it.startsWith("W ") && it.contains("waiting for its pods"));
    }

    @Test
    void aPrimaryThatServesWhatIsPromotedGetsTheTraffic() {
        var cluster = promoting();

        see(cluster, new Seen("b", 2, true, false));

        assertThat(asked(cluster)).startsWith(RouteAction.SHIFT);
        assertThat(cluster.weight()).isZero();
    }

    @Test
    void aPrimaryThatGaveUpEndsThePromotionAndTrafficStays() {
        var cluster = promoting();
        int weight = cluster.weight();

        see(cluster, new Seen("b", 1, false, true));

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.FAILED);
        assertThat(cluster.happened("PromotionFailed")).hasSize(1);
        assertThat(cluster.weight()).isEqualTo(weight);
    }

    @Test
    void whatThePrimaryOfBeforeGaveUpEndsNoPromotionNorIsItTold() {
        var cluster = promoting();
        cluster.told.clear();

        see(cluster, new Seen("a", 1, false, true));

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.PROMOTING);
        assertThat(cluster.told).isEmpty();
    }

    /** How long pods take, beside a deadline of a minute. */
    private static Spec hasty() {
        return withDeadline(Specs.linear(), Duration.ofMinutes(1));
    }

    private static Spec withDeadline(Spec spec, Duration deadline) {
        return SpecBuilder.of(spec).progressDeadline(deadline).build();
    }

    @Test
    void aPrimaryThatGetsReadyPodByPodIsPromotedHoweverLongAllOfThemTake() {
        var cluster = new SimulatedCluster(hasty());
        cluster.podByPod = Duration.ofSeconds(50);
        cluster.create();
        cluster.run(LONG);
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.INITIALIZED);
        assertThat(cluster.happened("InitializationFailed")).isEmpty();

        cluster.image("b");
        cluster.run(Duration.ofMinutes(20));

        assertThat(cluster.happened("PromotionFailed")).isEmpty();
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
        assertThat(cluster.targetReplicas).isZero();
    }

    @Test
    void aPrimaryWhosePodsComeAndGoMakesNoProgressAndFailsInTime() {
        var cluster = SimulatedCluster.initialized(hasty());
        cluster.neverReady.add("primary-b");
        cluster.image("b");
        until(cluster, r -> r.stage().awaited() instanceof Awaited.PromotedPrimary);

        for (int i = 0; i < 12; i++) {
            see(cluster, new Seen("b", i % 2, false, false));
            cluster.run(Duration.ofSeconds(9));
        }

        assertThat(cluster.happened("PromotionFailed")).hasSize(1);
    }

    @Test
    void aPrimaryThatWantsMorePodsThanThereIsRoomForIsPromotedAllTheSame() {
        var cluster = drained();

        // Its autoscaler asks for one more.
        see(cluster, new Seen("b", 1, false, false));
        cluster.run(Duration.ofSeconds(20));
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.FINALISING);
        cluster.run(LONG);

        assertThat(cluster.happened("PromotionFailed")).isEmpty();
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
        assertThat(cluster.told).anyMatch(it -> it.contains("the promotion is complete"));
        assertThat(cluster.targetReplicas).isZero();
    }

    /** All traffic is at the primary, and the canary is about to go. */
    private static SimulatedCluster drained() {
        var cluster = SimulatedCluster.initialized(Specs.linear());
        cluster.image("b");
        until(cluster, r -> r.stage().awaited() instanceof Awaited.Drained);
        cluster.routes.clear();
        assertThat(cluster.weight()).isZero();
        return cluster;
    }

    @Test
    void theCanaryStaysWhileThePrimaryRunsSomethingElse() {
        var cluster = drained();

        see(cluster, new Seen("somebody's", 2, true, false));
        cluster.run(Duration.ofSeconds(20));

        assertThat(asked(cluster)).isEmpty();
        assertThat(cluster.targetReplicas).isPositive();
        cluster.run(LONG);
        assertThat(cluster.happened("PromotionFailed")).hasSize(1);
        assertThat(cluster.targetReplicas).isPositive();
    }

    @Test
    void theCanaryStaysWhileThePrimaryIsNotReadyWithAllOfItsPods() {
        var cluster = drained();

        see(cluster, new Seen("b", 1, false, false));
        cluster.run(Duration.ofSeconds(20));

        assertThat(asked(cluster)).isEmpty();
        see(cluster, new Seen("b", 2, true, false));
        cluster.run(LONG);
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
        assertThat(cluster.targetReplicas).isZero();
    }

    @Test
    void theCanaryGoesFromBesideAPrimaryOfWhichNobodySaysWhatItRuns() {
        var cluster = drained();

        see(cluster, new Seen("", 2, true, false));
        cluster.run(LONG);

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
    }

    @Test
    void whatIsWithdrawnIsTakenBackAllTheSameWhenThePrimaryWasLost() {
        var cluster = SimulatedCluster.initialized(Specs.linear());
        cluster.image("b");
        until(cluster, r -> r.traffic().canaryWeight().isAny());
        cluster.image("a");
        until(cluster, r -> r.run().withdrawn());
        cluster.primaryServes(false);
        cluster.run(LONG);

        assertThat(cluster.happened("Promoted")).isEmpty();
        assertThat(cluster.happened("PromotionFailed")).isEmpty();
        cluster.primaryServes(true);
        cluster.run(LONG);
        assertThat(cluster.weight()).isZero();
        assertThat(cluster.rollout.phase().rests()).isTrue();
    }
}
