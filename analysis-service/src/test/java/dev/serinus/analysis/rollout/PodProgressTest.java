package dev.serinus.analysis.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.analysis.rollout.RolloutEvent.TargetSeen;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;

/** A canary that gets ready pod by pod, beside a deadline of a minute. */
class PodProgressTest {

    private static final int PODS = 6;

    private static SimulatedCluster begun() {
        var cluster = SimulatedCluster.initialized(Specs.linear());
        cluster.neverReady.add("b");
        cluster.image("b");
        cluster.run(Duration.ofSeconds(3));
        assertThat(cluster.rollout.stage().awaited()).isInstanceOf(Awaited.ReadyCanary.class);
        return cluster;
    }

    private static void see(SimulatedCluster cluster, int pods) {
        boolean ready = pods == PODS;
        var target =
                new Workload(
                        true,
                        "b",
                        null,
                        List.of(),
                        PODS,
                        PODS,
                        pods,
                        ready,
                        false,
                        ready ? "" : "waiting for its pods",
                        1,
                        cluster.lastStep);
        cluster.inject(at -> new TargetSeen(at, SimulatedCluster.UID, target));
    }

    @Test
    void isWaitedForHoweverLongAllOfThemTake() {
        var cluster = begun();

        for (int pods = 1; pods <= PODS; pods++) {
            cluster.run(Duration.ofSeconds(50));
            see(cluster, pods);
        }
        cluster.run(Duration.ofSeconds(1));

        assertThat(cluster.happened("RollingBack")).isEmpty();
        assertThat(cluster.rollout.traffic().canaryWeight().isAny()).isTrue();
    }

    @Test
    void isTakenBackADeadlineAfterTheLast() {
        var cluster = begun();

        see(cluster, 1);
        cluster.run(Duration.ofSeconds(50));
        see(cluster, 2);
        cluster.run(Duration.ofSeconds(59));
        assertThat(cluster.happened("RollingBack")).isEmpty();
        cluster.run(Duration.ofSeconds(2));

        assertThat(cluster.happened("RollingBack")).hasSize(1);
    }

    @Test
    void hasNoMoreTimeByPodsThatComeAndGo() {
        var cluster = begun();

        see(cluster, 2);
        for (int i = 0; i < 7; i++) {
            cluster.run(Duration.ofSeconds(9));
            see(cluster, 1 + i % 2);
        }
        cluster.run(Duration.ofSeconds(1));

        assertThat(cluster.happened("RollingBack")).hasSize(1);
    }
}
