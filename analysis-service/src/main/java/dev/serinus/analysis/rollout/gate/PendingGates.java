package dev.serinus.analysis.rollout.gate;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Gates with a time-out that were asked and have not said yes, each with the time since when. The
 * time of one begins with the first question to it, whether it is answered or not, and a yes
 * forgets it. Of several gates of one name each has its own: its key stands for the name.
 */
public record PendingGates(List<Pending> gates) {

    /** None. */
    public static final PendingGates NONE = new PendingGates(List.of());

    /** A gate that has not said yes since then. */
    public record Pending(WaitingGate gate, Instant since) {}

    public PendingGates {
        gates = List.copyOf(gates);
    }

    /** True where there are none. */
    public boolean isEmpty() {
        return gates.isEmpty();
    }

    /** Since when this one has not said yes; empty where it is not waited for. */
    public Optional<Instant> since(WaitingGate gate) {
        return gates.stream()
                .filter(pending -> pending.gate().equals(gate))
                .map(Pending::since)
                .findFirst();
    }

    /** The same with one that was asked just now; nothing changes where it was asked before. */
    public PendingGates asked(WaitingGate gate, Instant at) {
        return since(gate).isPresent()
                ? this
                : new PendingGates(
                        Stream.concat(gates.stream(), Stream.of(new Pending(gate, at))).toList());
    }

    /** The same without one that said yes, or need not any more. */
    public PendingGates without(WaitingGate gate) {
        return new PendingGates(
                gates.stream().filter(pending -> !pending.gate().equals(gate)).toList());
    }

    /** The same, each with all of its time from then on. */
    public PendingGates countedFrom(Instant at) {
        return new PendingGates(
                gates.stream().map(pending -> new Pending(pending.gate(), at)).toList());
    }
}
