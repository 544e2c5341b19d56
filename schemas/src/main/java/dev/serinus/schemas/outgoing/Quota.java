package dev.serinus.schemas.outgoing;

import dev.serinus.schemas.topic.CanaryKey;

import java.util.HashMap;
import java.util.Map;

/**
 * Counts what canaries have taken of something, and says when a canary, a namespace or all have
 * their share. It keeps nothing of those that hold nothing. Safe for use by many threads.
 */
final class Quota {

    private final long ofAll;
    private final long ofNamespace;
    private final long ofCanary;
    private final Map<String, Long> namespaces = new HashMap<>();
    private final Map<CanaryKey, Long> canaries = new HashMap<>();
    private long taken;

    Quota(long ofAll, long ofNamespace, long ofCanary) {
        this.ofAll = ofAll;
        this.ofNamespace = ofNamespace;
        this.ofCanary = ofCanary;
    }

    /** Takes so much, or nothing when that would be more than anybody's share. */
    synchronized boolean take(CanaryKey owner, long amount) {
        if (taken + amount > ofAll
                || namespaces.getOrDefault(owner.namespace(), 0L) + amount > ofNamespace
                || canaries.getOrDefault(owner, 0L) + amount > ofCanary) {
            return false;
        }
        add(owner, amount);
        return true;
    }

    /** Gives back what was taken. */
    synchronized void give(CanaryKey owner, long amount) {
        add(owner, -amount);
    }

    private void add(CanaryKey owner, long amount) {
        taken += amount;
        namespaces.compute(owner.namespace(), (_, had) -> sum(had, amount));
        canaries.compute(owner, (_, had) -> sum(had, amount));
    }

    /** Null, which takes an entry out of a map, for nothing. */
    @SuppressWarnings("NullAway") // Map.compute takes null both ways
    private static Long sum(Long had, long amount) {
        long sum = (had == null ? 0 : had) + amount;
        return sum == 0 ? null : sum;
    }

    synchronized long taken() {
        return taken;
    }
}
