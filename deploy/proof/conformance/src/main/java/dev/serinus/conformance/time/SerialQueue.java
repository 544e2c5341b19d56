package dev.serinus.conformance.time;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutorService;

/** One thing after the other, each to its end, however long it waits. */
public final class SerialQueue {

    private final Timeline timeline;
    private final Deque<Runnable> queue = new ArrayDeque<>();
    private boolean busy;

    SerialQueue(Timeline timeline) {
        this.timeline = timeline;
    }

    /** To be done after all that was asked for before; it may wait on the timeline. */
    public void add(Runnable work) {
        queue.add(work);
        if (!busy) {
            busy = true;
            timeline.begin(this::next);
        }
    }

    /** This queue, for code that wants an executor. */
    public ExecutorService executor() {
        return new SerialQueueExecutor(this);
    }

    private void next() {
        try {
            queue.remove().run();
        } finally {
            if (queue.isEmpty()) {
                busy = false;
            } else {
                timeline.begin(this::next);
            }
        }
    }
}
