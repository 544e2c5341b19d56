package dev.serinus.analysis.audit;

import dev.serinus.analysis.lookup.LookupFailed;
import dev.serinus.schemas.events.AuditEntry;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;
import java.util.function.Predicate;

/** What people asked of the API of any instance, and what became of it, in one order. */
public interface AuditTrail {

    /**
     * A part of it.
     *
     * @param entries the oldest first
     * @param earlier from where to look for those before them; null where there is nothing earlier.
     *     It may be there without an entry: a look ends when it has taken long enough
     */
    record Part(List<AuditEntry> entries, @Nullable Long earlier) {
        public Part {
            entries = List.copyOf(entries);
        }
    }

    /** Keeps one; whoever was answered waits for nothing. */
    void add(AuditEntry entry);

    /**
     * Looks back. Whatever stands in the way is {@link LookupFailed}.
     *
     * @param since what is older is not looked for; null for all
     * @param from what a part said to be earlier; null for the end
     * @param most entries, 1 or more
     * @param wanted which are
     */
    Part before(
            @Nullable Instant since, @Nullable Long from, int most, Predicate<AuditEntry> wanted);

    /** Where nothing is kept. */
    AuditTrail NONE =
            new AuditTrail() {
                @Override
                public void add(AuditEntry entry) {}

                @Override
                public Part before(
                        @Nullable Instant since,
                        @Nullable Long from,
                        int most,
                        Predicate<AuditEntry> wanted) {
                    return new Part(List.of(), null);
                }
            };
}
