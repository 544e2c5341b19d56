package dev.serinus.analysis.replay;

import dev.serinus.analysis.journal.FleetDecision;
import dev.serinus.analysis.journal.StoredFleet;
import dev.serinus.schemas.events.PermitEntry;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Takes the decisions about permits again, as {@link Replay} does those about rollouts. The entries
 * of a scope lie in the journals of all clusters and come in any order; each goes in its own time,
 * or with its cluster. What follows on an entry that is not there cannot be replayed, up to the
 * next before which nobody ran or waited.
 */
public final class FleetReplay {

    /** A decision that came out otherwise, and how. */
    public record Mismatch(String scope, long number, String because) {}

    private final List<Mismatch> mismatches = new ArrayList<>();
    private long replayed;
    private long passedOver;

    private FleetReplay() {}

    /** Takes the decisions of all journals again. */
    public static FleetReplay of(List<PermitEntry> journals) {
        var replay = new FleetReplay();
        Map<String, List<PermitEntry>> scopes =
                journals.stream()
                        .collect(
                                Collectors.groupingBy(
                                        PermitEntry::getScope, TreeMap::new, Collectors.toList()));
        scopes.values()
                .forEach(
                        entries ->
                                replay.take(
                                        entries.stream()
                                                .sorted(
                                                        Comparator.comparingLong(
                                                                PermitEntry::getNumber))
                                                .toList()));
        return replay;
    }

    private void take(List<PermitEntry> entries) {
        @Nullable StoredFleet before = null;
        for (PermitEntry entry : entries) {
            if (entry.getFresh()) {
                long number = entry.getNumber() - 1;
                before =
                        before != null && before.number() == number
                                ? before
                                : new StoredFleet(
                                        number, entry.getAt(), StoredFleet.NOTHING.fleet());
            }
            before = before == null ? passed() : decided(before, entry);
        }
    }

    private @Nullable StoredFleet passed() {
        passedOver++;
        return null;
    }

    private @Nullable StoredFleet decided(StoredFleet before, PermitEntry entry) {
        if (entry.getNumber() != before.number() + 1) {
            return passed();
        }
        replayed++;
        var decision = FleetDecision.on(before, entry.getInput(), entry.getAt());
        if (!decision.entry().getDecision().equals(entry.getDecision())) {
            mismatches.add(
                    new Mismatch(
                            entry.getScope(),
                            entry.getNumber(),
                            "was %s and is %s"
                                    .formatted(
                                            entry.getDecision(), decision.entry().getDecision())));
        }
        return decision.after();
    }

    /** Decisions that came out otherwise. */
    public List<Mismatch> mismatches() {
        return List.copyOf(mismatches);
    }

    /** Decisions taken again. */
    public long replayed() {
        return replayed;
    }

    /** Entries whose beginning is no longer in the journals. */
    public long passedOver() {
        return passedOver;
    }
}
