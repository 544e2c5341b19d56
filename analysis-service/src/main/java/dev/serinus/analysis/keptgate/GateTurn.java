package dev.serinus.analysis.keptgate;

import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The turn of one gate, whose record holds the other gate of the canary too and may come between
 * the reading and the writing of others. Of each gate the latest turn counts, by the time that it
 * has; a writer that had not seen it writes it again.
 *
 * @param wished how the gate is to stand
 * @param known all that was seen of the canary's gates before the record is written: whoever writes
 *     one of these has turned nothing
 * @param others how the other gate stood last
 */
record GateTurn(KeptGate wished, Set<KeptGate> known, List<KeptGate> others) {

    GateTurn {
        known = Set.copyOf(known);
        others = List.copyOf(others);
    }

    /** One of which nothing is written yet. */
    static GateTurn of(KeptGate wished, List<KeptGate> before) {
        return new GateTurn(
                wished,
                Set.copyOf(before),
                before.stream().filter(gate -> gate.kind() != wished.kind()).toList());
    }

    /** What became of it. */
    sealed interface Outcome {

        /** It stands as was wished, and so does all that others turned meanwhile. */
        record Stands() implements Outcome {}

        /** Somebody else turned the same gate at the same moment, or took all gates away. */
        record Overtaken() implements Outcome {}

        /** One of two turns undid the other: the record is to be written once more. */
        record Again(GateTurn next) implements Outcome {}
    }

    /** What is to be written. */
    Set<KeptGate> written() {
        Set<KeptGate> all = new HashSet<>(others);
        all.add(wished);
        return all;
    }

    /**
     * After it was written.
     *
     * @param records all of this canary since {@code known} was read, in their order, with the one
     *     that was written; empty for one that takes its gates away
     */
    Outcome after(List<Set<KeptGate>> records) {
        Map<KeptGateKind, KeptGate> latest = new EnumMap<>(KeptGateKind.class);
        written().forEach(gate -> latest.put(gate.kind(), gate));
        Set<KeptGate> seen = new HashSet<>(known);
        seen.addAll(written());
        for (Set<KeptGate> record : records) {
            for (KeptGate gate : record) {
                if (!seen.add(gate)) {
                    continue;
                }
                KeptGate before = latest.get(gate.kind());
                if (before != null && gate.since().isBefore(before.since())) {
                    continue;
                }
                if (gate.kind() == wished.kind()) {
                    return new Outcome.Overtaken();
                }
                latest.put(gate.kind(), gate);
            }
        }
        if (records.isEmpty() || records.getLast().isEmpty()) {
            return new Outcome.Overtaken();
        }
        return records.getLast().equals(Set.copyOf(latest.values()))
                ? new Outcome.Stands()
                : new Outcome.Again(
                        new GateTurn(
                                wished,
                                seen,
                                latest.values().stream()
                                        .filter(gate -> gate.kind() != wished.kind())
                                        .toList()));
    }
}
