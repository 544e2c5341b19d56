package dev.serinus.conformance.time;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.BooleanSupplier;

/**
 * A clock, and all that happens by it. One thing happens at a time, in the order in which it was
 * asked for; the clock moves only when nothing is left to do. Work that waits hands over to other
 * work and goes on at its time, so that the same work always takes the same course.
 *
 * <p>The thread that made it drives it, by waiting for something.
 */
public final class Timeline implements InstantSource, AutoCloseable {

    private record Alarm(Instant at, long number, Runnable what) {}

    private final Deque<Runnable> urgent = new ArrayDeque<>();
    private final Deque<Runnable> ready = new ArrayDeque<>();
    private final PriorityQueue<Alarm> alarms =
            new PriorityQueue<>(Comparator.comparing(Alarm::at).thenComparingLong(Alarm::number));
    private final List<SteppedThread> strands = new ArrayList<>();
    private Instant now;
    private long numbers;
    private @Nullable SteppedThread current;
    private boolean closed;

    public Timeline(Instant start) {
        this.now = start;
    }

    @Override
    public Instant instant() {
        return now;
    }

    /** Happens before all that is to be done: short, and never waiting. */
    public void soon(Runnable what) {
        urgent.add(what);
    }

    /** Happens at this time: short, and never waiting. */
    public void at(Instant time, Runnable what) {
        alarms.add(new Alarm(time, numbers++, what));
    }

    /** A place where one thing is done after the other, while other queues go on. */
    public SerialQueue queue() {
        return new SerialQueue(this);
    }

    /** Lets time pass: for the work that asks, or for all of it when the driver asks. */
    public void sleep(Duration time) throws InterruptedException {
        SteppedThread strand = current;
        if (strand == null) {
            Instant end = now.plus(time);
            var _ = await(() -> false, end);
            now = end;
        } else {
            at(now.plus(time), () -> ready.add(() -> resume(strand)));
            strand.park();
        }
    }

    /**
     * Lets time pass until this is so, and all has happened that happens at that time; false when
     * it is not so in time. The driver's only.
     */
    public boolean await(BooleanSupplier condition, Duration limit) {
        return await(condition, now.plus(limit));
    }

    private boolean await(BooleanSupplier condition, Instant end) {
        while (true) {
            settle();
            if (condition.getAsBoolean()) {
                return true;
            }
            Alarm next = alarms.peek();
            if (next == null || next.at().isAfter(end)) {
                now = end;
                return false;
            }
            alarms.remove();
            now = next.at().isAfter(now) ? next.at() : now;
            next.what().run();
        }
    }

    /** Does all that can be done without time. */
    private void settle() {
        while (true) {
            Runnable next = urgent.poll();
            if (next == null) {
                next = ready.poll();
            }
            if (next == null) {
                return;
            }
            next.run();
        }
    }

    /** Begins work that may wait, as soon as its turn comes. */
    void begin(Runnable work) {
        ready.add(
                () -> {
                    var strand = new SteppedThread(work);
                    strands.add(strand);
                    resume(strand);
                });
    }

    private void resume(SteppedThread strand) {
        if (closed) {
            return;
        }
        current = strand;
        try {
            if (strand.run()) {
                strands.remove(strand);
            }
        } finally {
            current = null;
        }
    }

    /** Ends all work that waits. */
    @Override
    public void close() {
        closed = true;
        strands.forEach(SteppedThread::abandon);
    }
}
