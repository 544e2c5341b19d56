package dev.serinus.cli;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Turns a signal into an orderly end: the work is interrupted where it waits, closes what it
 * opened, and the JVM ends after that.
 */
public final class Termination {

    private static final Logger log = LoggerFactory.getLogger(Termination.class);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private Termination() {}

    /** Does the work on this thread; what it returns is the exit code. */
    public static int guard(Callable<Integer> work) throws Exception {
        var worker = Thread.currentThread();
        var closed = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(
                        Thread.ofPlatform()
                                .name("serinus-stop")
                                .unstarted(() -> stop(worker, closed)));
        try {
            return work.call();
        } catch (InterruptedException signalled) {
            log.atInfo().log("stopped by a signal");
            return 0;
        } finally {
            closed.countDown();
        }
    }

    private static void stop(Thread worker, CountDownLatch closed) {
        worker.interrupt();
        try {
            if (!closed.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                log.atWarn().addKeyValue("patience", PATIENCE).log("not closed in time");
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
