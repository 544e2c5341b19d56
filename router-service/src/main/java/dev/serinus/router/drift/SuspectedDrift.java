package dev.serinus.router.drift;

import dev.serinus.schemas.cluster.Ref;
import dev.serinus.schemas.topic.CanaryKey;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What looked changed and was not looked into yet. Our own write comes back by the watch, often
 * before it is in {@link LastWritten}: once it is, the suspicion is gone and costs no request.
 */
final class SuspectedDrift {

    /** What looked changed of one canary; an object that is absent here is missing. */
    private record Case(
            Map<Ref, Optional<ObservedState>> objects, boolean certain, boolean urgent) {}

    private final Map<CanaryKey, Case> open = new HashMap<>();

    /**
     * Notes one; true when somebody is to look into it: it is the canary's first, or the first that
     * cannot wait for whoever is to look into the others.
     */
    synchronized boolean add(
            CanaryKey canary, Ref ref, @Nullable ObservedState now, boolean urgent) {
        var known = open.get(canary);
        var objects = new HashMap<>(known == null ? Map.of() : known.objects());
        objects.put(ref, Optional.ofNullable(now));
        return put(canary, known, objects, false, urgent);
    }

    /** Notes that the canary is to be looked after in any case. */
    synchronized boolean addCertain(CanaryKey canary, boolean urgent) {
        var known = open.get(canary);
        return put(canary, known, known == null ? Map.of() : known.objects(), true, urgent);
    }

    private boolean put(
            CanaryKey canary,
            @Nullable Case known,
            Map<Ref, Optional<ObservedState>> objects,
            boolean certain,
            boolean urgent) {
        open.put(
                canary,
                new Case(
                        objects,
                        certain || (known != null && known.certain()),
                        urgent || (known != null && known.urgent())));
        return known == null || (urgent && !known.urgent());
    }

    /** Takes what is open about a canary, as far as it still holds. */
    synchronized Taken take(CanaryKey canary, LastWritten lastWritten) {
        var taken = open.remove(canary);
        if (taken == null) {
            return new Taken(Map.of(), Set.of(), false);
        }
        Map<Ref, String> turned = new HashMap<>();
        Set<Ref> changed = new HashSet<>();
        for (var entry : taken.objects().entrySet()) {
            var left = lastWritten.left(entry.getKey());
            if (holds(entry.getValue(), left)) {
                changed.add(entry.getKey());
                if (ObservedState.isUrgent(entry.getValue(), left)) {
                    turned.put(entry.getKey(), entry.getValue().map(ObservedState::by).orElse(""));
                }
            }
        }
        return new Taken(turned, changed, taken.certain() || !changed.isEmpty());
    }

    /**
     * What was taken.
     *
     * @param turned the objects that lead traffic elsewhere, and who wrote them; empty when that is
     *     not known
     * @param changed the objects that are otherwise than they were left
     * @param holds true when the canary is to be looked after
     */
    record Taken(Map<Ref, String> turned, Set<Ref> changed, boolean holds) {

        Taken {
            turned = Map.copyOf(turned);
            changed = Set.copyOf(changed);
        }
    }

    private static boolean holds(Optional<ObservedState> seen, @Nullable ObservedState left) {
        return seen.isEmpty()
                || left == null
                || !seen.get().fingerprint().equals(left.fingerprint());
    }
}
