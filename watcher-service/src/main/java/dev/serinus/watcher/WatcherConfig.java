package dev.serinus.watcher;

import java.time.Duration;

/**
 * How patient the watcher is.
 *
 * @param generationPatience how long a metric query waits for a generation of its Canary that the
 *     watch has not shown yet
 * @param largestAnswer bytes that a metrics provider may answer with
 */
public record WatcherConfig(Duration generationPatience, long largestAnswer) {

    /** 10 seconds, 4 MiB. */
    public static final WatcherConfig DEFAULTS =
            new WatcherConfig(Duration.ofSeconds(10), 4 * 1024 * 1024);

    public WatcherConfig {
        if (generationPatience.isNegative()) {
            throw new IllegalArgumentException(
                    "generation-patience must not be negative, was " + generationPatience);
        }
        if (largestAnswer < 1024) {
            throw new IllegalArgumentException(
                    "largest-answer must be at least 1024 bytes, was " + largestAnswer);
        }
    }
}
