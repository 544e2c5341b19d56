package dev.serinus.watcher;

import dev.serinus.schemas.runtime.Outbox;
import dev.serinus.schemas.topic.CanaryKey;
import dev.serinus.schemas.topic.Topic;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;

/** An outbox that keeps what is sent, and can be away for a while. */
public final class Collected implements Outbox {

    private final List<Object> values = new CopyOnWriteArrayList<>();
    private final Semaphore there = new Semaphore(1);

    @Override
    public <V> void send(Topic<CanaryKey, V> topic, CanaryKey canary, V value)
            throws InterruptedException {
        there.acquire();
        try {
            values.add(value);
        } finally {
            there.release();
        }
    }

    /** From now on who sends waits. */
    public void hold() throws InterruptedException {
        there.acquire();
    }

    /** True while somebody waits. */
    public boolean isAwaited() {
        return there.hasQueuedThreads();
    }

    /** The end of the waiting. */
    public void release() {
        there.release();
    }

    /** Everything that was sent, in order. */
    public List<Object> values() {
        return values;
    }

    /** Everything of one type that was sent, in order. */
    public <T> List<T> of(Class<T> type) {
        return values.stream().filter(type::isInstance).map(type::cast).toList();
    }
}
