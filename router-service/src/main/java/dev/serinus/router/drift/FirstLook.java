package dev.serinus.router.drift;

import dev.serinus.router.objects.Refusal;
import dev.serinus.schemas.cluster.Ref;
import dev.serinus.schemas.outgoing.Sleeper;
import dev.serinus.schemas.topic.CanaryKey;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** The look after a start: no watch tells of what happened while nobody watched. */
record FirstLook(Watches watches, Repair repair, LastWritten lastWritten, Sleeper sleeper) {

    private static final Duration SHORT = Duration.ofMillis(50);
    private static final Duration LONG = Duration.ofSeconds(10);

    /**
     * Looks after each Canary once all of its own is known: a mesh that is not installed, or may
     * not be read, holds up nobody but who asks for it.
     */
    void each(Set<CanaryKey> canaries, Consumer<CanaryKey> check) throws InterruptedException {
        Set<CanaryKey> waiting = new HashSet<>(canaries);
        Set<CanaryKey> searching = new HashSet<>();
        Duration pause = SHORT;
        while (true) {
            var known = waiting.stream().filter(this::isKnown).toList();
            known.forEach(waiting::remove);
            searching.addAll(known);
            // A kind that may not be installed keeps nobody's own objects from coming back.
            var searched = searching.stream().filter(this::isSearched).toList();
            searched.forEach(searching::remove);
            Stream.concat(known.stream(), searched.stream())
                    .distinct()
                    .filter(this::isMissing)
                    .forEach(check);
            if (waiting.isEmpty() && searching.isEmpty()) {
                return;
            }
            pause = known.isEmpty() && searched.isEmpty() ? longer(pause) : SHORT;
            sleeper.sleep(pause);
        }
    }

    private static Duration longer(Duration pause) {
        var twice = pause.multipliedBy(2);
        return twice.compareTo(LONG) < 0 ? twice : LONG;
    }

    /** True for one that is gone, or not ours to look after, too: then there is no need to wait. */
    private boolean isKnown(CanaryKey key) {
        return watches.areCurrent(managedObjects(key).stream().map(Ref::kind));
    }

    /** True when all is known among which the Canary may have had something in hand before. */
    private boolean isSearched(CanaryKey key) {
        return repair.managed(key)
                .map(repair::searched)
                .filter(kinds -> !watches.areCurrent(kinds.stream()))
                .isEmpty();
    }

    /** What went while nobody watched is made again, and what was asked for before goes. */
    private boolean isMissing(CanaryKey key) {
        boolean whole = managedObjects(key).stream().allMatch(ref -> lastWritten.left(ref) != null);
        return repair.isTakenOver(key) && (!whole || hasFormer(key));
    }

    private boolean hasFormer(CanaryKey key) {
        try {
            return repair.hasFormer(key);
        } catch (Refusal unknown) {
            return true; // whoever looks is told again, and tries again
        }
    }

    private List<Ref> managedObjects(CanaryKey key) {
        try {
            return repair.managed(key).map(repair::objects).orElse(List.of());
        } catch (Refusal unsupported) {
            return List.of();
        }
    }
}
