package dev.serinus.router.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.router.PretendCluster;
import dev.serinus.schemas.canary.Installation;
import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.events.RouterAction;
import dev.serinus.schemas.events.RouterOutcome;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The router of an installation that is a dry run, and of a Canary that asks for one. */
class DryRunTest {

    private final PretendCluster cluster =
            new PretendCluster(Installation.named("lab").trying(true))
                    .apply("workload.yaml")
                    .apply("istio-canary.yaml");

    @AfterEach
    void close() {
        cluster.close();
    }

    @ParameterizedTest
    @EnumSource(RouterAction.class)
    void writesNothingWhateverIsCommanded(RouterAction action) {
        int writes = cluster.writes();

        var answer = cluster.send(cluster.command(action, 1).setTargetRunning(true));

        assertThat(answer.getOutcome()).isEqualTo(RouterOutcome.RETRY);
        assertThat(answer.getBecause()).contains("SERINUS_DRY_RUN");
        assertThat(cluster.writes()).isEqualTo(writes);
    }

    @Test
    void anotherInstallationWrites() {
        try (var real = new PretendCluster().apply("workload.yaml").apply("istio-canary.yaml")) {
            var answer = real.send(real.command(RouterAction.INITIALIZE, 1).setTargetRunning(true));

            assertThat(answer.getOutcome()).isEqualTo(RouterOutcome.DONE);
        }
    }

    /** Sent by a release that knows no dry runs, or before analysis saw that one is asked for. */
    @ParameterizedTest
    @CsvSource({
        "INITIALIZE, 0, true, RETRY",
        "TAKE_OVER, 0, false, RETRY",
        "SCALE, 0, true, RETRY",
        "SHIFT, 20, true, RETRY",
        "PROMOTE, 0, true, RETRY",
        "SHIFT, 0, true, DONE"
    })
    void aCanaryThatIsTriedIsOnlyTakenBack(
            RouterAction action, int weight, boolean running, RouterOutcome outcome) {
        try (var real = initialized()) {
            real.edit(Kind.CANARY, "podinfo", it -> it.spec().put("dryRun", true));
            int writes = real.writes();

            var answer =
                    real.send(
                            real.command(action, 5)
                                    .setCanaryWeight(weight)
                                    .setCanaryBasisPoints(weight * 100)
                                    .setTargetRunning(running));

            assertThat(answer.getOutcome()).as(answer.getBecause()).isEqualTo(outcome);
            if (outcome == RouterOutcome.RETRY) {
                assertThat(answer.getBecause()).contains("spec.dryRun", action.name());
                assertThat(real.writes()).isEqualTo(writes);
            }
        }
    }

    @Test
    void whatBeganForRealGoesOn() {
        try (var real = initialized()) {
            real.edit(Kind.CANARY, "podinfo", it -> it.spec().put("dryRun", true));

            var answer =
                    real.send(
                            real.command(RouterAction.SCALE, 5)
                                    .setTargetRunning(true)
                                    .setDespiteDryRun(true));

            assertThat(answer.getOutcome()).as(answer.getBecause()).isEqualTo(RouterOutcome.DONE);
        }
    }

    private static PretendCluster initialized() {
        var real = new PretendCluster().apply("workload.yaml").apply("istio-canary.yaml");
        real.initialize(1);
        return real;
    }
}
