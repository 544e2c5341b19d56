package dev.serinus.analysis.telemetry;

import dev.serinus.schemas.telemetry.TraceContext;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A part of a rollout that lasted.
 *
 * @param parent the span around it; null for a whole run
 * @param failed why it did not end well; null where it did
 */
record Span(
        TraceContext context,
        @Nullable String parent,
        String name,
        Instant start,
        Instant end,
        Map<String, String> attributes,
        List<Event> events,
        @Nullable String failed) {

    Span {
        attributes = Map.copyOf(attributes);
        events = List.copyOf(events);
    }

    /** Something that happened at its end. */
    record Event(String name, Instant at, String message) {}
}
