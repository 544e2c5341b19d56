package dev.serinus.router.drift;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * How soon something of a canary's is repaired again where traffic is not concerned. The first
 * repairs come at once; who undoes them each time, as another controller would, is answered more
 * and more slowly, so that two of us never keep an API server busy. A quiet while is forgiven. What
 * decides where traffic goes does not wait for this.
 *
 * @param <K> what is repaired
 */
final class RepairBackoff<K> {

    private static final int FREE = 3;
    private static final int VAIN = 12;
    private static final Duration LONGEST = Duration.ofMinutes(5);
    private static final Duration QUIET = Duration.ofMinutes(10);

    private record Repairs(int count, Instant last) {}

    private final Map<K, Repairs> repairs = new ConcurrentHashMap<>();
    private final InstantSource clock;

    RepairBackoff(InstantSource clock) {
        this.clock = clock;
    }

    /** How long to wait before the next repair. */
    Duration pause(K repaired) {
        var past = repairs.get(repaired);
        if (past == null || past.count() < FREE) {
            return Duration.ZERO;
        }
        var wanted = Duration.ofSeconds(1L << Math.min(past.count() - FREE, 9));
        if (wanted.compareTo(LONGEST) > 0) {
            wanted = LONGEST;
        }
        var left = Duration.between(clock.instant(), past.last().plus(wanted));
        return left.isNegative() ? Duration.ZERO : left;
    }

    /** True when trying again by itself has not helped for long: only news will. */
    boolean isVain(K repaired) {
        var past = repairs.get(repaired);
        return past != null && past.count() > VAIN;
    }

    /** Counts a repair that was tried. */
    void repaired(K repaired) {
        var now = clock.instant();
        repairs.compute(
                repaired,
                (_, past) ->
                        past == null || past.last().plus(QUIET).isBefore(now)
                                ? new Repairs(1, now)
                                : new Repairs(past.count() + 1, now));
    }

    void forget(K repaired) {
        repairs.remove(repaired);
    }

    void forgetIf(Predicate<K> gone) {
        repairs.keySet().removeIf(gone);
    }
}
