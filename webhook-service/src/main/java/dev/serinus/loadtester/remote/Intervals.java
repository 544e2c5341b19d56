package dev.serinus.loadtester.remote;

import dev.serinus.schemas.canary.Durations;

import java.time.Duration;
import java.util.Optional;

/** How often something is asked, as manifests write it: {@code 5}, {@code 5s}, {@code 500ms}. */
final class Intervals {

    private static final Duration SHORTEST = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofHours(24);

    private Intervals() {}

    /** A number alone is seconds; empty where it is none, or not 100ms to 24h. */
    static Optional<Duration> parse(String written) {
        String text = written.strip();
        Optional<Duration> found =
                text.matches("[0-9]{1,5}")
                        ? Optional.of(Duration.ofSeconds(Long.parseLong(text)))
                        : Durations.parse(text);
        return found.filter(it -> it.compareTo(SHORTEST) >= 0 && it.compareTo(LONGEST) <= 0);
    }
}
