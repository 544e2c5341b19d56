package dev.serinus.schemas.runtime;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.function.Predicate;

/**
 * One queue per key, each emptied by one virtual thread: what has the same key is done one after
 * the other, in order, everything else at the same time. A lane exists only while it has work, so
 * memory depends on the work at hand and not on how many keys there ever were. How much work may be
 * at hand is for the caller to bound. Work that throws is told and left behind: the next of its
 * lane is done all the same.
 */
final class KeyedQueues {

    private static final Logger log = LoggerFactory.getLogger(KeyedQueues.class);

    private static final class Lane {
        private final Queue<Runnable> waiting = new ArrayDeque<>();
        private long begun = System.nanoTime();
    }

    private final Map<Object, Lane> lanes = new HashMap<>(); // guarded by this
    private final Thread.Builder threads;

    KeyedQueues(String name) {
        threads = Thread.ofVirtual().name(name + "-", 0);
    }

    synchronized void add(Object key, Runnable work) {
        Lane lane = lanes.get(key);
        if (lane != null) {
            lane.waiting.add(work);
            return;
        }
        lane = new Lane();
        lane.waiting.add(work);
        threads.start(() -> empty(key)); // it waits for this monitor before it looks for the lane
        lanes.put(key, lane);
    }

    /** Queues that have work. */
    synchronized int open() {
        return lanes.size();
    }

    /** Takes out such work as waits behind work that was begun longer ago than that. */
    synchronized List<Runnable> withdraw(Predicate<Runnable> which, Duration longest) {
        List<Runnable> withdrawn = new ArrayList<>();
        long now = System.nanoTime();
        for (Lane lane : lanes.values()) {
            if (now - lane.begun > longest.toNanos()) {
                lane.waiting.removeIf(work -> which.test(work) && withdrawn.add(work));
            }
        }
        return withdrawn;
    }

    /** What waits in a lane at this moment, in order, without what is being done. */
    synchronized List<Runnable> waiting(Object key) {
        Lane lane = lanes.get(key);
        return lane == null ? List.of() : List.copyOf(lane.waiting);
    }

    /** What waits in all lanes at this moment, of each in order. */
    synchronized List<Runnable> waiting() {
        return lanes.values().stream().flatMap(lane -> lane.waiting.stream()).toList();
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
        Lane lane = lanes.get(key);
        Runnable work = lane == null ? null : lane.waiting.poll();
        if (lane == null || work == null) {
            lanes.remove(key);
            return null;
        }
        lane.begun = System.nanoTime();
        return work;
    }
}
