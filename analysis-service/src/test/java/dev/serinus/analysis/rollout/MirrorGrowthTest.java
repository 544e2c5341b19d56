package dev.serinus.analysis.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.analysis.rollout.Effect.RouteAction;
import dev.serinus.schemas.hook.HookType;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;

/** Copies of requests whose share grows before anybody meets the canary. */
class MirrorGrowthTest {

    private static final Duration LONG = Duration.ofMinutes(30);

    private static Spec blueGreen(int iterations, Spec.Hook... hooks) {
        return Specs.with(
                Specs.growing(
                        Specs.strategy(iterations, 0, List.of(), 100, 0, 0, true, false),
                        10,
                        20,
                        50),
                2,
                false,
                false,
                hooks);
    }

    private static Spec weights(Spec.Hook... hooks) {
        return Specs.with(
                Specs.growing(
                        Specs.strategy(0, 50, List.of(), 50, 50, 0, true, false), 40, 40, 100),
                2,
                false,
                false,
                hooks);
    }

    private static List<String> moves(SimulatedCluster cluster) {
        return cluster.told.stream().filter(line -> line.contains("Advance")).toList();
    }

    /** Copies and weight of each route that was asked for in a run. */
    private static List<String> shifts(SimulatedCluster cluster) {
        return cluster.routes.stream()
                .filter(route -> route.action() == RouteAction.SHIFT)
                .map(route -> route.split().copies() + " " + route.split().canaryWeight())
                .toList();
    }

    @Test
    void theShareGrowsWithTheIterationsAndStaysAtTheLast() {
        var cluster = SimulatedCluster.initialized(blueGreen(5));

        cluster.image("b");
        cluster.run(LONG);

        assertThat(moves(cluster))
                .containsExactly(
                        "N Advance podinfo.test canary iteration 1/5, mirror weight 10",
                        "N Advance podinfo.test canary iteration 2/5, mirror weight 30",
                        "N Advance podinfo.test canary iteration 3/5, mirror weight 50",
                        "N Advance podinfo.test canary iteration 4/5, mirror weight 50",
                        "N Advance podinfo.test canary iteration 5/5, mirror weight 50");
        assertThat(shifts(cluster))
                .as("the route is written once for each share, then for everybody, and back")
                .containsExactly("10 0", "30 0", "50 0", "null 100", "null 0");
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
    }

    @Test
    void fewerIterationsThanSharesLeaveTheLastOut() {
        var cluster = SimulatedCluster.initialized(blueGreen(2));

        cluster.image("b");
        cluster.run(LONG);

        assertThat(shifts(cluster)).containsExactly("10 0", "30 0", "null 100", "null 0");
    }

    @Test
    void beforeWeightsTheShareGrowsToItsEnd() {
        var cluster = SimulatedCluster.initialized(weights());

        cluster.image("b");
        cluster.run(LONG);

        assertThat(moves(cluster))
                .containsExactly(
                        "N Advance podinfo.test canary mirror weight 40",
                        "N Advance podinfo.test canary mirror weight 80",
                        "N Advance podinfo.test canary mirror weight 100",
                        "N Advance podinfo.test canary weight 50");
        assertThat(shifts(cluster)).startsWith("40 0", "80 0", "100 0", "null 50");
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
    }

    @Test
    void moreCopiesAreAskedForAsMoreTrafficIs() {
        var cluster =
                SimulatedCluster.initialized(
                        blueGreen(5, Specs.hook("more", HookType.CONFIRM_TRAFFIC_INCREASE)));

        cluster.image("b");
        cluster.run(LONG);

        assertThat(cluster.calls)
                .as("before each share, not where it stays, and before everybody meets it")
                .hasSize(4);
    }

    @Test
    void aBadRevisionLosesItsCopies() {
        var cluster = SimulatedCluster.initialized(blueGreen(5));
        cluster.metrics = (_, _) -> cluster.rollout.traffic().iterations() >= 2 ? 10.0 : 100.0;

        cluster.image("b");
        cluster.run(LONG);

        assertThat(shifts(cluster)).containsExactly("10 0", "30 0", "null 0");
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.FAILED);
        assertThat(cluster.rollout.traffic().split().mirrored()).isFalse();
    }

    @Test
    void anEditInMidRunLeavesThePlanAsItIs() {
        var cluster = SimulatedCluster.initialized(blueGreen(5));
        cluster.image("b");
        cluster.run(Duration.ofSeconds(15));

        cluster.edit(
                Specs.with(
                        Specs.strategy(5, 0, List.of(), 100, 0, 0, true, false), 2, false, false));
        cluster.run(LONG);

        assertThat(shifts(cluster)).containsExactly("10 0", "30 0", "50 0", "null 100", "null 0");
    }
}
