package dev.serinus.watcher.metrics;

import dev.serinus.schemas.outgoing.TlsSettings;
import dev.serinus.watcher.metrics.provider.ProviderHttp;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Servers that asked to be left alone for a while, by status 429 or 503 with {@code Retry-After}:
 * they are not asked by the same namespace with the same credentials until then. What one namespace
 * meets keeps no other from asking.
 */
final class BackendPauses {

    /**
     * A server that asks for more gets this: less than the shortest interval of checks, since a
     * check that was not sent is no evidence against a release.
     */
    static final Duration LONGEST = Duration.ofSeconds(9);

    private static final int MOST = 10_000;

    /**
     * Whom it is about.
     *
     * @param headers a number made of the headers that do not change with time, since they hold the
     *     credentials
     * @param tls by which certificate; null by none
     */
    private record Server(
            String namespace, String address, int headers, @Nullable TlsSettings tls) {
        static Server of(String namespace, ProviderHttp.Request request) {
            return new Server(
                    namespace,
                    Backends.server(request.uri()),
                    lasting(request.headers()).hashCode(),
                    request.tls());
        }

        /** Without the moment of a signature of AWS, so that whoever signs stays the same. */
        private static Map<String, List<String>> lasting(Map<String, List<String>> headers) {
            Map<String, List<String>> lasting = new HashMap<>();
            headers.forEach(
                    (name, values) -> {
                        if (!name.equalsIgnoreCase("X-Amz-Date")) {
                            lasting.put(name, values.stream().map(Server::signer).toList());
                        }
                    });
            return lasting;
        }

        /** Of such a signature the key that made it. */
        private static String signer(String value) {
            return value.startsWith("AWS4-HMAC-SHA256 ")
                    ? value.substring(0, value.concat("/").indexOf('/'))
                    : value;
        }
    }

    private final InstantSource clock;
    private final Map<Server, Instant> until = new ConcurrentHashMap<>();

    BackendPauses(InstantSource clock) {
        this.clock = clock;
    }

    /** How long this must not be sent yet; empty when it may be. */
    Optional<Duration> left(String namespace, ProviderHttp.Request request) {
        Instant end = until.get(Server.of(namespace, request));
        return end == null
                ? Optional.empty()
                : Optional.of(Duration.between(clock.instant(), end))
                        // More is left over from before a clock went back.
                        .filter(left -> left.isPositive() && left.compareTo(LONGEST) <= 0);
    }

    /** Takes note of what was answered. */
    void answered(String namespace, ProviderHttp.Request request, ProviderHttp.Reply reply) {
        Duration pause = reply.retryAfter();
        if (pause == null || (reply.status() != 429 && reply.status() != 503)) {
            return;
        }
        Instant now = clock.instant();
        if (until.size() >= MOST) {
            until.values().removeIf(end -> !end.isAfter(now));
        }
        if (until.size() < MOST) {
            until.put(
                    Server.of(namespace, request),
                    now.plus(pause.compareTo(LONGEST) < 0 ? pause : LONGEST));
        }
    }
}
