package dev.serinus.conformance.time;

import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.TimeUnit;

/** A queue for code that wants an executor. */
final class SerialQueueExecutor extends AbstractExecutorService {

    private final SerialQueue queue;
    private boolean closed;

    SerialQueueExecutor(SerialQueue queue) {
        this.queue = queue;
    }

    @Override
    public void execute(Runnable work) {
        queue.add(work);
    }

    @Override
    public void shutdown() {
        closed = true;
    }

    @Override
    public List<Runnable> shutdownNow() {
        closed = true;
        return List.of();
    }

    @Override
    public boolean isShutdown() {
        return closed;
    }

    @Override
    public boolean isTerminated() {
        return closed;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        return true;
    }
}
