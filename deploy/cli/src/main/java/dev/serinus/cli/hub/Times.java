package dev.serinus.cli.hub;

import com.fasterxml.jackson.databind.JsonNode;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/** Times as people read them. */
final class Times {

    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss");
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("MMM d HH:mm:ss");

    private Times() {}

    /** An instant of the API; empty where there is none. */
    static Optional<Instant> of(JsonNode text) {
        try {
            return text.isTextual() ? Optional.of(Instant.parse(text.asText())) : Optional.empty();
        } catch (DateTimeParseException none) {
            return Optional.empty();
        }
    }

    /** How long ago, as kubectl says it: {@code 45s}, {@code 5m}, {@code 3h}, {@code 12d}. */
    static String age(Instant then, Instant now) {
        return length(Duration.between(then, now));
    }

    /** A length in its largest whole unit; of less than two minutes in seconds. */
    static String length(Duration time) {
        long seconds = Math.max(0, time.toSeconds());
        if (seconds < 120) {
            return seconds + "s";
        }
        if (seconds < 120 * 60) {
            return seconds / 60 + "m";
        }
        return seconds < 48 * 60 * 60 ? seconds / 3600 + "h" : seconds / 86_400 + "d";
    }

    /** Of the clock on the wall, with the day where it is not today. */
    static String clock(Instant at, Instant now, ZoneId zone) {
        boolean today = at.atZone(zone).toLocalDate().equals(now.atZone(zone).toLocalDate());
        return (today ? CLOCK : DAY).format(at.atZone(zone));
    }
}
