package dev.serinus.analysis.audit;

import dev.serinus.schemas.events.AuditEntry;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Bounds what refusals write: anybody may be refused a thousand times a second. The first of its
 * kind is kept at once; those that follow within a minute are counted, and kept as one. Of more
 * than fifty kinds of one actor in a minute the others count as one kind of this actor, and of more
 * than two hundred of all as one of nobody. What nobody signed for takes no room from the others.
 * For several threads.
 */
public final class RepeatedRefusals {

    private static final Duration COUNTED = Duration.ofMinutes(1);
    private static final int MOST_KINDS = 200;
    private static final int MOST_OF_ONE = 50;
    private static final String NOBODY = "";

    private final Map<AuditEntry, Count> kinds = new LinkedHashMap<>(); // guarded by this

    /** Those of one kind since the first, which was kept. */
    private static final class Count {

        private final Instant since;
        private int more;
        private Instant last;

        Count(Instant since) {
            this.since = since;
            this.last = since;
        }
    }

    /** What is to be kept of it now; empty where it is counted. */
    public synchronized Optional<AuditEntry> take(AuditEntry entry) {
        AuditEntry kind = kind(entry);
        String actor = entry.getActor();
        if (!kinds.containsKey(kind) && of(actor) >= MOST_OF_ONE) {
            kind = others(actor);
        }
        if (!kinds.containsKey(kind)
                && !actor.equals(NOBODY)
                && kinds.size() - of(NOBODY) >= MOST_KINDS) {
            kind = others(NOBODY);
        }
        Count known = kinds.get(kind);
        if (known == null) {
            kinds.put(kind, new Count(entry.getAt()));
            return Optional.of(AuditEntry.newBuilder(kind).setAt(entry.getAt()).build());
        }
        known.more++;
        known.last = entry.getAt();
        return Optional.empty();
    }

    /** What was counted for a minute and is to be kept now. */
    public synchronized List<AuditEntry> due(Instant now) {
        // Also where the clock was set back since: nothing is counted for hours.
        return counted(count -> Duration.between(count.since, now).abs().compareTo(COUNTED) >= 0);
    }

    /** All that was counted, for whoever ends. */
    public synchronized List<AuditEntry> rest() {
        return counted(_ -> true);
    }

    private List<AuditEntry> counted(Predicate<Count> isOver) {
        List<AuditEntry> due = new ArrayList<>();
        kinds.entrySet()
                .removeIf(
                        each -> {
                            Count count = each.getValue();
                            boolean over = isOver.test(count);
                            if (over && count.more > 0) {
                                due.add(
                                        AuditEntry.newBuilder(each.getKey())
                                                .setAt(count.last)
                                                .setTimes(count.more)
                                                .build());
                            }
                            return over;
                        });
        return due;
    }

    private long of(String actor) {
        return kinds.keySet().stream().filter(it -> it.getActor().equals(actor)).count();
    }

    /** The same for those that differ in nothing but their time. */
    private static AuditEntry kind(AuditEntry entry) {
        return AuditEntry.newBuilder(entry).setAt(Instant.EPOCH).setTimes(1).build();
    }

    private static AuditEntry others(String actor) {
        return AuditEntry.newBuilder()
                .setAt(Instant.EPOCH)
                .setActor(actor)
                .setAction("request")
                .setOutcome("refused")
                .setBecause("more kinds of refusals in a minute than are told apart")
                .build();
    }
}
