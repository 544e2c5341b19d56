package dev.serinus.analysis.rules;

import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;

/** When something is, by the clocks of a zone. A function of time alone: it knows no present. */
sealed interface Calendar permits Once, Recurring {

    /** Whose clocks it is written by. */
    ZoneId zone();

    /** The period that lasts at a moment, or else the next one; empty after the last. */
    Optional<Period> at(Instant moment);
}
