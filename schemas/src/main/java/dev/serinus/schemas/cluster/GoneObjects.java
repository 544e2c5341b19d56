package dev.serinus.schemas.cluster;

import java.util.LinkedHashSet;
import java.util.SequencedSet;

/**
 * The UIDs of the last objects that a watch saw go, or waited for in vain. The API server gives a
 * UID once, so whoever asks for such an object again need not wait.
 *
 * <p>Safe for use by many threads.
 */
final class GoneObjects {

    private static final int MOST = 2_000;

    private final SequencedSet<String> uids = new LinkedHashSet<>();

    /** Remembers one, and forgets the oldest where there are too many. */
    synchronized void add(String uid) {
        if (!uid.isEmpty() && uids.add(uid) && uids.size() > MOST) {
            var _ = uids.removeFirst();
        }
    }

    /** It is there after all. */
    synchronized void remove(String uid) {
        uids.remove(uid);
    }

    synchronized boolean has(String uid) {
        return uids.contains(uid);
    }
}
