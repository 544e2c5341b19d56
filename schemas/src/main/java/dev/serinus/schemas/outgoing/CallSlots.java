package dev.serinus.schemas.outgoing;

import dev.serinus.schemas.topic.CanaryKey;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Lets calls begin, so many at once. Those that wait are let in namespace by namespace in turn, and
 * in the order of their coming within one; whose canary or namespace has its share lets others
 * pass.
 */
public final class CallSlots {

    private record Waiting(CanaryKey owner, CompletableFuture<Void> turn) {}

    private final Quota quota;
    private final Map<String, Deque<Waiting>> queues = new LinkedHashMap<>(); // guarded by this

    /** Lets in so many of all, of each namespace and of each canary. */
    public CallSlots(int ofAll, int ofNamespace, int ofCanary) {
        this.quota = new Quota(ofAll, ofNamespace, ofCanary);
    }

    /** Waits for a slot; false when none came free in time. */
    public boolean enter(CanaryKey owner, Duration longest) throws InterruptedException {
        Waiting waiting = join(owner);
        if (waiting == null) {
            return true;
        }
        try {
            waiting.turn().get(longest.toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException late) {
            return !withdraw(waiting);
        } catch (InterruptedException stopped) {
            if (!withdraw(waiting)) {
                leave(owner);
            }
            throw stopped;
        } catch (ExecutionException impossible) {
            throw new IllegalStateException("nobody fails a turn", impossible);
        }
    }

    /** Null when there is no need to wait. */
    private synchronized @Nullable Waiting join(CanaryKey owner) {
        var queue = queues.get(owner.namespace());
        boolean first = queue == null || queue.stream().noneMatch(it -> it.owner().equals(owner));
        if (first && quota.take(owner, 1)) {
            return null;
        }
        var waiting = new Waiting(owner, new CompletableFuture<>());
        queues.computeIfAbsent(owner.namespace(), _ -> new ArrayDeque<>()).add(waiting);
        return waiting;
    }

    /** False when its turn came before. */
    private synchronized boolean withdraw(Waiting waiting) {
        var queue = queues.get(waiting.owner().namespace());
        if (queue == null || !queue.remove(waiting)) {
            return false;
        }
        if (queue.isEmpty()) {
            queues.remove(waiting.owner().namespace());
        }
        return true;
    }

    /** Gives a slot back. */
    public synchronized void leave(CanaryKey owner) {
        quota.give(owner, 1);
        for (String namespace : queues.keySet().toArray(String[]::new)) {
            Deque<Waiting> queue = queues.get(namespace);
            if (queue != null && admit(queue)) {
                queues.remove(namespace);
                if (!queue.isEmpty()) {
                    queues.put(namespace, queue); // behind the others
                }
                return;
            }
        }
    }

    private boolean admit(Deque<Waiting> queue) {
        for (Iterator<Waiting> all = queue.iterator(); all.hasNext(); ) {
            Waiting one = all.next();
            if (quota.take(one.owner(), 1)) {
                all.remove();
                one.turn().complete(null);
                return true;
            }
        }
        return false;
    }

    synchronized int waiting() {
        return queues.values().stream().mapToInt(Deque::size).sum();
    }

    long under() {
        return quota.taken();
    }
}
