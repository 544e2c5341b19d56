package dev.serinus.analysis.stream;

import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ProcessingContext;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A single wake-up on the task's own thread, set for the next due time and not set at all while
 * nothing is due: a hub at rest runs no timer.
 */
final class WakeUp {

    private static final Duration SOONEST = Duration.ofMillis(1);

    private final ProcessingContext context;
    private final Runnable wake;
    private @Nullable Cancellable scheduled;
    private Instant at = Instant.MAX;

    WakeUp(ProcessingContext context, Runnable wake) {
        this.context = context;
        this.wake = wake;
    }

    /**
     * Wakes at {@code next}. One that is set for earlier stays: it wakes, finds nothing and is set
     * anew, which is cheaper than moving it with every decision.
     */
    void set(Optional<Instant> next, Instant now) {
        if (next.isEmpty()) {
            cancel();
        } else if (next.get().isBefore(at)) {
            cancel();
            Duration wait = Duration.between(now, next.get());
            at = next.get();
            scheduled =
                    context.schedule(
                            wait.compareTo(SOONEST) < 0 ? SOONEST : wait,
                            PunctuationType.WALL_CLOCK_TIME,
                            _ -> fire());
        }
    }

    void cancel() {
        if (scheduled != null) {
            scheduled.cancel();
        }
        scheduled = null;
        at = Instant.MAX;
    }

    private void fire() {
        cancel();
        wake.run();
    }
}
