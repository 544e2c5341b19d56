package dev.serinus.analysis.rules;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Optional;

/**
 * Periods that begin when a cron expression says so. How long they last is counted by the clocks of
 * the zone, so that a weekend ends at the same hour also when the clocks are changed. Those that
 * meet or overlap are one.
 */
record Recurring(Cron cron, Duration lasts, ZoneId zone) implements Calendar {

    /** Further back than any change of clocks. */
    private static final Duration CHANGE_OF_CLOCKS = Duration.ofHours(26);

    /** More beginnings than make one period, but for one that never ends. */
    private static final int MOST_BEGINNINGS = 50_000;

    /** Longer than any period that somebody meant. */
    private static final Duration LONGEST = Duration.ofDays(366);

    @Override
    public Optional<Period> at(Instant moment) {
        var start =
                cron.next(
                        moment.atZone(zone).toLocalDateTime().minus(lasts).minus(CHANGE_OF_CLOCKS));
        while (start.isPresent() && !period(start.get()).until().isAfter(moment)) {
            start = cron.next(start.get());
        }
        return start.map(this::joined);
    }

    /** True where one begins before the one before is over, for ever. */
    boolean isEndless(Instant about) {
        return at(about)
                .filter(it -> Duration.between(it.from(), it.until()).compareTo(LONGEST) > 0)
                .isPresent();
    }

    private Period joined(LocalDateTime first) {
        var whole = period(first);
        var next = cron.next(first);
        for (int begun = 1; next.isPresent(); begun++) {
            var another = period(next.get());
            if (another.from().isAfter(whole.until())) {
                return whole;
            }
            if (begun == MOST_BEGINNINGS) {
                return new Period(whole.from(), whole.from().plus(LONGEST.multipliedBy(2)));
            }
            whole =
                    new Period(
                            whole.from(),
                            another.until().isAfter(whole.until())
                                    ? another.until()
                                    : whole.until());
            next = cron.next(next.get());
        }
        return whole;
    }

    private Period period(LocalDateTime start) {
        // Not from a time that the clocks skip: it would end before it begins.
        var begins = start.atZone(zone);
        return new Period(
                begins.toInstant(), begins.toLocalDateTime().plus(lasts).atZone(zone).toInstant());
    }
}
