package dev.serinus.cli;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

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
        var stop = Thread.ofPlatform().name("serinus-stop").unstarted(() -> stop(worker, closed));
        Runtime.getRuntime().addShutdownHook(stop);
        try {
            return work.call();
        } catch (InterruptedException signalled) {
            log.atInfo().log("stopped");
            return 0;
        } finally {
            closed.countDown();
            withdraw(stop);
        }
    }

    /** What has ended by itself is not stopped by the end of the JVM. */
    private static void withdraw(Thread stop) {
        try {
            Runtime.getRuntime().removeShutdownHook(stop);
        } catch (IllegalStateException _) {
            // It was the signal that ended it.
        }
    }

    /**
     * Does work that a signal must not break off, since what it starts would tell the interruption
     * as trouble of its own: it takes effect once the work is done.
     */
    static <T> T afterwards(Supplier<T> work) {
        var task = new FutureTask<>(work::get);
        Thread.ofPlatform().name("serinus-start").start(task);
        boolean signalled = false;
        try {
            while (true) {
                try {
                    return task.get();
                } catch (InterruptedException _) {
                    signalled = true;
                } catch (ExecutionException failed) {
                    if (failed.getCause() instanceof RuntimeException trouble) {
                        throw trouble;
                    }
                    throw new IllegalStateException("the start failed", failed.getCause());
                }
            }
        } finally {
            if (signalled) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static void stop(Thread worker, CountDownLatch closed) {
        log.atInfo().log("stopping, which may take some seconds");
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
