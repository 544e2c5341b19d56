package dev.serinus.analysis.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.schemas.hook.HookType;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.function.Predicate;

/** A revision that its author takes back before anything of its release was begun. */
class TakenBackAtStartTest {

    private static final Duration LONG = Duration.ofMinutes(30);

    private static void until(SimulatedCluster cluster, Predicate<Rollout> so) {
        for (int i = 0; i < 100_000 && !so.test(cluster.rollout); i++) {
            cluster.run(Duration.ofMillis(100));
        }
        assertThat(so.test(cluster.rollout)).as("%s", cluster.rollout.stage()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aRevisionThatIsTakenBackBehindTheGateOfItsStartIsNotReleased(boolean succeeded) {
        var gate = Specs.hook("start", HookType.CONFIRM_ROLLOUT);
        var cluster = SimulatedCluster.initialized(Specs.linear(gate));
        String before = "a";
        if (succeeded) {
            cluster.image("b");
            cluster.run(LONG);
            before = "b";
        }
        cluster.hooks = (_, _) -> false;
        cluster.image("c");
        until(cluster, r -> r.phase() == Phase.WAITING);
        cluster.routes.clear();

        cluster.image(before);
        cluster.run(LONG);

        assertThat(cluster.rollout.phase())
                .isEqualTo(succeeded ? Phase.SUCCEEDED : Phase.INITIALIZED);
        assertThat(cluster.happened("Withdrawn")).hasSize(1);
        assertThat(cluster.routes).isEmpty();
        cluster.hooks = (_, _) -> true;
        cluster.image("c");
        cluster.run(LONG);
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
        assertThat(cluster.primaryRevision).isEqualTo("c");
    }
}
