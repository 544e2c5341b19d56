package dev.serinus.analysis.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.analysis.rollout.RolloutEvent.TargetSeen;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/** What is told of a target that is gone, or that no node is for. */
class MissingTargetTest {

    private static void targetGoes(SimulatedCluster cluster) {
        var gone = new Workload(false, "", Map.of(), List.of(), 0, 0, 0, false, false, "", 0, 0);
        cluster.inject(at -> new TargetSeen(at, SimulatedCluster.UID, gone));
        cluster.run(Duration.ofMinutes(5));
    }

    @Test
    void aTargetThatIsGoneAtRestIsToldOnceAndUntilItIsThereAgain() {
        var cluster = SimulatedCluster.initialized(Specs.linear());

        targetGoes(cluster);

        String words =
                "deployment podinfo.test get query error: deployments.apps \"podinfo\" not found";
        assertThat(cluster.told).containsExactly("W " + words);
        assertThat(cluster.rollout.waitingFor()).contains(words);
        assertThat(Stalled.because(cluster.rollout)).isEqualTo(words);
        cluster.seeTarget();
        cluster.run(Duration.ofMinutes(1));
        assertThat(cluster.rollout.waitingFor()).isEmpty();
        assertThat(Stalled.because(cluster.rollout)).isEmpty();
    }

    @Test
    void aDaemonSetWithoutNodesIsNoAlertAndSaysWhatItWaitsFor() {
        var cluster = new SimulatedCluster(Specs.ofKind("DaemonSet", Specs.linear()));
        cluster.neverReady.add("primary-a");
        var none = new Workload(true, "a", null, List.of(), 0, 0, 0, true, false, "", 0, 0);
        cluster.create();
        cluster.run(Duration.ofSeconds(5));
        cluster.inject(at -> new RolloutEvent.PrimarySeen(at, SimulatedCluster.UID, none));
        cluster.run(Duration.ofMinutes(5));

        assertThat(cluster.rollout.shown()).isEqualTo(Phase.FAILED);
        assertThat(cluster.rollout.waitingFor()).contains("no node is for its pods, now");
        assertThat(cluster.chats).isEmpty();
        cluster.primaryServes(true);
        cluster.run(Duration.ofMinutes(1));
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.INITIALIZED);
    }
}
