package dev.serinus.watcher.observe;

import dev.serinus.schemas.topic.CanaryKey;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Which canaries a change of an object matters to. Safe for use by many threads. */
final class CanaryIndex {

    /** An object some canary depends on; the kind is that of a workload, or configmap or secret. */
    record Thing(String kind, String namespace, String name) {}

    private final Map<Thing, Set<CanaryKey>> followers = new HashMap<>();
    private final Map<CanaryKey, Set<Thing>> followed = new HashMap<>();

    /** From now on the canary follows these things, and no others. */
    synchronized void follow(CanaryKey canary, Set<Thing> things) {
        Set<Thing> before = followed.getOrDefault(canary, Set.of());
        if (before.equals(things)) {
            return;
        }
        for (Thing thing : before) {
            followers.computeIfPresent(thing, (_, canaries) -> without(canaries, canary));
        }
        for (Thing thing : things) {
            followers.computeIfAbsent(thing, _ -> new HashSet<>()).add(canary);
        }
        if (things.isEmpty()) {
            followed.remove(canary);
        } else {
            followed.put(canary, Set.copyOf(things));
        }
    }

    /** The canaries that follow a thing. */
    synchronized Set<CanaryKey> followersOf(Thing thing) {
        return Set.copyOf(followers.getOrDefault(thing, Set.of()));
    }

    private static @Nullable Set<CanaryKey> without(Set<CanaryKey> canaries, CanaryKey canary) {
        canaries.remove(canary);
        return canaries.isEmpty() ? null : canaries;
    }
}
