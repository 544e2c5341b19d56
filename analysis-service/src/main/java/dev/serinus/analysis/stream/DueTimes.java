package dev.serinus.analysis.stream;

import dev.serinus.schemas.topic.CanaryKey;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * When each canary next needs a timer, ordered by time: one entry for each canary that waits, so
 * that a tick costs what is due and an idle canary costs nothing. Derived from the rollouts, and
 * filled from them whenever a task starts, so the two cannot disagree.
 */
final class DueTimes {

    /** One canary and its time. */
    record Due(Instant at, CanaryKey canary) implements Comparable<Due> {
        @Override
        public int compareTo(Due other) {
            return Comparator.comparing(Due::at).thenComparing(Due::canary).compare(this, other);
        }
    }

    private final TreeSet<Due> ordered = new TreeSet<>();
    private final Map<CanaryKey, Due> byCanary = new HashMap<>();

    /** Sets, moves or clears the time of one canary. */
    void set(CanaryKey canary, @Nullable Instant at) {
        Due before =
                at == null ? byCanary.remove(canary) : byCanary.put(canary, new Due(at, canary));
        if (before != null) {
            ordered.remove(before);
        }
        if (at != null) {
            ordered.add(new Due(at, canary));
        }
    }

    /** Clears the time of one canary if it is still this one. */
    void clear(Due due) {
        if (byCanary.remove(due.canary(), due)) {
            ordered.remove(due);
        }
    }

    /** Takes out all that is due by now, the earliest first. */
    List<Due> take(Instant now) {
        List<Due> due = new ArrayList<>();
        while (!ordered.isEmpty() && !ordered.first().at().isAfter(now)) {
            Due next = ordered.removeFirst();
            byCanary.remove(next.canary());
            due.add(next);
        }
        return due;
    }

    /** The next time at which something is due. */
    Optional<Instant> next() {
        return ordered.isEmpty() ? Optional.empty() : Optional.of(ordered.first().at());
    }

    int size() {
        return ordered.size();
    }
}
