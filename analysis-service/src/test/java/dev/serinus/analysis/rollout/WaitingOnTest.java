package dev.serinus.analysis.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.schemas.hook.HookType;

import org.junit.jupiter.api.Test;

import java.time.Duration;

class WaitingOnTest {

    private static SimulatedCluster initialized(Spec spec) {
        var cluster = new SimulatedCluster(spec);
        cluster.create();
        cluster.run(Duration.ofMinutes(1));
        return cluster;
    }

    @Test
    void atRestItWaitsOnNobody() {
        assertThat(initialized(Specs.linear()).rollout.waitingOn()).isEqualTo(WaitingOn.NOBODY);
    }

    @Test
    void aRunWaitsOnPodsOnAnswersAndForTimeAndOnNoPerson() {
        var cluster = initialized(Specs.linear());

        cluster.image("b");
        cluster.run(Duration.ofHours(1));

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
        assertThat(cluster.decisions)
                .extracting(it -> it.state().waitingOn())
                .contains(WaitingOn.PODS, WaitingOn.ANSWER, WaitingOn.TIME, WaitingOn.NOBODY)
                .doesNotContain(WaitingOn.PERSON);
    }

    @Test
    void aClosedGateIsAPersonsAlsoWhileItIsAskedAgain() {
        var cluster = initialized(Specs.linear(Specs.hook("gate", HookType.CONFIRM_ROLLOUT)));
        cluster.hooks = (_, _) -> false;
        cluster.image("b");
        cluster.run(Duration.ofMinutes(1));
        int asked = cluster.calls.size();
        int decided = cluster.decisions.size();

        cluster.run(Duration.ofMinutes(5));

        assertThat(cluster.calls).hasSizeGreaterThan(asked);
        assertThat(cluster.decisions.subList(decided, cluster.decisions.size()))
                .extracting(it -> it.state().waitingOn())
                .containsOnly(WaitingOn.PERSON);
    }

    @Test
    void whatIsSuspendedWaitsOnAPerson() {
        var cluster = initialized(Specs.linear());
        cluster.image("b");
        cluster.run(Duration.ofSeconds(9));

        cluster.edit(Specs.with(Specs.LINEAR, 2, false, true));
        cluster.run(Duration.ofMinutes(5));

        assertThat(cluster.rollout.waitingOn()).isEqualTo(WaitingOn.PERSON);
    }

    @Test
    void aPrimaryThatIsNeverReadyIsWaitedForAlsoOnceThatFailed() {
        var cluster = new SimulatedCluster(Specs.linear());
        cluster.neverReady.add("primary-a");

        cluster.create();
        cluster.run(Duration.ofSeconds(10));
        assertThat(cluster.rollout.waitingOn()).isEqualTo(WaitingOn.PODS);
        cluster.run(Duration.ofHours(3));

        assertThat(cluster.rollout.shown()).isEqualTo(Phase.FAILED);
        assertThat(cluster.rollout.waitingOn()).isEqualTo(WaitingOn.PODS);
    }
}
