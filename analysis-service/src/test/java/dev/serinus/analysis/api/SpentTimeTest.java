package dev.serinus.analysis.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.schemas.events.RolloutEvent;
import dev.serinus.schemas.events.RolloutState;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

class SpentTimeTest {

    private static final Instant BEGAN = Instant.parse("2026-11-30T08:00:00Z");

    private final List<RolloutEvent> history = new ArrayList<>();

    @Test
    void eachMomentCountsForWhatTheEventBeforeItWaitsOn() {
        event(3, 1, 0, "time");
        event(3, 2, 10, "fleet");
        event(3, 3, 70, "pods");
        event(3, 4, 75, "person");
        event(3, 5, 175, "answer");

        assertThat(SpentTime.of(history, state()))
                .contains(new SpentTime(15_000, 100_000, 60_000, "active", BEGAN.plusSeconds(175)));
    }

    @Test
    void whatRestsSpendsNothing() {
        event(3, 1, 0, "time");
        event(3, 2, 30, "nobody");
        event(3, 3, 90, "nobody");

        assertThat(SpentTime.of(history, state()))
                .contains(new SpentTime(30_000, 0, 0, "nobody", BEGAN.plusSeconds(90)));
    }

    @Test
    void anotherRunAndAnotherCanaryOfTheNameAreNotCounted() {
        event(2, 1, 0, "person");
        event(2, 2, 1_000, "nobody");
        event(3, 1, 1_000, "time");
        event(3, 2, 1_010, "nobody");
        history.add(RolloutEvent.newBuilder(history.getFirst()).setRun(3).setUid("other").build());

        assertThat(SpentTime.of(history, state()).orElseThrow().personMillis()).isZero();
    }

    @Test
    void aClockThatGoesBackTakesNothingAway() {
        event(3, 1, 0, "time");
        event(3, 2, -30, "person");

        assertThat(SpentTime.of(history, state()).orElseThrow().activeMillis()).isZero();
    }

    @Test
    void whatIsNotAllThereOrWasNotToldIsNotKnown() {
        assertThat(SpentTime.of(history, state())).isEmpty();
        event(3, 2, 0, "time");
        assertThat(SpentTime.of(history, state())).isEmpty();
        history.clear();
        event(3, 1, 0, "");
        assertThat(SpentTime.of(history, state())).isEmpty();
    }

    @Test
    void aWordOfALaterReleaseIsWork() {
        event(3, 1, 0, "weather");
        event(3, 2, 5, "time");

        assertThat(SpentTime.of(history, state()).orElseThrow().activeMillis()).isEqualTo(5_000);
    }

    private void event(long run, long sequence, long after, String waitingOn) {
        history.add(
                RolloutEvent.newBuilder()
                        .setCanary("west/shop/cart")
                        .setUid("uid-1")
                        .setRun(run)
                        .setSequence(sequence)
                        .setType("StepPassed")
                        .setPhase("Progressing")
                        .setRevision("b")
                        .setStep(sequence)
                        .setCanaryWeight(0)
                        .setFailedChecks(0)
                        .setMessage("")
                        .setEvidence(List.of())
                        .setWaitingOn(waitingOn)
                        .setAt(BEGAN.plusSeconds(after))
                        .build());
    }

    private static RolloutState state() {
        return RolloutState.newBuilder()
                .setCanary("west/shop/cart")
                .setUid("uid-1")
                .setRun(3)
                .setPhase("Progressing")
                .setRevision("b")
                .setPromotedRevision("a")
                .setCanaryWeight(20)
                .setIterations(0)
                .setFailedChecks(0)
                .setStep(7)
                .setSequence(5)
                .setWaitingFor("")
                .setProvider("istio")
                .setHeld(false)
                .setUpdatedAt(BEGAN)
                .build();
    }
}
