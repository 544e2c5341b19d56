package dev.serinus.schemas.cluster;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.SequencedSet;

/**
 * The UIDs of the last objects that a watch saw go, or waited for in vain. The API server gives a
 * UID once, so whoever asks for such an object again need not wait. Of some that went in the last
 * minutes it has what they were.
 *
 * <p>Safe for use by many threads.
 */
final class GoneObjects<T> {

    private static final int MOST = 2_000;
    private static final int MOST_KEPT = 500;
    static final long MOST_BYTES = 16 << 20;
    private static final Duration KEPT = Duration.ofMinutes(10);

    private record Kept<T>(String uid, T value, long bytes, long at) {}

    private final SequencedSet<String> uids = new LinkedHashSet<>();
    private final Deque<Kept<T>> kept = new ArrayDeque<>(); // the oldest first
    private long bytes;

    /** Remembers one, and forgets the oldest where there are too many. */
    void add(String uid) {
        add(uid, null, 0);
    }

    /**
     * The same, with what it was, if that is not too large; null where nobody will ask.
     *
     * @param size about how many bytes it takes
     */
    synchronized void add(String uid, @Nullable T last, long size) {
        if (!uid.isEmpty() && uids.add(uid) && uids.size() > MOST) {
            var _ = uids.removeFirst();
        }
        forget();
        if (last != null && !uid.isEmpty() && size <= MOST_BYTES) {
            kept.addLast(new Kept<>(uid, last, size, System.nanoTime()));
            bytes += size;
            while (kept.size() > MOST_KEPT || bytes > MOST_BYTES) {
                forgetFirst();
            }
        }
    }

    private void forgetFirst() {
        bytes -= kept.removeFirst().bytes();
    }

    /** It is there after all. */
    synchronized void remove(String uid) {
        uids.remove(uid);
        kept.removeIf(each -> each.uid().equals(uid) && takenOut(each));
        forget();
    }

    private boolean takenOut(Kept<T> one) {
        bytes -= one.bytes();
        return true;
    }

    synchronized boolean has(String uid) {
        return uids.contains(uid);
    }

    /** What it was, while that is kept. */
    synchronized Optional<T> last(String uid) {
        forget();
        return kept.stream().filter(each -> each.uid().equals(uid)).map(Kept::value).findFirst();
    }

    private void forget() {
        long now = System.nanoTime();
        while (!kept.isEmpty() && now - kept.getFirst().at() > KEPT.toNanos()) {
            forgetFirst();
        }
    }
}
