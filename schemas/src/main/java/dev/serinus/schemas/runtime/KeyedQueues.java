package dev.serinus.schemas.runtime;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;

/**
 * One queue per key, each emptied by one virtual thread: what has the same key is done one after
 * the other, in order, everything else at the same time. A lane exists only while it has work, so
 * memory depends on the work at hand and not on how many keys there ever were. How much work may be
 * at hand is for the caller to bound. Work that throws is told and left behind: the next of its
 * lane is done all the same.
 */
final class KeyedQueues {

    private static final Logger log = LoggerFactory.getLogger(KeyedQueues.class);

    private final Map<Object, Queue<Runnable>> queues = new HashMap<>(); // guarded by this
    private final Thread.Builder threads;

    KeyedQueues(String name) {
        threads = Thread.ofVirtual().name(name + "-", 0);
    }

    synchronized void add(Object key, Runnable work) {
        Queue<Runnable> lane = queues.get(key);
        if (lane != null) {
            lane.add(work);
            return;
        }
        lane = new ArrayDeque<>();
        lane.add(work);
        threads.start(() -> empty(key)); // it waits for this monitor before it looks for the lane
        queues.put(key, lane);
    }

    /** Queues that have work. */
    synchronized int open() {
        return queues.size();
    }

    /** What waits in a lane at this moment, in order, without what is being done. */
    synchronized List<Runnable> waiting(Object key) {
        Queue<Runnable> lane = queues.get(key);
        return lane == null ? List.of() : List.copyOf(lane);
    }

    @SuppressWarnings("CatchingUnchecked") // A lane without a thread would be stuck for ever
    private void empty(Object key) {
        for (Runnable work = next(key); work != null; work = next(key)) {
            try {
                work.run();
            } catch (Throwable broken) {
                log.atError().setCause(broken).log("work threw, which is a bug");
            }
        }
    }

    private synchronized @Nullable Runnable next(Object key) {
        Queue<Runnable> lane = queues.get(key);
        Runnable work = lane == null ? null : lane.poll();
        if (work == null) {
            queues.remove(key);
        }
        return work;
    }
}
