package dev.serinus.watcher.observe;

import dev.serinus.schemas.cluster.Ref;
import dev.serinus.schemas.topic.CanaryKey;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Which canaries a change of an object matters to. Safe for use by many threads. */
final class CanaryIndex {

    private final Map<Ref, Set<CanaryKey>> followers = new HashMap<>();
    private final Map<CanaryKey, Set<Ref>> followed = new HashMap<>();

    /**
     * From now on the canary follows these things, and no others.
     *
     * @return what no canary follows any more
     */
    synchronized Set<Ref> follow(CanaryKey canary, Set<Ref> things) {
        Set<Ref> before = followed.getOrDefault(canary, Set.of());
        if (before.equals(things)) {
            return Set.of();
        }
        for (Ref thing : before) {
            followers.computeIfPresent(thing, (_, canaries) -> without(canaries, canary));
        }
        for (Ref thing : things) {
            followers.computeIfAbsent(thing, _ -> new HashSet<>()).add(canary);
        }
        if (things.isEmpty()) {
            followed.remove(canary);
        } else {
            followed.put(canary, Set.copyOf(things));
        }
        Set<Ref> left = new HashSet<>(before);
        left.removeIf(followers::containsKey);
        return left;
    }

    /** Follows these things, too. */
    synchronized void alsoFollow(CanaryKey canary, Set<Ref> things) {
        Set<Ref> all = new HashSet<>(followed.getOrDefault(canary, Set.of()));
        all.addAll(things);
        var _ = follow(canary, all);
    }

    /** The canaries that follow a thing. */
    synchronized Set<CanaryKey> followersOf(Ref thing) {
        return Set.copyOf(followers.getOrDefault(thing, Set.of()));
    }

    private static @Nullable Set<CanaryKey> without(Set<CanaryKey> canaries, CanaryKey canary) {
        canaries.remove(canary);
        return canaries.isEmpty() ? null : canaries;
    }
}
