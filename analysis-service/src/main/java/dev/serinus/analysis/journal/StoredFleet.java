package dev.serinus.analysis.journal;

import dev.serinus.analysis.permit.Fleet;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * What is kept of a scope between decisions.
 *
 * @param number of inputs taken so far
 * @param at the time of the last decision
 */
public record StoredFleet(long number, Instant at, Fleet fleet) {

    /** Of a scope in which nobody runs or waits. */
    public static final StoredFleet NOTHING = new StoredFleet(0, Instant.EPOCH, Fleet.NOBODY);

    /** The time of the next decision: now, but never before the last one, in milliseconds. */
    Instant stamp(Instant now) {
        Instant millis = now.truncatedTo(ChronoUnit.MILLIS);
        return millis.isBefore(at) ? at : millis;
    }
}
