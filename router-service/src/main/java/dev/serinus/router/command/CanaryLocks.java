package dev.serinus.router.command;

import dev.serinus.schemas.topic.CanaryKey;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.ReentrantLock;

/** One writer at a time for each canary of this process; between processes the versions decide. */
public final class CanaryLocks {

    private final ConcurrentMap<CanaryKey, ReentrantLock> locks = new ConcurrentHashMap<>();

    /** A canary's turn; ends when it is closed. */
    @FunctionalInterface
    public interface CanaryLock extends AutoCloseable {
        @Override
        void close();
    }

    /** Waits for the canary's turn. */
    public CanaryLock take(CanaryKey canary) throws InterruptedException {
        var lock = locks.computeIfAbsent(canary, _ -> new ReentrantLock());
        lock.lockInterruptibly();
        return lock::unlock;
    }
}
