package dev.serinus.analysis.stream;

import java.time.Duration;

/**
 * What a stream thread has polled and not decided upon yet, so that it commits at the end of that
 * and not after each record. Each stream thread has its own: its consumer tells what came, its
 * tasks what they took.
 */
final class Batch {

    /** As long as a commit itself takes: who waits for more is told what is there. */
    private static final Duration LONGEST = Duration.ofMillis(10);

    private static final ThreadLocal<Batch> OF_THREAD = ThreadLocal.withInitial(Batch::new);

    private int left;
    private boolean todo;
    private long since;

    static Batch ofThisThread() {
        return OF_THREAD.get();
    }

    /**
     * So many records came. What is left of those before is none of ours any more: a thread polls
     * when its tasks have nothing left, or when their records went to another instance.
     */
    void polled(int records) {
        left = records;
    }

    /**
     * A task took one of them; whatever it then decides is not the end of the batch before this.
     */
    void took() {
        left = Math.max(0, left - 1);
    }

    /**
     * Notes whether something is to be done about a decision; true when what was decided since the
     * last commit is to be committed now.
     *
     * @param nanos of a clock that only goes forward
     */
    boolean isToBeCommitted(boolean todoNow, long nanos) {
        if (todoNow && !todo) {
            todo = true;
            since = nanos;
        }
        boolean now = todo && (left == 0 || nanos - since >= LONGEST.toNanos());
        todo &= !now;
        return now;
    }
}
