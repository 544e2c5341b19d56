package dev.serinus.schemas.outgoing;

import java.time.Duration;

/** How a pause is spent: {@code Thread::sleep}, or a note taken in a test. */
@FunctionalInterface
public interface Sleeper {
    void sleep(Duration pause) throws InterruptedException;
}
