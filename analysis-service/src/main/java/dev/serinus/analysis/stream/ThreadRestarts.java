package dev.serinus.analysis.stream;

import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * Replaces a thread that died, more slowly the more often it happens: a broker that is away for an
 * hour, or a topic set up wrongly, costs a few tries and heals without anybody's help. It never
 * gives up, and the readiness shows it.
 */
final class ThreadRestarts implements StreamsUncaughtExceptionHandler {

    private static final Logger log = LoggerFactory.getLogger(ThreadRestarts.class);
    private static final Duration FIRST = Duration.ofMillis(200);
    private static final Duration LONGEST = Duration.ofSeconds(30);

    /** A thread that lived this long had recovered. */
    private static final Duration QUIET = Duration.ofMinutes(2);

    /** Longer than a thread takes to join its group and to fail at that. */
    private static final Duration PROOF = Duration.ofSeconds(15);

    private final InstantSource time;
    private Duration pause = FIRST;
    private Instant last = Instant.EPOCH;

    ThreadRestarts(InstantSource time) {
        this.time = time;
    }

    @Override
    public StreamThreadExceptionResponse handle(Throwable death) {
        Duration wait = next();
        log.atError()
                .setCause(death)
                .addKeyValue("pause", wait)
                .log("a stream thread died and will be replaced");
        try {
            Thread.sleep(wait);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
        return StreamThreadExceptionResponse.REPLACE_THREAD;
    }

    /**
     * False from a death until the thread that replaced it has lived for a while: Streams calls
     * itself running also while its only thread dies again and again.
     */
    synchronized boolean recovered() {
        return last.plus(pause).plus(PROOF).isBefore(time.instant());
    }

    synchronized Duration next() {
        Instant now = time.instant();
        pause = last.plus(QUIET).isBefore(now) ? FIRST : pause.multipliedBy(2);
        pause = pause.compareTo(LONGEST) > 0 ? LONGEST : pause;
        last = now;
        return pause;
    }
}
