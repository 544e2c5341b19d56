package dev.serinus.watcher.metrics.provider;

import java.time.Instant;

/** Moments as providers write them; what no calendar has becomes the nearest that it has. */
final class SampleTime {

    private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant LAST = Instant.parse("9999-12-31T23:59:59Z");

    private SampleTime() {}

    /** Seconds since 1970, of any size, with what a fraction says of milliseconds. */
    static Instant ofSeconds(double seconds) {
        return ofMillis(seconds * 1000);
    }

    /** Milliseconds since 1970, of any size. */
    static Instant ofMillis(double millis) {
        return within(Instant.ofEpochMilli((long) millis));
    }

    static Instant within(Instant time) {
        if (time.isBefore(FIRST)) {
            return FIRST;
        }
        return time.isAfter(LAST) ? LAST : time;
    }
}
