package dev.serinus.watcher.observe;

import dev.serinus.schemas.topic.CanaryKey;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;

/**
 * Looks at a canary again whenever somebody asks, in a task of its own per canary that has work:
 * one look at a time for each, in order, and however often it is asked meanwhile, one more look
 * afterwards. So it holds no more than one entry per canary, and whoever asks never waits. A look
 * that fails is repeated, with growing pauses, until it succeeds.
 */
final class ObservationQueue implements AutoCloseable {

    /** One look at one canary. */
    @FunctionalInterface
    interface Look {
        void at(CanaryKey canary) throws InterruptedException;
    }

    private static final Logger LOG = LoggerFactory.getLogger(ObservationQueue.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private final Look look;
    private final ExecutorService threads;

    /** Canaries that have work; true for those that were asked for again meanwhile. */
    private final Map<CanaryKey, Boolean> due = new ConcurrentHashMap<>();

    private volatile boolean open;

    ObservationQueue(Look look, ExecutorService threads) {
        this.look = look;
        this.threads = threads;
    }

    /** Asks for a look at a canary, and returns at once. */
    void ask(CanaryKey canary) {
        boolean[] first = {false};
        due.compute(
                canary,
                (_, again) -> {
                    first[0] = again == null;
                    return again != null;
                });
        if (first[0] && open) {
            begin(canary);
        }
    }

    /** Starts the work; what was asked for until now had to wait, since not all was known yet. */
    void open() {
        var waiting = List.copyOf(due.keySet());
        open = true;
        waiting.forEach(this::begin);
    }

    /** How many canaries have work. */
    int size() {
        return due.size();
    }

    private void begin(CanaryKey canary) {
        try {
            threads.execute(() -> run(canary));
        } catch (RejectedExecutionException _) {
            due.remove(canary); // closing: after the next start everything is looked at again
        }
    }

    private void run(CanaryKey canary) {
        try {
            do {
                untilItSucceeds(canary);
            } while (!due.remove(canary, false) && due.replace(canary, true, false));
        } catch (InterruptedException _) {
            due.remove(canary); // closing
        }
    }

    private void untilItSucceeds(CanaryKey canary) throws InterruptedException {
        Duration pause = FIRST_PAUSE;
        while (true) {
            try {
                look.at(canary);
                return;
            } catch (RuntimeException trouble) {
                LOG.atWarn()
                        .addKeyValue("canary", canary)
                        .addKeyValue("because", trouble.toString())
                        .addKeyValue("again", pause)
                        .log("could not look at a canary");
            }
            Thread.sleep(pause);
            due.replace(canary, true, false); // the next look sees what is new
            pause =
                    pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0
                            ? pause.multipliedBy(2)
                            : LONGEST_PAUSE;
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
        threads.close();
    }
}
