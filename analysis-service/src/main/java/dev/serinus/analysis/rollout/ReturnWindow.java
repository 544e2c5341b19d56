package dev.serinus.analysis.rollout;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * To which revisions a return needs no analysis, since they were promoted after one.
 *
 * @param revisions to so many of those before the present one; null for none by number
 * @param within to those promoted no longer ago than this; null for none by time
 */
public record ReturnWindow(@Nullable Integer revisions, @Nullable Duration within) {

    /** The promotion that the target returns to; empty where it has to be analysed. */
    static Optional<Promoted> of(Rollout r, Workload target, Instant now) {
        var window = r.specInForce().ruled().returns();
        List<Promoted> past = r.revisions().past();
        return window == null
                ? Optional.empty()
                // The first of them is what serves now.
                : IntStream.range(1, past.size())
                        .filter(place -> past.get(place).is(target))
                        .filter(place -> window.reaches(place, past.get(place), now))
                        .mapToObj(past::get)
                        .findFirst();
    }

    private boolean reaches(int place, Promoted promoted, Instant now) {
        boolean byNumber = revisions != null && place <= revisions;
        var at = promoted.at();
        return byNumber || (within != null && at != null && !now.isAfter(at.plus(within)));
    }
}
