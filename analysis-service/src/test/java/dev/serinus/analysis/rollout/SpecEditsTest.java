package dev.serinus.analysis.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.analysis.rollout.plan.Strategy;
import dev.serinus.schemas.canary.Weight;
import dev.serinus.schemas.hook.HookType;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.function.Predicate;

/** What edits of thresholds and intervals mean for a run. */
class SpecEditsTest {

    private static final Duration LONG = Duration.ofMinutes(30);

    private static void until(SimulatedCluster cluster, Predicate<Rollout> so) {
        for (int i = 0; i < 100_000 && !so.test(cluster.rollout); i++) {
            cluster.run(Duration.ofMillis(100));
        }
        assertThat(so.test(cluster.rollout)).as("%s", cluster.rollout.stage()).isTrue();
    }

    private static Spec threshold(int threshold) {
        return Specs.with(Specs.LINEAR, threshold, false, false);
    }

    private static Spec paced(Strategy strategy, Duration interval, Spec.Hook... hooks) {
        var spec = Specs.with(strategy, 3, false, false, hooks);
        return SpecBuilder.of(spec).interval(interval).build();
    }

    // ---- the threshold

    @Test
    void aThresholdThatIsLoweredToWhatHasFailedTakesTheReleaseBack() {
        var cluster = SimulatedCluster.initialized(threshold(10));
        cluster.metrics = (_, revision) -> revision.equals("b") ? 50.0 : 100.0;
        cluster.image("b");
        until(cluster, r -> r.traffic().failedChecks() == 3);

        cluster.metrics = (_, _) -> 100.0;
        cluster.edit(threshold(3));
        cluster.run(Duration.ofSeconds(11));

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.FAILED);
        assertThat(cluster.told).anyMatch(it -> it.contains("failed checks threshold reached 3"));
    }

    @Test
    void aThresholdThatIsNotReachedLetsItGoOn() {
        var cluster = SimulatedCluster.initialized(threshold(10));
        cluster.metrics = (_, revision) -> revision.equals("b") ? 50.0 : 100.0;
        cluster.image("b");
        until(cluster, r -> r.traffic().failedChecks() == 3);

        cluster.metrics = (_, _) -> 100.0;
        cluster.edit(threshold(4));
        cluster.run(LONG);

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
    }

    @Test
    void whatFlaggerWasToTakeBackNextIsTakenBackWhenItIsTakenOver() {
        var cluster = new SimulatedCluster(threshold(2));
        cluster.targetRevision = "b";
        cluster.found(
                new RolloutEvent.Prior(
                        Phase.PROGRESSING,
                        Weight.percent(20),
                        2,
                        0,
                        "6544dc6d99",
                        "7dbb6b5c5d",
                        null,
                        0,
                        0,
                        0),
                "a",
                20);

        cluster.run(Duration.ofSeconds(5));

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.FAILED);
        assertThat(cluster.weight()).isZero();
    }

    // ---- the interval

    @Test
    void aShorterIntervalCountsFromTheOneThatHasBegun() {
        var cluster = SimulatedCluster.initialized(paced(Specs.LINEAR, Duration.ofHours(1)));
        cluster.image("b");
        until(cluster, r -> r.stage().awaited() instanceof Awaited.Interval);
        cluster.run(Duration.ofSeconds(30));
        int reached = cluster.rollout.run().reached();

        cluster.edit(paced(Specs.LINEAR, Duration.ofMinutes(1)));
        cluster.run(Duration.ofSeconds(29));
        assertThat(cluster.rollout.run().reached()).isEqualTo(reached);
        cluster.run(Duration.ofSeconds(3));

        assertThat(cluster.rollout.run().reached()).isEqualTo(reached + 1);
    }

    @Test
    void aShorterIntervalThatIsOverAlreadyCountsAtOnce() {
        var cluster = SimulatedCluster.initialized(paced(Specs.LINEAR, Duration.ofHours(1)));
        cluster.image("b");
        until(cluster, r -> r.stage().awaited() instanceof Awaited.Interval);
        cluster.run(Duration.ofMinutes(5));

        cluster.edit(paced(Specs.LINEAR, Duration.ofMinutes(1)));
        cluster.run(Duration.ofMinutes(10));

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
    }

    @Test
    void aClosedGateIsAskedAfterTheShorterInterval() {
        var gate = Specs.hook("end", HookType.CONFIRM_PROMOTION);
        var cluster =
                SimulatedCluster.initialized(paced(Specs.LINEAR, Duration.ofMinutes(5), gate));
        cluster.hooks = (_, _) -> false;
        cluster.image("b");
        until(cluster, r -> r.stage().awaited() instanceof Awaited.OpenGate);

        cluster.hooks = (_, _) -> true;
        cluster.edit(paced(Specs.LINEAR, Duration.ofSeconds(10), gate));
        cluster.run(Duration.ofSeconds(12));

        assertThat(cluster.rollout.stage().awaited()).isNotInstanceOf(Awaited.OpenGate.class);
    }
}
