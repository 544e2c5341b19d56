package dev.serinus.watcher;

import java.time.Duration;
import java.util.Map;

/**
 * How patient the watcher is.
 *
 * @param generationPatience how long a metric query waits for a generation of its Canary that the
 *     watch has not shown yet
 * @param largestAnswer bytes that a metrics provider may answer with
 * @param allowLinkLocal let queries go to link-local and metadata addresses
 * @param environment variables of the process, for HTTP_PROXY, HTTPS_PROXY and NO_PROXY
 */
public record WatcherConfig(
        Duration generationPatience,
        long largestAnswer,
        boolean allowLinkLocal,
        Map<String, String> environment) {

    /** 10 seconds, 4 MiB, no link-local addresses, no proxy. */
    public static final WatcherConfig DEFAULTS =
            new WatcherConfig(Duration.ofSeconds(10), 4 * 1024 * 1024, false, Map.of());

    public WatcherConfig {
        environment = Map.copyOf(environment);
        if (generationPatience.isNegative()) {
            throw new IllegalArgumentException(
                    "generation-patience must not be negative, was " + generationPatience);
        }
        if (largestAnswer < 1024) {
            throw new IllegalArgumentException(
                    "largest-answer must be at least 1024 bytes, was " + largestAnswer);
        }
    }

    /** Leaves out the environment. */
    @Override
    public String toString() {
        return "WatcherConfig[generationPatience="
                + generationPatience
                + ", largestAnswer="
                + largestAnswer
                + ", allowLinkLocal="
                + allowLinkLocal
                + "]";
    }
}
