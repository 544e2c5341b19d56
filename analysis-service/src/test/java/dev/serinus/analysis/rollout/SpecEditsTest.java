package dev.serinus.analysis.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.schemas.canary.Weight;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.function.Predicate;

/** What edits of thresholds mean for a run. */
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
}
