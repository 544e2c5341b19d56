package dev.serinus.router.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.router.PretendCluster;
import dev.serinus.schemas.canary.Installation;
import dev.serinus.schemas.events.RouterAction;
import dev.serinus.schemas.events.RouterOutcome;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The router of an installation that is a dry run. */
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
}
