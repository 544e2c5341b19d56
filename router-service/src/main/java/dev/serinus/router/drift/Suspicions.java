package dev.serinus.router.drift;

import dev.serinus.router.objects.Ref;
import dev.serinus.schemas.topic.CanaryKey;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What looked changed and was not looked into yet. Our own write comes back by the watch, often
 * before it is in the ledger: once it is, the suspicion is gone and costs no request.
 */
final class Suspicions {

    /** What looked changed of one canary; an object without a glance is missing. */
    private record Case(Map<Ref, Optional<Glance>> objects, boolean certain) {}

    private final Map<CanaryKey, Case> open = new HashMap<>();

    /** Notes one; true when it is the canary's first, so that somebody is to look into it. */
    synchronized boolean add(CanaryKey canary, Ref ref, @Nullable Glance now) {
        var known = open.get(canary);
        var objects = new HashMap<>(known == null ? Map.of() : known.objects());
        objects.put(ref, Optional.ofNullable(now));
        open.put(canary, new Case(objects, known != null && known.certain()));
        return known == null;
    }

    /** Notes that the canary is to be looked after in any case. */
    synchronized boolean addCertain(CanaryKey canary) {
        var known = open.get(canary);
        open.put(canary, new Case(known == null ? Map.of() : known.objects(), true));
        return known == null;
    }

    /** Takes what is open about a canary and says whether any of it still holds. */
    synchronized boolean takeAndHold(CanaryKey canary, Ledger ledger) {
        var taken = open.remove(canary);
        return taken != null
                && (taken.certain()
                        || taken.objects().entrySet().stream()
                                .anyMatch(
                                        entry ->
                                                holds(
                                                        entry.getValue(),
                                                        ledger.left(entry.getKey()))));
    }

    private static boolean holds(Optional<Glance> seen, @Nullable Glance left) {
        return seen.isEmpty()
                || left == null
                || !seen.get().fingerprint().equals(left.fingerprint());
    }
}
