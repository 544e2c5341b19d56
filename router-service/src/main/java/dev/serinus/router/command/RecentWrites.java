package dev.serinus.router.command;

import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Serving;
import dev.serinus.router.objects.Versions;
import dev.serinus.schemas.canary.Canary;
import dev.serinus.schemas.cluster.Ref;
import dev.serinus.schemas.outgoing.Sleeper;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * When what leads the requests of each Canary was written last, by whomever. Who serves by it, such
 * as a load balancer, may learn of that seconds later, and sends requests where it led until then:
 * for so long the pods there have to stay. Kept in memory; where nothing is known, as after a
 * restart, it may have been written a moment ago.
 */
public final class RecentWrites {

    private final Duration patience;
    private final InstantSource clock;
    private final Sleeper sleeper;
    private final Map<String, Leading> canaries = new HashMap<>(); // guarded by this

    /**
     * What leads the requests of one Canary.
     *
     * @param known from when on it is looked at
     */
    private record Leading(Told known, Map<Ref, Told> objects) {}

    /**
     * One object.
     *
     * @param serving where it leads requests
     * @param version of the object when it was so; empty where that is not known
     * @param at when it came to be so
     * @param follows how long data planes may need to follow
     */
    private record Told(String serving, String version, Instant at, Duration follows) {

        /** A clock that was set back makes nobody wait longer. */
        Rest rest(Instant now) {
            var until = at.plus(follows);
            var left = Duration.between(now, until);
            return left.compareTo(follows) > 0
                    ? new Rest(now.plus(follows), follows)
                    : new Rest(until, left);
        }
    }

    /**
     * What is left of the time that data planes may need.
     *
     * @param until when it is over
     */
    public record Rest(Instant until, Duration left) {}

    /**
     * @param patience how long data planes may need at least to follow what was written
     * @param sleeper spends the rest of it
     */
    public RecentWrites(Duration patience, InstantSource clock, Sleeper sleeper) {
        this.patience = patience;
        this.clock = clock;
        this.sleeper = sleeper;
    }

    /**
     * This object was written here, or may have been.
     *
     * @param object as it was to be
     * @param version as which the server has it; empty where that is not known
     * @param follows how long data planes may need for it, if that is longer than patience
     */
    synchronized void wrote(Canary canary, ClusterObject object, String version, Duration follows) {
        tell(uid(canary), object.ref(), Serving.of(object), version, follows);
    }

    /** This object was deleted here, or may have been. */
    synchronized void deleted(Canary canary, Ref ref, Duration follows) {
        var before = of(uid(canary), follows).objects().get(ref);
        tell(uid(canary), ref, Serving.NOWHERE, before == null ? "" : before.version(), follows);
    }

    private void tell(String uid, Ref ref, String serving, String version, Duration follows) {
        of(uid, follows)
                .objects()
                .put(ref, new Told(serving, version, clock.instant(), atLeast(follows)));
    }

    /**
     * An object of a Canary was seen, perhaps as somebody else has written it: then it may have
     * been a moment ago.
     *
     * @param serving where it leads requests
     * @param version as which it was seen
     */
    public synchronized void observed(
            String uid, Ref ref, String serving, String version, Duration follows) {
        var objects = of(uid, follows).objects();
        var before = objects.get(ref);
        if (before == null) {
            tell(uid, ref, serving, version, follows);
            return;
        }
        int order = Versions.order(version, before.version()).orElse(1);
        if (order > 0) {
            boolean same = before.serving().equals(serving);
            objects.put(
                    ref,
                    new Told(
                            serving,
                            version,
                            same ? before.at() : clock.instant(),
                            same ? before.follows() : atLeast(follows)));
        }
    }

    /** The same of an object as it was read; null for one that is not there. */
    void found(Canary canary, Ref ref, @Nullable ClusterObject object, Duration follows) {
        observed(
                uid(canary),
                ref,
                object == null ? Serving.NOWHERE : Serving.of(object),
                object == null ? "" : object.resourceVersion(),
                follows);
    }

    /** The last write of an object moved no requests, and the one before was waited for. */
    synchronized void seen(Canary canary, Ref ref) {
        of(uid(canary), patience)
                .objects()
                .computeIfPresent(
                        ref,
                        (_, it) ->
                                new Told(
                                        it.serving(),
                                        it.version(),
                                        clock.instant().minus(it.follows()),
                                        it.follows()));
    }

    /**
     * How long data planes may still need to follow what was written last; empty when they had the
     * time.
     */
    synchronized Optional<Rest> rest(Canary canary, Duration follows) {
        var now = clock.instant();
        var leading = of(uid(canary), follows);
        var all = leading.objects().values();
        return (all.isEmpty() ? Stream.of(leading.known()) : all.stream())
                .map(it -> it.rest(now))
                .filter(it -> it.left().isPositive())
                .max(Comparator.comparing(Rest::left));
    }

    /** The same for one object alone. */
    synchronized Optional<Rest> rest(Canary canary, Ref ref, Duration follows) {
        var leading = of(uid(canary), follows);
        return Optional.of(
                        leading.objects().getOrDefault(ref, leading.known()).rest(clock.instant()))
                .filter(it -> it.left().isPositive());
    }

    /** True when something of what leads its requests is known. */
    synchronized boolean knows(Canary canary) {
        var leading = canaries.get(uid(canary));
        return leading != null && !leading.objects().isEmpty();
    }

    /** Waits until data planes had time to follow what was written last. */
    void await(Canary canary, Duration follows) throws InterruptedException {
        var rest = rest(canary, follows);
        if (rest.isPresent()) {
            sleeper.sleep(rest.get().left());
        }
    }

    private Leading of(String uid, Duration follows) {
        return canaries.computeIfAbsent(
                uid,
                _ ->
                        new Leading(
                                new Told("", "", clock.instant(), atLeast(follows)),
                                new HashMap<>()));
    }

    private Duration atLeast(Duration follows) {
        return follows.compareTo(patience) > 0 ? follows : patience;
    }

    private static String uid(Canary canary) {
        return canary.getMetadata().getUid();
    }

    /** Keeps nothing of a Canary that is gone. */
    public synchronized void forget(String uid) {
        canaries.remove(uid);
    }
}
