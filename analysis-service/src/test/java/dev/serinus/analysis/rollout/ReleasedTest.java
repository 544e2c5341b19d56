package dev.serinus.analysis.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.analysis.rollout.RolloutEvent.TargetSeen;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.List;
import java.util.Objects;

/** What is known of what was promoted, in the words of all regions. */
class ReleasedTest {

    @Test
    void whatWasPromotedIsOfWhatItsTargetSaysOfItNow() {
        var cluster = SimulatedCluster.initialized(Specs.linear());
        var before = released(cluster.rollout);

        var after = seen(cluster.rollout, cluster.now, "commit-2");

        assertThat(released(after)).isEqualTo(new Released("commit-2", before.at(), null));
    }

    @Test
    void whereNobodySaidWhenItWasPromotedAnyKnownPromotionOfTheOtherIsLater() {
        var cluster = SimulatedCluster.initialized(WaveGateTest.afterFirst());
        var unknown = cluster.rollout.with(cluster.rollout.revisions().releasing(null));

        var adopted = seen(unknown, cluster.now, "v1");

        assertThat(released(adopted)).isEqualTo(new Released("v1", null, cluster.now));
        var changed = seenOf(adopted, cluster.now, "settings", "v1");
        assertThat(AwaitedPromotions.of(changed))
                .singleElement()
                .satisfies(one -> assertThat(one.later()).isEqualTo(Instant.EPOCH));
    }

    @Test
    void sinceWhenAPromotionIsKnownStaysWhateverItsTargetSaysLater() {
        var cluster = SimulatedCluster.initialized(WaveGateTest.afterFirst());
        var unknown = cluster.rollout.with(cluster.rollout.revisions().releasing(null));
        var adopted = seen(unknown, cluster.now, "v1");

        var later = seen(adopted, cluster.now.plusSeconds(600), "commit-2");

        assertThat(released(later)).isEqualTo(new Released("commit-2", null, cluster.now));
    }

    private static Released released(Rollout rollout) {
        return Objects.requireNonNull(rollout.revisions().released());
    }

    private static Rollout seen(Rollout rollout, Instant at, String release) {
        return seenOf(rollout, at, target(rollout).revision(), release);
    }

    private static Rollout seenOf(Rollout rollout, Instant at, String revision, String release) {
        var had = target(rollout);
        var target =
                new Workload(
                        true,
                        revision,
                        had.configs(),
                        List.of(),
                        had.desired(),
                        had.updated(),
                        had.available(),
                        had.ready(),
                        false,
                        "",
                        had.run(),
                        had.step(),
                        release);
        return RolloutMachine.next(rollout, new TargetSeen(at, rollout.uid(), target)).state();
    }

    private static Workload target(Rollout rollout) {
        return Objects.requireNonNull(rollout.target());
    }
}
