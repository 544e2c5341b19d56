package dev.serinus.schemas.runtime;

import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * How far one assigned partition is: which offsets are under way, and who works on them. An offset
 * may be committed only when all before it are handled. Once {@link #revoke() revoked} nothing more
 * is begun, since the records are then delivered to another consumer. Safe for use by many threads.
 */
final class Progress {

    /** Bounds of what is taken in before it is handled. */
    record Limits(int records, long bytes) {}

    private final TreeMap<Long, Integer> open = new TreeMap<>(); // offset -> size in bytes
    private final Set<Thread> working = new HashSet<>();
    private @Nullable OffsetAndMetadata position;
    private long bytes;
    private boolean revoked;
    private boolean interrupted;

    synchronized void took(long offset, int size) {
        open.put(offset, size);
        bytes += size;
    }

    /** Notes from where the consumer goes on: beyond what it has taken, and what it skips. */
    synchronized void reached(OffsetAndMetadata next) {
        position = next;
    }

    /**
     * What may be committed: the first offset that is not handled; empty before the first record.
     */
    synchronized Optional<OffsetAndMetadata> lowWaterMark() {
        return open.isEmpty()
                ? Optional.ofNullable(position)
                : Optional.of(new OffsetAndMetadata(open.firstKey()));
    }

    /** True once the record of this offset was taken in and is handled, or set aside. */
    synchronized boolean isDone(long offset) {
        return position != null && position.offset() > offset && !open.containsKey(offset);
    }

    synchronized int inFlight() {
        return open.size();
    }

    synchronized boolean isFull(Limits limits) {
        return open.size() >= limits.records() || bytes >= limits.bytes();
    }

    /**
     * True once half of the room is free again, so that a partition is not stopped at each turn.
     */
    synchronized boolean hasRoom(Limits limits) {
        return open.size() <= limits.records() / 2 && bytes <= limits.bytes() / 2;
    }

    /** False when the record is no longer ours to handle. */
    synchronized boolean begin(Thread worker) {
        return !revoked && working.add(worker);
    }

    /**
     * Ends what {@link #begin} began. Work that was interrupted does not count as handled, whatever
     * it made of the interruption: the record will be delivered again.
     */
    synchronized void end(Thread worker, long offset, boolean handled) {
        working.remove(worker);
        if (handled && !interrupted) {
            Integer size = open.remove(offset);
            bytes -= size == null ? 0 : size;
        }
        notifyAll();
    }

    /** True when those who worked on this partition were told to stop, since it is not ours. */
    synchronized boolean isInterrupted() {
        return interrupted;
    }

    synchronized void revoke() {
        revoked = true;
    }

    /** Waits until nobody works on this partition any more; false when that lasts too long. */
    synchronized boolean awaitQuiet(Duration limit) throws InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        while (!working.isEmpty()) {
            long left = (end - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                return false;
            }
            wait(left);
        }
        return true;
    }

    synchronized void interrupt() {
        interrupted = true;
        working.forEach(Thread::interrupt);
    }
}
