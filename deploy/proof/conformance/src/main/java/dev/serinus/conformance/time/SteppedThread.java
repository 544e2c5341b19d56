package dev.serinus.conformance.time;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.Semaphore;

/**
 * Work on a thread of its own that runs only while the driver of the timeline stands still. What it
 * throws, the driver throws: it is a mistake of ours.
 */
final class SteppedThread {

    private final Semaphore strandMay = new Semaphore(0);
    private final Semaphore driverMay = new Semaphore(0);
    private final Thread thread;
    private volatile boolean ended;
    private volatile @Nullable Throwable failure;

    SteppedThread(Runnable work) {
        thread =
                Thread.ofVirtual()
                        .start(
                                () -> {
                                    strandMay.acquireUninterruptibly();
                                    try {
                                        work.run();
                                    } catch (Throwable thrown) {
                                        failure = thrown;
                                    } finally {
                                        ended = true;
                                        driverMay.release();
                                    }
                                });
    }

    /** Runs it until it waits or ends; true when it has ended. */
    boolean run() {
        strandMay.release();
        driverMay.acquireUninterruptibly();
        if (failure != null) {
            throw new IllegalStateException("work failed: " + failure, failure);
        }
        return ended;
    }

    /** Waits until it is run again; called by the work itself. */
    void park() throws InterruptedException {
        driverMay.release();
        strandMay.acquire();
    }

    /** Interrupts it where it waits, and lets it end. */
    void abandon() {
        thread.interrupt();
    }
}
