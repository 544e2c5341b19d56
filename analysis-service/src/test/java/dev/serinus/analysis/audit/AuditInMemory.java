package dev.serinus.analysis.audit;

import dev.serinus.schemas.events.AuditEntry;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/** An audit trail that lives as long as a test. */
public final class AuditInMemory implements AuditTrail {

    private final List<AuditEntry> all = new CopyOnWriteArrayList<>();

    /** None yet. */
    public AuditInMemory() {}

    /** All of them, the oldest first. */
    public List<AuditEntry> entries() {
        return List.copyOf(all);
    }

    @Override
    public void add(AuditEntry entry) {
        all.add(entry);
    }

    /** By their places in the list. */
    @Override
    public Part before(
            @Nullable Instant since, @Nullable Long from, int most, Predicate<AuditEntry> wanted) {
        List<AuditEntry> now = List.copyOf(all);
        int to = from == null ? now.size() : Math.min(now.size(), Math.toIntExact(from));
        Deque<AuditEntry> found = new ArrayDeque<>();
        while (to > 0 && found.size() < most) {
            to--;
            if (wanted.test(now.get(to))) {
                found.addFirst(now.get(to));
            }
        }
        return new Part(List.copyOf(found), to == 0 ? null : (long) to);
    }
}
