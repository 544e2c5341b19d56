package dev.serinus.router.drift;

import dev.serinus.router.workload.CopyNote;
import dev.serinus.schemas.cluster.Ref;
import dev.serinus.schemas.topic.CanaryKey;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Copies of configs that were changed and not looked into yet: each once, however often it changes.
 * What may not be written just now stays here until it may.
 */
final class ChangedCopies {

    /** So many of one canary; a primary reads a handful. */
    private static final int MOST = 200;

    /** One canary's copy. */
    record Copy(CanaryKey canary, Ref ref) {}

    /**
     * What was seen of a copy.
     *
     * @param before what it said of itself before it was changed
     * @param version that it has now; empty when it is gone
     */
    record Seen(CopyNote before, String version) {}

    private final Map<CanaryKey, Map<Ref, Seen>> open = new HashMap<>();
    private final Set<Copy> awaited = new HashSet<>();

    /** Notes a change; of several the first tells what the copy said, unless a step came since. */
    synchronized void add(Copy copy, Seen seen) {
        var changed = open.computeIfAbsent(copy.canary(), _ -> new HashMap<>());
        var first = changed.get(copy.ref());
        if (first != null) {
            changed.put(
                    copy.ref(), new Seen(first.before().orLater(seen.before()), seen.version()));
        } else if (changed.size() < MOST) {
            changed.put(copy.ref(), seen);
        }
    }

    /** Notes again what was taken and could not be done. */
    synchronized void addAgain(Copy copy, Seen taken) {
        var since = removed(copy);
        add(copy, taken);
        since.ifPresent(seen -> add(copy, seen));
    }

    /** True when somebody is to look into a change that nobody is about to look into. */
    synchronized boolean isToBeLookedInto(Copy copy) {
        return open.getOrDefault(copy.canary(), Map.of()).containsKey(copy.ref())
                && awaited.add(copy);
    }

    /** Takes what is open about a copy. */
    synchronized Optional<Seen> take(Copy copy) {
        awaited.remove(copy);
        return removed(copy);
    }

    private Optional<Seen> removed(Copy copy) {
        var changed = open.get(copy.canary());
        if (changed == null) {
            return Optional.empty();
        }
        var taken = changed.remove(copy.ref());
        if (changed.isEmpty()) {
            open.remove(copy.canary());
        }
        return Optional.ofNullable(taken);
    }

    /** What is open about a canary's copies. */
    synchronized List<Copy> of(CanaryKey canary) {
        return open.getOrDefault(canary, Map.of()).keySet().stream()
                .map(ref -> new Copy(canary, ref))
                .toList();
    }

    synchronized void forget(CanaryKey canary) {
        open.remove(canary);
    }
}
