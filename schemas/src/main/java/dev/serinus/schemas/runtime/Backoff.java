package dev.serinus.schemas.runtime;

import java.time.Duration;

/** Pauses that grow from a tenth of a second to five seconds, for what will come back by itself. */
public final class Backoff {

    private static final Duration LONGEST = Duration.ofSeconds(5);

    private Duration next = Duration.ofMillis(100);

    /** Waits, the next time longer. */
    public void next() throws InterruptedException {
        Thread.sleep(next);
        next = next.multipliedBy(2).compareTo(LONGEST) < 0 ? next.multipliedBy(2) : LONGEST;
    }
}
