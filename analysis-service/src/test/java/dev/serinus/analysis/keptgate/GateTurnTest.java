package dev.serinus.analysis.keptgate;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.List;
import java.util.Set;

/** Turns of the gates of one canary, whose records come in between. */
class GateTurnTest {

    private static final KeptGate OPEN = gate(KeptGateKind.GATE, true, 0);
    private static final KeptGate CLOSED = gate(KeptGateKind.GATE, false, 10);
    private static final KeptGate ROLLBACK = gate(KeptGateKind.ROLLBACK, true, 10);

    private final GateTurn closes = GateTurn.of(CLOSED, List.of(OPEN));
    private final GateTurn rollsBack = GateTurn.of(ROLLBACK, List.of(OPEN));

    @Test
    void oneAloneStands() {
        assertThat(closes.written()).containsExactly(CLOSED);
        assertThat(closes.after(List.of(Set.of(CLOSED)))).isEqualTo(new GateTurn.Outcome.Stands());
    }

    /** Both read that the gate is open; the second writes it open again. */
    @Test
    void whoUndidATurnThatItHadNotSeenWritesItAgain() {
        var undone = rollsBack.after(List.of(Set.of(CLOSED), rollsBack.written()));

        assertThat(undone).isInstanceOf(GateTurn.Outcome.Again.class);
        var next = ((GateTurn.Outcome.Again) undone).next();
        assertThat(next.written()).containsExactlyInAnyOrder(CLOSED, ROLLBACK);
        assertThat(next.after(List.of(next.written()))).isEqualTo(new GateTurn.Outcome.Stands());
    }

    /** A load tester does not look back: who was undone by it does. */
    @Test
    void whoWasUndoneWritesItAgainBesideWhatTheOtherTurned() {
        var undone = closes.after(List.of(Set.of(CLOSED), rollsBack.written()));

        assertThat(((GateTurn.Outcome.Again) undone).next().written())
                .containsExactlyInAnyOrder(CLOSED, ROLLBACK);
    }

    @Test
    void whoSeesThatTheOtherWroteItAgainIsDone() {
        assertThat(
                        closes.after(
                                List.of(
                                        Set.of(CLOSED),
                                        rollsBack.written(),
                                        Set.of(CLOSED, ROLLBACK))))
                .isEqualTo(new GateTurn.Outcome.Stands());
    }

    @Test
    void ofTwoTurnsOfTheSameGateTheLaterCountsAndTheOtherIsTold() {
        var later = gate(KeptGateKind.GATE, true, 11);

        for (var records :
                List.of(
                        List.of(Set.of(CLOSED), Set.of(later)),
                        List.of(Set.of(later), Set.of(CLOSED)))) {
            assertThat(closes.after(records)).isEqualTo(new GateTurn.Outcome.Overtaken());
        }
        var other = GateTurn.of(later, List.of(OPEN));
        assertThat(other.after(List.of(Set.of(CLOSED), Set.of(later))))
                .isEqualTo(new GateTurn.Outcome.Stands());
        assertThat(other.after(List.of(Set.of(later), Set.of(CLOSED))))
                .isInstanceOf(GateTurn.Outcome.Again.class);
    }

    @Test
    void ofTwoAtTheSameTimeNeitherIsToldThatItStands() {
        var same = gate(KeptGateKind.GATE, true, 10);
        List<Set<KeptGate>> records = List.of(Set.of(CLOSED), Set.of(same));

        assertThat(closes.after(records)).isEqualTo(new GateTurn.Outcome.Overtaken());
        assertThat(GateTurn.of(same, List.of(OPEN)).after(records))
                .isEqualTo(new GateTurn.Outcome.Overtaken());
    }

    @Test
    void whereAllGatesWereTakenAwayItIsTold() {
        assertThat(closes.after(List.of(Set.of(CLOSED), Set.of())))
                .isEqualTo(new GateTurn.Outcome.Overtaken());
    }

    private static KeptGate gate(KeptGateKind kind, boolean open, int second) {
        return new KeptGate(
                kind, open, "ada", "", Instant.parse("2026-11-22T10:00:00Z").plusSeconds(second));
    }
}
