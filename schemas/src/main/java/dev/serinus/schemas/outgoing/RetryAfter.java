package dev.serinus.schemas.outgoing;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;

/** The header in which a server says how long it wants to be left alone. */
final class RetryAfter {

    private RetryAfter() {}

    /** Seconds or a date, as HTTP allows; null for neither. */
    static @Nullable Duration read(String text, Instant now) {
        try {
            if (text.strip().matches("\\d{1,9}")) {
                return Duration.ofSeconds(Long.parseLong(text.strip()));
            }
            var date = ZonedDateTime.parse(text.strip(), DateTimeFormatter.RFC_1123_DATE_TIME);
            Duration left = Duration.between(now, date.toInstant());
            return left.isNegative() ? Duration.ZERO : left;
        } catch (DateTimeParseException neither) {
            return null;
        }
    }
}
