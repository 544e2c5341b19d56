package dev.serinus.analysis.rules;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Optional;

/** A single period. A time that the clocks skip is as much later. */
record Once(LocalDateTime from, LocalDateTime to, ZoneId zone) implements Calendar {

    @Override
    public Optional<Period> at(Instant moment) {
        var period = new Period(from.atZone(zone).toInstant(), to.atZone(zone).toInstant());
        return moment.isBefore(period.until()) ? Optional.of(period) : Optional.empty();
    }
}
