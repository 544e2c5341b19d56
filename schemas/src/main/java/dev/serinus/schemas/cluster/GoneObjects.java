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
    private static final Duration KEPT = Duration.ofMinutes(10);

    private record Kept<T>(String uid, T value, long at) {}

    private final SequencedSet<String> uids = new LinkedHashSet<>();
    private final Deque<Kept<T>> kept = new ArrayDeque<>(); // the oldest first

    /** Remembers one, and forgets the oldest where there are too many. */
    void add(String uid) {
        add(uid, null);
    }

    /** The same, with what it was; null where nobody will ask. */
    synchronized void add(String uid, @Nullable T last) {
        if (!uid.isEmpty() && uids.add(uid) && uids.size() > MOST) {
            var _ = uids.removeFirst();
        }
        forget();
        if (last != null && !uid.isEmpty()) {
            kept.addLast(new Kept<>(uid, last, System.nanoTime()));
            if (kept.size() > MOST_KEPT) {
                var _ = kept.removeFirst();
            }
        }
    }

    /** It is there after all. */
    synchronized void remove(String uid) {
        uids.remove(uid);
        kept.removeIf(each -> each.uid().equals(uid));
        forget();
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
            var _ = kept.removeFirst();
        }
    }
}
