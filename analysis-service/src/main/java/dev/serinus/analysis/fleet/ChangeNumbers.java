package dev.serinus.analysis.fleet;

import dev.serinus.schemas.topic.CanaryKey;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/**
 * Numbers of changes, from 1. Of each canary the latest is kept and nothing of those before, so
 * that whoever was away for long is told as much as whoever was away for a moment; of canaries that
 * are gone so many. Guarded by its owner.
 */
final class ChangeNumbers {

    private static final int GONE = 10_000;

    private record Gone(long number, CanaryKey canary) {}

    private long latest;
    private long forgotten;
    private final NavigableMap<Long, CanaryKey> changed = new TreeMap<>();
    private final Map<CanaryKey, Long> numbers = new HashMap<>();
    private final Deque<Gone> gone = new ArrayDeque<>();

    long latest() {
        return latest;
    }

    /** The number of a change that is counted and kept elsewhere. */
    long next() {
        return ++latest;
    }

    void changed(CanaryKey canary) {
        forget(canary);
        changed.put(next(), canary);
        numbers.put(canary, latest);
    }

    void gone(CanaryKey canary) {
        forget(canary);
        gone.addLast(new Gone(next(), canary));
        if (gone.size() > GONE) {
            forgotten = gone.removeFirst().number();
        }
    }

    /** False where some of what came after this is over. */
    boolean knowsSince(long number) {
        return number >= forgotten && number <= latest;
    }

    List<CanaryKey> changedSince(long number) {
        return List.copyOf(changed.tailMap(number, false).values());
    }

    Set<CanaryKey> goneSince(long number) {
        Set<CanaryKey> found = new LinkedHashSet<>();
        var latestFirst = gone.descendingIterator();
        while (latestFirst.hasNext()) {
            var each = latestFirst.next();
            if (each.number() <= number) {
                break;
            }
            if (!numbers.containsKey(each.canary())) {
                found.add(each.canary());
            }
        }
        return found;
    }

    private void forget(CanaryKey canary) {
        Long before = numbers.remove(canary);
        if (before != null) {
            changed.remove(before);
        }
    }
}
