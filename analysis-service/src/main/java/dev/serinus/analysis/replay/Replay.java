package dev.serinus.analysis.replay;

import dev.serinus.analysis.journal.Decision;
import dev.serinus.analysis.journal.StoredRollout;
import dev.serinus.schemas.events.JournalEntry;
import dev.serinus.schemas.topic.CanaryKey;

import org.apache.avro.specific.SpecificRecord;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Feeds journal entries to the machine and compares what it decides with what was decided, bit for
 * bit. Entries of one canary come in their order, canaries in any. A canary whose first entries are
 * no longer in the journal cannot be replayed and is passed over.
 */
public final class Replay {

    /** A decision that came out otherwise, and how. */
    public record Mismatch(CanaryKey canary, long number, String because) {}

    private final Map<CanaryKey, StoredRollout> states = new HashMap<>();
    private final Set<CanaryKey> beheaded = new HashSet<>();
    private final List<Mismatch> mismatches = new ArrayList<>();
    private final Consumer<Decision> watcher;
    private long replayed;
    private long passedOver;

    /** A replay that only compares. */
    public Replay() {
        this(_ -> {});
    }

    /** A replay that shows every decision as well. */
    public Replay(Consumer<Decision> watcher) {
        this.watcher = watcher;
    }

    /** Takes the decisions of a whole journal again. */
    public static Replay of(Iterable<JournalEntry> journal) {
        Replay replay = new Replay();
        journal.forEach(replay::take);
        return replay;
    }

    /** Takes one decision again. */
    public void take(JournalEntry entry) {
        CanaryKey canary = CanaryKey.parse(entry.getCanary());
        if (entry.getNumber() == 1) {
            beheaded.remove(canary);
            states.put(canary, StoredRollout.nothing(canary));
        }
        StoredRollout before = states.get(canary);
        if (before == null) {
            beheaded.add(canary);
        }
        if (before == null || beheaded.contains(canary)) {
            passedOver++;
            return;
        }
        if (entry.getNumber() != before.number() + 1) {
            mismatches.add(
                    new Mismatch(
                            canary,
                            entry.getNumber(),
                            "follows on number " + before.number() + ": entries are missing"));
            states.remove(canary);
            beheaded.add(canary);
            return;
        }
        decide(canary, before, entry);
    }

    private void decide(CanaryKey canary, StoredRollout before, JournalEntry entry) {
        replayed++;
        Decision decision;
        try {
            decision = Decision.on(before, (SpecificRecord) entry.getInput(), entry.getAt());
        } catch (RuntimeException failed) {
            mismatches.add(new Mismatch(canary, entry.getNumber(), "fails: " + failed));
            return;
        }
        if (!decision.entry().getDecision().equals(entry.getDecision())) {
            mismatches.add(
                    new Mismatch(
                            canary,
                            entry.getNumber(),
                            "was %s and is %s"
                                    .formatted(
                                            entry.getDecision(), decision.entry().getDecision())));
        }
        states.put(canary, decision.after());
        watcher.accept(decision);
    }

    /** Decisions that came out otherwise, in the order of the journal. */
    public List<Mismatch> mismatches() {
        return List.copyOf(mismatches);
    }

    /** Decisions taken again. */
    public long replayed() {
        return replayed;
    }

    /** Entries whose beginning is no longer in the journal. */
    public long passedOver() {
        return passedOver;
    }

    /** Canaries decided upon. */
    public int canaries() {
        return states.size();
    }
}
