package dev.serinus.analysis.access;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** So many requests a minute for each caller, all at once or spread. */
final class RateLimit {

    /** Callers are known by name, so that there are not many; the longest silent is forgotten. */
    private static final int CALLERS = 10_000;

    private record Bucket(double left, Instant at) {}

    private final int perMinute;
    private final InstantSource time;
    private final Map<String, Bucket> buckets =
            new LinkedHashMap<>(16, 0.75f, true) {
                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
                    return size() > CALLERS;
                }
            };

    RateLimit(int perMinute, InstantSource time) {
        this.perMinute = perMinute;
        this.time = time;
    }

    /** Takes one; otherwise how long to wait for the next. */
    synchronized Optional<Duration> take(String caller) {
        Instant now = time.instant();
        var before = buckets.getOrDefault(caller, new Bucket(perMinute, now));
        double grown = Duration.between(before.at(), now).toMillis() * perMinute / 60_000.0;
        double left = Math.min(perMinute, before.left() + Math.max(0, grown));
        if (left >= 1) {
            buckets.put(caller, new Bucket(left - 1, now));
            return Optional.empty();
        }
        buckets.put(caller, new Bucket(left, now));
        return Optional.of(Duration.ofMillis((long) Math.ceil((1 - left) * 60_000 / perMinute)));
    }
}
