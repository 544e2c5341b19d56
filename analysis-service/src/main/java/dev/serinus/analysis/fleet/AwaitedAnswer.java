package dev.serinus.analysis.fleet;

import dev.serinus.schemas.events.RolloutEvent;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/** Somebody waits for the event that answers an action. Closed by whoever waits no longer. */
public final class AwaitedAnswer implements AutoCloseable {

    private final AtomicReference<RolloutEvent> event = new AtomicReference<>();
    private final CountDownLatch given = new CountDownLatch(1);
    private final Consumer<AwaitedAnswer> over;

    AwaitedAnswer(Consumer<AwaitedAnswer> over) {
        this.over = over;
    }

    void give(RolloutEvent answer) {
        event.compareAndSet(null, answer);
        given.countDown();
    }

    /** The event; empty while there is none. */
    public Optional<RolloutEvent> now() {
        return Optional.ofNullable(event.get());
    }

    /** The event; empty where none comes within this time. */
    public Optional<RolloutEvent> within(Duration patience) throws InterruptedException {
        boolean _ = given.await(patience.toNanos(), TimeUnit.NANOSECONDS);
        return now();
    }

    @Override
    public void close() {
        over.accept(this);
    }
}
