package dev.serinus.watcher.metrics;

import dev.serinus.watcher.metrics.provider.NotedHttp;
import dev.serinus.watcher.metrics.provider.ProviderHttp;
import dev.serinus.watcher.metrics.provider.ProviderSettings;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Which settings a provider did not take, by status 401 or 403: their Secrets may hold something
 * else by now. Of settings a digest is kept. Safe for use by many threads.
 */
final class Refusals {

    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private static final int MOST = 1000;

    private final LongSupplier now;
    private final Map<String, Long> last = new LinkedHashMap<>(); // guarded by this

    /**
     * @param now a place in the order of what happens, later with each call
     */
    Refusals(LongSupplier now) {
        this.now = now;
    }

    /** What is sent with these settings by this way. */
    ProviderHttp noting(ProviderSettings settings, ProviderHttp http) {
        String digest = settings.digest();
        return new NotedHttp(
                http,
                reply -> {
                    if (reply.status() == UNAUTHORIZED || reply.status() == FORBIDDEN) {
                        note(digest);
                    }
                });
    }

    private synchronized void note(String digest) {
        last.remove(digest);
        last.put(digest, now.getAsLong());
        if (last.size() > MOST) {
            last.remove(last.keySet().iterator().next());
        }
    }

    /** True where they were refused after this. */
    synchronized boolean since(long then, ProviderSettings settings) {
        return last.getOrDefault(settings.digest(), Long.MIN_VALUE) > then;
    }
}
