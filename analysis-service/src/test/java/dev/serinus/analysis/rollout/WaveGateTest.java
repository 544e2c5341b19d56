package dev.serinus.analysis.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.analysis.rollout.RolloutEvent.Action;
import dev.serinus.analysis.rollout.gate.Predecessor;
import dev.serinus.schemas.hook.HookType;
import dev.serinus.schemas.hook.Point;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;

/** A run that waits for another canary, and what people say of that. */
class WaveGateTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);

    @Test
    void whatPeopleSaidOfAWaveCountsAlsoWhereAWebhookClosesTheStart() {
        var cluster = waiting();
        cluster.hooks = (_, _) -> false;
        cluster.askForAnswer(Action.APPROVE, "");
        cluster.run(MINUTE);
        assertThat(cluster.rollout.waitingFor()).startsWith("approval by ask");

        cluster.hooks = (_, _) -> true;
        cluster.run(Duration.ofMinutes(20));

        assertThat(cluster.happened("WaveWaits")).hasSize(1);
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
        assertThat(cluster.rollout.governed()).as("nothing is kept of it").isNull();
    }

    @Test
    void itCountsAlsoWhereAFreezeBeganMeanwhile() {
        var cluster = waiting();
        cluster.freeze(cluster.freezeFor("night", Duration.ofHours(3), Point.START));
        cluster.run(Duration.ofSeconds(1));
        cluster.askForAnswer(Action.APPROVE, "");
        cluster.run(MINUTE);
        assertThat(cluster.rollout.waitingFor()).startsWith("the end of freeze night");

        cluster.run(Duration.ofHours(3));

        assertThat(cluster.rollout.phase()).isIn(Phase.PROGRESSING, Phase.SUCCEEDED);
        assertThat(cluster.happened("WaveWaits")).hasSize(1);
    }

    @Test
    void itDoesNotCountForAnotherRelease() {
        var cluster = waiting();
        cluster.hooks = (_, _) -> false;
        cluster.askForAnswer(Action.APPROVE, "");
        cluster.run(MINUTE);

        cluster.image("c");
        cluster.hooks = (_, _) -> true;
        cluster.run(MINUTE);

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.WAITING);
        assertThat(cluster.rollout.waitingFor()).startsWith("us/shop/first to be promoted");
    }

    private static SimulatedCluster waiting() {
        var cluster = SimulatedCluster.initialized(afterFirst());
        cluster.image("b");
        cluster.run(MINUTE);
        assertThat(cluster.rollout.waitingFor()).startsWith("us/shop/first to be promoted");
        return cluster;
    }

    static Spec afterFirst() {
        return Specs.ruled(
                Specs.linear(Specs.hook("ask", HookType.CONFIRM_ROLLOUT)),
                new RunRules(
                        false,
                        RunRules.NONE.holdTimeout(),
                        null,
                        false,
                        List.of(new Predecessor("us", "shop", "first", Duration.ZERO))));
    }
}
