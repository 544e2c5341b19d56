package dev.serinus.bench.process;

import java.time.Duration;

/** A process that takes part in a training. Closing it ends it in good order, or else. */
public interface TrainedProcess extends AutoCloseable {

    String name();

    /**
     * Ends it in good order and waits until it has, and has written its cache.
     *
     * @throws IllegalStateException if it takes longer
     */
    void end(Duration patience) throws InterruptedException;

    @Override
    void close();
}
