package dev.serinus.analysis.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.analysis.rollout.RolloutEvent.Action;
import dev.serinus.analysis.rollout.gate.GateLimit;
import dev.serinus.analysis.rollout.gate.GateLimit.OnTimeout;
import dev.serinus.analysis.rollout.gate.Predecessor;
import dev.serinus.schemas.hook.HookType;
import dev.serinus.schemas.hook.Point;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;

/** A run that waits for another canary, and what people say of that. */
class WaveGateTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration TIMEOUT = Duration.ofMinutes(15);

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

    @Test
    void whereItIsSaidSoItGoesOnWithoutOneThatIsNotPromotedInTime() {
        var cluster = waitingAtMost(TIMEOUT, OnTimeout.PROCEED);
        var words = cluster.rollout.waitingFor();
        var wait = cluster.rollout.fleetWait();

        cluster.run(TIMEOUT.multipliedBy(2));

        assertThat(words).contains("/first to be promoted").contains(", until ");
        assertThat(wait).isEqualTo(FleetWait.PROMOTION);
        assertThat(cluster.last("GateTimedOut").message())
                .isEqualTo(
                        "us/test/first was not promoted with this release within 15m0s:"
                                + " podinfo.test goes on without it");
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
        assertThat(cluster.rollout.governed()).as("nothing is kept of it").isNull();
    }

    @Test
    void otherwiseItFailsAndNothingWasTouched() {
        var cluster = waitingAtMost(TIMEOUT, OnTimeout.FAIL);

        cluster.run(TIMEOUT);

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.FAILED);
        assertThat(cluster.primaryRevision).isEqualTo("a");
        assertThat(cluster.told)
                .contains(
                        "W Rolling back podinfo.test us/test/first was not promoted with this"
                                + " release within 15m0s");
    }

    @Test
    void heldItIsForPeopleToSayThatItGoesOn() {
        var cluster = waitingAtMost(TIMEOUT, OnTimeout.HOLD);
        cluster.run(TIMEOUT);
        assertThat(cluster.rollout.stage().awaited()).isInstanceOf(Awaited.Decision.class);
        assertThat(cluster.rollout.waitingFor()).startsWith("approve, resume or abort");
        assertThat(cluster.rollout.possible()).contains(Action.APPROVE, Action.ABORT);

        cluster.askForAnswer(Action.APPROVE, "");
        cluster.run(TIMEOUT);

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
    }

    @Test
    void resumedItIsWaitedForWithAllOfItsTime() {
        var cluster = waitingAtMost(TIMEOUT, OnTimeout.HOLD);
        cluster.run(TIMEOUT);

        cluster.askForAnswer(Action.RESUME, "");
        cluster.run(TIMEOUT.minus(MINUTE));
        boolean waits = cluster.rollout.stage().awaited() instanceof Awaited.Turn;
        cluster.run(MINUTE.multipliedBy(2));

        assertThat(waits).isTrue();
        assertThat(cluster.rollout.stage().awaited()).isInstanceOf(Awaited.Decision.class);
    }

    @Test
    void anotherReleaseHasAllOfTheTime() {
        var cluster = waitingAtMost(TIMEOUT, OnTimeout.FAIL);
        cluster.run(TIMEOUT.minus(MINUTE.multipliedBy(2)));

        cluster.image("c");
        cluster.run(TIMEOUT.minus(MINUTE));

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.WAITING);
        cluster.run(MINUTE.multipliedBy(2));
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.FAILED);
    }

    @Test
    void itsTimeBeginsAgainAfterAFreeze() {
        var cluster = waitingAtMost(TIMEOUT, OnTimeout.FAIL);
        cluster.freeze(cluster.freezeFor("night", TIMEOUT.multipliedBy(4), Point.values()));

        cluster.run(TIMEOUT.multipliedBy(5).minus(MINUTE));
        var phase = cluster.rollout.phase();
        var words = cluster.rollout.waitingFor();
        cluster.run(MINUTE.multipliedBy(2));

        assertThat(phase).isEqualTo(Phase.WAITING);
        assertThat(words).startsWith("us/test/first to be promoted").contains(", until ");
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.FAILED);
    }

    /** The other one is not promoted meanwhile, and this one waits for it. */
    @Test
    void noTimePassesWhileAFreezeHoldsPromotionsAlone() {
        var cluster = waitingAtMost(TIMEOUT, OnTimeout.FAIL);
        cluster.freeze(cluster.freezeFor("night", TIMEOUT.multipliedBy(4), Point.PROMOTE));

        cluster.run(TIMEOUT.multipliedBy(4).minus(MINUTE));
        var words = cluster.rollout.waitingFor();
        cluster.run(TIMEOUT);
        var phase = cluster.rollout.phase();
        cluster.run(TIMEOUT);

        assertThat(words).startsWith("us/test/first to be promoted").doesNotContain(", until ");
        assertThat(phase).isEqualTo(Phase.WAITING);
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.FAILED);
    }

    @Test
    void noTimePassesWhileAWebhookClosesTheStart() {
        var cluster = waitingAtMost(TIMEOUT, OnTimeout.FAIL);
        cluster.freeze(cluster.freezeFor("night", TIMEOUT, Point.START));
        cluster.run(MINUTE);
        cluster.hooks = (_, _) -> false;
        cluster.run(TIMEOUT.multipliedBy(4));
        assertThat(cluster.rollout.waitingFor()).startsWith("approval by ask");

        cluster.hooks = (_, _) -> true;
        cluster.run(TIMEOUT.minus(MINUTE));

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.WAITING);
    }

    @Test
    void onceTheOtherIsPromotedItsSoakHasNoOtherEnd() {
        var cluster = waitingAtMost(TIMEOUT, OnTimeout.FAIL, TIMEOUT.multipliedBy(2));
        cluster.run(MINUTE);
        cluster.firstPromoted("b");

        cluster.run(TIMEOUT.multipliedBy(2));
        boolean failed = cluster.rollout.phase() == Phase.FAILED;
        cluster.run(TIMEOUT);

        assertThat(failed).isFalse();
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
    }

    @Test
    void whoWaitsForADayIsStalledAndToldWhatToDo() {
        var cluster = waiting();
        cluster.run(Duration.ofHours(23));
        var before = Stalled.because(cluster.rollout);

        cluster.run(Duration.ofHours(2));

        assertThat(before).isEmpty();
        assertThat(Stalled.because(cluster.rollout))
                .startsWith("us/shop/first was not promoted with this release since ")
                .contains("approve")
                .contains("serinus.dev/release");
        assertThat(cluster.decisions)
                .flatExtracting(Transition::effects)
                .as("the status says it")
                .anyMatch(
                        effect ->
                                effect instanceof Effect.Announce(var _, var _, var status, var _)
                                        && status != null
                                        && status.stalled().startsWith("us/shop/first"));
    }

    private static SimulatedCluster waitingAtMost(Duration timeout, OnTimeout then) {
        return waitingAtMost(timeout, then, Duration.ZERO);
    }

    private static SimulatedCluster waitingAtMost(Duration timeout, OnTimeout then, Duration soak) {
        return waiting(
                new Predecessor("us", null, "first", soak, new GateLimit(timeout, then), null));
    }

    private static SimulatedCluster waiting() {
        return waiting(new Predecessor("us", "shop", "first", Duration.ZERO));
    }

    private static SimulatedCluster waiting(Predecessor first) {
        var cluster = SimulatedCluster.initialized(after(first));
        cluster.image("b");
        cluster.run(MINUTE);
        assertThat(cluster.rollout.waitingFor())
                .startsWith(first.of(cluster.rollout.canary()) + " to be promoted");
        return cluster;
    }

    static Spec afterFirst() {
        return after(new Predecessor("us", "shop", "first", Duration.ZERO));
    }

    static Spec after(Predecessor first) {
        return Specs.ruled(
                Specs.linear(Specs.hook("ask", HookType.CONFIRM_ROLLOUT)),
                new RunRules(false, RunRules.NONE.holdTimeout(), null, false, List.of(first)));
    }
}
