package dev.serinus.watcher.metrics;

import dev.serinus.schemas.outgoing.CallSlots;
import dev.serinus.schemas.outgoing.Sleeper;
import dev.serinus.schemas.topic.CanaryKey;
import dev.serinus.watcher.metrics.provider.ProviderHttp;

import io.micrometer.core.instrument.MeterRegistry;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Keeps each server from being asked more than it may be. Who waits for a turn waits for that
 * server only, is let in namespace by namespace, and gives up when the limit of its own request is
 * over. Safe for use by many threads.
 */
final class Backends {

    /** So many are kept before those at which nothing happens are dropped. */
    private static final int MANY = 1000;

    private static final Duration SECOND = Duration.ofSeconds(1);

    private final BackendLimits limits;
    private final InstantSource clock;
    private final Sleeper sleeper;
    private final MeterRegistry meters;
    private final Map<String, Backend> backends = new HashMap<>(); // guarded by this

    Backends(BackendLimits limits, InstantSource clock, Sleeper sleeper, MeterRegistry meters) {
        this.limits = limits;
        this.clock = clock;
        this.sleeper = sleeper;
        this.meters = meters;
    }

    /** What is done in a turn. */
    interface Turn<T> {
        T take() throws ProviderHttp.NoReply, InterruptedException;
    }

    private static final class Backend {
        private final CallSlots slots;
        private int users; // guarded by Backends
        private final CallSlots pace = new CallSlots(1, 1, 1);
        private Instant free = Instant.MIN; // when the next one may begin; guarded by this

        private Backend(int atOnce) {
            int ofNamespace = (atOnce + 1) / 2;
            this.slots = new CallSlots(atOnce, ofNamespace, ofNamespace);
        }

        /**
         * How long to wait before one may begin; nothing is reserved when that is too long. Only
         * who is next asks, so that nobody reserves the time of others.
         */
        private synchronized Duration reserve(Instant now, Duration pace, Duration longest) {
            Instant oldest = now.minus(SECOND).plus(pace);
            // Later than the next was before a clock went back.
            Instant latest = now.plus(pace);
            Instant begin = free.isBefore(oldest) || free.isAfter(latest) ? oldest : free;
            Duration wait = Duration.between(now, begin);
            if (wait.compareTo(longest) <= 0) {
                free = begin.plus(pace);
            }
            return wait;
        }

        private synchronized boolean isIdle(Instant now) {
            return users == 0 && !free.isAfter(now.minus(SECOND));
        }
    }

    /**
     * Does this when the server may be asked.
     *
     * @param longest how long to wait for that; then it is trouble, and nobody was asked
     */
    <T> T inTurn(CanaryKey owner, URI uri, Duration longest, Turn<T> turn)
            throws ProviderHttp.NoReply, InterruptedException {
        Backend backend = use(server(uri));
        try {
            Instant came = clock.instant();
            if (!backend.slots.enter(owner, longest)) {
                throw refused(
                        "more than %d queries are under way there".formatted(limits.atOnce()),
                        longest);
            }
            try {
                keepPace(backend, owner, longest, came);
                waited("asked", Duration.between(came, clock.instant()));
                return turn.take();
            } finally {
                backend.slots.leave(owner);
            }
        } finally {
            leave(backend);
        }
    }

    /** The server of an address: scheme, host and port. Names are not resolved. */
    static String server(URI uri) {
        String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
        String host = String.valueOf(uri.getHost()).toLowerCase(Locale.ROOT);
        int usual = scheme.equals("https") ? 443 : 80;
        return "%s://%s:%d"
                .formatted(
                        scheme,
                        host.endsWith(".") ? host.substring(0, host.length() - 1) : host,
                        uri.getPort() < 0 ? usual : uri.getPort());
    }

    private void keepPace(Backend backend, CanaryKey owner, Duration longest, Instant came)
            throws ProviderHttp.NoReply, InterruptedException {
        if (!backend.pace.enter(owner, left(longest, came))) {
            throw tooFast(longest);
        }
        try {
            Duration left = left(longest, came);
            Duration more =
                    backend.reserve(clock.instant(), SECOND.dividedBy(limits.perSecond()), left);
            if (more.compareTo(left) > 0) {
                throw tooFast(longest);
            }
            if (more.isPositive()) {
                sleeper.sleep(more);
            }
        } finally {
            backend.pace.leave(owner);
        }
    }

    private Duration left(Duration longest, Instant came) {
        Duration left = longest.minus(Duration.between(came, clock.instant()));
        return left.isNegative() ? Duration.ZERO : left;
    }

    private ProviderHttp.NoReply tooFast(Duration longest) {
        return refused(
                "more than %d queries per second want to go there".formatted(limits.perSecond()),
                longest);
    }

    private ProviderHttp.NoReply refused(String because, Duration longest) {
        waited("refused", longest);
        return new ProviderHttp.NoReply(
                "the server could not be asked within %ds: %s"
                        .formatted(longest.toSeconds(), because));
    }

    private void waited(String outcome, Duration time) {
        meters.timer("serinus.watcher.backend.wait", "outcome", outcome).record(time);
    }

    private synchronized Backend use(String name) {
        if (backends.size() >= MANY && !backends.containsKey(name)) {
            Instant now = clock.instant();
            backends.values().removeIf(each -> each.isIdle(now));
        }
        Backend backend = backends.computeIfAbsent(name, _ -> new Backend(limits.atOnce()));
        backend.users++;
        return backend;
    }

    private synchronized void leave(Backend backend) {
        backend.users--;
    }
}
