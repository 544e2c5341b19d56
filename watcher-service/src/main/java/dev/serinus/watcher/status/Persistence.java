package dev.serinus.watcher.status;

import dev.serinus.schemas.topic.CanaryKey;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.micrometer.core.instrument.MeterRegistry;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Asks the API server until it has decided. An API server that is away, overloaded, or does not
 * allow it yet, is asked again with growing pauses, for as long as it takes; every other answer is
 * the caller's.
 */
final class Persistence {

    private static final Logger LOG = LoggerFactory.getLogger(Persistence.class);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    /** A request that still waits is told again this often. */
    private static final Duration REMINDER = Duration.ofMinutes(5);

    private static final int UNTOLD = Integer.MIN_VALUE;

    private final Duration firstPause;
    private final AtomicInteger waiting;

    Persistence(Duration firstPause, MeterRegistry meters) {
        this.firstPause = firstPause;
        this.waiting =
                Objects.requireNonNull(
                        meters.gauge("serinus.watcher.writes.waiting", new AtomicInteger()));
    }

    <T> T ask(CanaryKey canary, String what, Supplier<T> request) throws InterruptedException {
        waiting.incrementAndGet();
        try {
            return insist(canary, what, request);
        } finally {
            waiting.decrementAndGet();
        }
    }

    private <T> T insist(CanaryKey canary, String what, Supplier<T> request)
            throws InterruptedException {
        Duration pause = firstPause;
        Duration untold = Duration.ZERO;
        int told = UNTOLD;
        while (true) {
            try {
                return request.get();
            } catch (KubernetesClientException answer) {
                if (Thread.interrupted() || answer.getCause() instanceof InterruptedException) {
                    throw new InterruptedException("interrupted while asking the API server");
                }
                if (!mayChange(answer)) {
                    throw answer;
                }
                int code = answer.getCode();
                if (told != code || untold.compareTo(REMINDER) >= 0) {
                    // For each kind of trouble, and now and then: the pauses tell nothing new.
                    LOG.atWarn()
                            .addKeyValue("canary", canary)
                            .addKeyValue("request", what)
                            .addKeyValue("status", answer.getCode())
                            .log("the API server did not take it, trying again until it does");
                    told = code;
                    untold = Duration.ZERO;
                }
                if (answer.getCode() == 403) {
                    pause = LONGEST_PAUSE;
                }
            }
            untold = untold.plus(pause);
            Thread.sleep(
                    pause.multipliedBy(50 + ThreadLocalRandom.current().nextInt(100))
                            .dividedBy(100));
            pause =
                    pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0
                            ? pause.multipliedBy(2)
                            : LONGEST_PAUSE;
        }
    }

    /** True when the same request may be answered otherwise later. */
    private static boolean mayChange(KubernetesClientException answer) {
        int code = answer.getCode();
        return code <= 0 // no answer at all
                || code == 401
                || (code == 403 && !isTerminating(answer))
                || code == 408
                || code == 429
                || code >= 500;
    }

    /** A namespace that is being deleted takes no new objects, and never will again. */
    static boolean isTerminating(KubernetesClientException answer) {
        String message = String.valueOf(answer.getMessage());
        return answer.getCode() == 403 && message.contains("being terminated");
    }
}
