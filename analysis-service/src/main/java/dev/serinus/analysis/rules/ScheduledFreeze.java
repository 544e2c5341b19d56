package dev.serinus.analysis.rules;

import dev.serinus.analysis.rollout.gate.Freeze;
import dev.serinus.schemas.hook.Point;

import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Times in which nothing goes on.
 *
 * @param reason why; empty where none is given
 * @param holds what stands still
 * @param byAnnotation an annotation of its Canary lets a run pass it, too
 */
record ScheduledFreeze(
        String name,
        Scope scope,
        Calendar calendar,
        List<Point> holds,
        String reason,
        boolean byAnnotation) {

    private static final DateTimeFormatter ENDS =
            DateTimeFormatter.ofPattern("EEE yyyy-MM-dd HH:mm VV", Locale.ROOT);

    ScheduledFreeze {
        holds = List.copyOf(holds);
    }

    /** The one that lasts at a moment, or else the next; empty after the last. */
    Optional<Freeze> at(Instant moment) {
        return calendar.at(moment)
                .map(
                        period ->
                                new Freeze(
                                        name,
                                        reason,
                                        period.from(),
                                        period.until(),
                                        ENDS.format(period.until().atZone(calendar.zone())),
                                        holds,
                                        byAnnotation));
    }
}
