package dev.serinus.watcher.metrics;

/**
 * How much one server may be asked, by all canaries together. A server is a scheme, a host and a
 * port; a namespace has a half of what may be under way there.
 *
 * @param atOnce queries under way together
 * @param perSecond queries that begin in a second; as many may begin at once after a pause
 */
public record BackendLimits(int atOnce, int perSecond) {

    /** 100 at once, 500 per second. */
    public static final BackendLimits DEFAULTS = new BackendLimits(100, 500);

    public BackendLimits {
        if (atOnce < 1) {
            throw new IllegalArgumentException(
                    "backend-queries-at-once must be 1 or more, was " + atOnce);
        }
        if (perSecond < 1) {
            throw new IllegalArgumentException(
                    "backend-queries-per-second must be 1 or more, was " + perSecond);
        }
    }
}
