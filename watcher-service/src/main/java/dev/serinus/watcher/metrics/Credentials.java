package dev.serinus.watcher.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.serinus.schemas.canary.ObjectNames;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Reads the Secrets that MetricTemplates name, at the moment they are used. What was read serves
 * all who use the same Secret within a few seconds, so that the canaries of a template read it
 * once; a new password counts that much later, and at once where the former one is refused. Whoever
 * reads has a turn for it. Safe for use by many threads.
 */
final class Credentials {

    /** How long a Secret that was read is used: less than the shortest interval of checks. */
    static final Duration USED = Duration.ofSeconds(5);

    private static final int MOST_KEPT = 256;

    /** Characters; what is longer is read each time, so that all together have 16 million. */
    private static final int LONGEST_KEPT = 64 * 1024;

    private final KubernetesClient client;
    private final InstantSource clock;
    private final AtomicLong order = new AtomicLong();
    private final Map<Name, Place> places = new LinkedHashMap<>(16, 0.75f, true); // guarded by this

    /**
     * @param clock for how long a Secret is used
     */
    Credentials(KubernetesClient client, InstantSource clock) {
        this.client = client;
        this.clock = clock;
    }

    /** What came of reading a Secret. */
    sealed interface Found {
        /**
         * What is in it.
         *
         * @param version that only this content has; empty where nobody says it
         */
        record Data(Map<String, String> data, String version) implements Found {
            /** How many there are, and nothing of them. */
            @Override
            public String toString() {
                return "Data[" + data.size() + "]";
            }

            private boolean isShort() {
                return data.values().stream().mapToInt(String::length).sum() <= LONGEST_KEPT;
            }
        }

        record Missing(String because) implements Found {}

        record Unknown(String because) implements Found {}
    }

    private record Name(String namespace, String name) {}

    /**
     * What a Secret held.
     *
     * @param begun and ended: places in the order of all that happens here
     * @param at when it was read
     */
    private record Read(Found found, long begun, long ended, Instant at) {
        private boolean isUsable(Instant now) {
            // One that was read later than now was so before a clock went back.
            return found instanceof Found.Data data
                    && data.isShort()
                    && !at.isAfter(now)
                    && now.isBefore(at.plus(USED));
        }
    }

    private static final class Place {
        private final ReentrantLock reading = new ReentrantLock();
        private volatile @Nullable Read last; // written while reading

        private boolean isOver(Instant now) {
            Read read = last;
            return read != null && !read.isUsable(now) && !reading.isLocked();
        }
    }

    /** The present moment, in the order of what happens here. */
    long now() {
        return order.incrementAndGet();
    }

    /**
     * Reads it, or has what was read within the last seconds. Who waited for somebody else's
     * reading gets what came of that, be it nothing; whoever comes later reads anew.
     */
    Found of(String namespace, String name) throws InterruptedException {
        return of(namespace, name, Long.MIN_VALUE);
    }

    /**
     * The same, but nothing that was read before then.
     *
     * @param since a {@link #now}, such as the one before what was read was refused
     */
    Found of(String namespace, String name, long since) throws InterruptedException {
        if (!ObjectNames.isName(name)) {
            return new Found.Missing(ObjectNames.because(name));
        }
        long came = now();
        Place place = place(new Name(namespace, name));
        place.reading.lockInterruptibly();
        try {
            Read last = place.last;
            if (last != null
                    && last.begun() > since
                    && (last.ended() > came || last.isUsable(clock.instant()))) {
                return last.found();
            }
            Instant at = clock.instant();
            long begun = now();
            Found found = read(namespace, name);
            place.last = new Read(found, begun, now(), at);
            return found;
        } finally {
            place.reading.unlock();
        }
    }

    private synchronized Place place(Name name) {
        Instant now = clock.instant();
        places.entrySet().removeIf(it -> !it.getKey().equals(name) && it.getValue().isOver(now));
        Place place = places.computeIfAbsent(name, _ -> new Place());
        if (places.size() > MOST_KEPT) {
            places.remove(places.keySet().iterator().next());
        }
        return place;
    }

    private Found read(String namespace, String name) {
        try {
            var secret = client.secrets().inNamespace(namespace).withName(name).get();
            if (secret == null) {
                return new Found.Missing("secrets \"%s\" not found".formatted(name));
            }
            Map<String, String> data = new HashMap<>();
            if (secret.getData() != null) {
                secret.getData()
                        .forEach(
                                (key, value) ->
                                        data.put(
                                                key,
                                                new String(
                                                        Base64.getMimeDecoder().decode(value),
                                                        UTF_8)));
            }
            return new Found.Data(Map.copyOf(data), version(secret.getMetadata()));
        } catch (KubernetesClientException away) {
            return new Found.Unknown(
                    Unreadable.because("secret " + name, "secrets", namespace, away));
        } catch (IllegalArgumentException _) {
            return new Found.Missing("secret %s is not base64".formatted(name));
        }
    }

    private static String version(@Nullable ObjectMeta meta) {
        String uid = meta == null ? null : meta.getUid();
        String version = meta == null ? null : meta.getResourceVersion();
        return uid == null || uid.isEmpty() || version == null || version.isEmpty()
                ? ""
                : uid + "/" + version;
    }
}
