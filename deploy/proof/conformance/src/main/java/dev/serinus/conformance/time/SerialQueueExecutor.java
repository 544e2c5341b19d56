package dev.serinus.conformance.time;

import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.TimeUnit;

/** A lane as code sees it that wants an executor. */
final class SerialQueueExecutor extends AbstractExecutorService {

    private final SerialQueue lane;
    private boolean closed;

    SerialQueueExecutor(SerialQueue lane) {
        this.lane = lane;
    }

    @Override
    public void execute(Runnable work) {
        lane.add(work);
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
