package dev.serinus.router.objects;

import dev.serinus.schemas.cluster.Ref;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Who else writes what decides where traffic goes, as the repairs have seen it. Kept in memory: one
 * who goes on is met again within moments.
 */
public final class ContestedObjects {

    /** So many repairs in a row are no accident. */
    private static final int TIMES = 2;

    /** Who has kept still for so long has given up. */
    private static final Duration QUIET = Duration.ofSeconds(30);

    /**
     * An object that somebody else writes.
     *
     * @param by the field manager, as the API server notes it
     * @param times how often in a row, from 1
     * @param last when it was put back last
     */
    public record Contest(String by, int times, Instant last) {}

    private final Map<Ref, Contest> contested = new ConcurrentHashMap<>();
    private final InstantSource clock;

    public ContestedObjects(InstantSource clock) {
        this.clock = clock;
    }

    /** Notes that an object was put back; true when by now it is known that they go on. */
    public boolean repaired(Ref ref, String by) {
        var now = clock.instant();
        var after =
                contested.merge(
                        ref,
                        new Contest(by, 1, now),
                        (past, next) ->
                                past.last().plus(QUIET).isBefore(now)
                                        ? next
                                        : new Contest(by, past.times() + 1, now));
        return after.times() == TIMES;
    }

    /** Who wrote it last beside us, lately. */
    public Optional<Contest> last(Ref ref) {
        var since = clock.instant().minus(QUIET);
        return Optional.ofNullable(contested.get(ref)).filter(it -> it.last().isAfter(since));
    }

    /** The same, when they do so time and again. */
    public Optional<Contest> lasting(Ref ref) {
        return last(ref).filter(it -> it.times() >= TIMES);
    }

    /** Forgets an object that is gone. */
    public void forget(Ref ref) {
        contested.remove(ref);
    }
}
