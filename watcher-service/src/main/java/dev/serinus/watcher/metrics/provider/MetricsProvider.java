package dev.serinus.watcher.metrics.provider;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A place that measures. Everything that can go wrong out there is an {@link Answer}, within the
 * provider's own time limit; nothing in an answer is a secret. Made for one question, and asked by
 * one thread.
 */
public interface MetricsProvider {

    /** Asks a question in the provider's own language. */
    Answer ask(String query) throws InterruptedException;

    /**
     * Asks for the values of a span of time, one for each step from the first moment to the last.
     * Of several series it is unavailable: none of them is the answer.
     *
     * @param step above 0; there are no more than 1,000 of them
     * @return empty where the provider can only be asked for the present
     */
    default Optional<Answer> range(String query, Instant from, Instant to, Duration step)
            throws InterruptedException {
        return Optional.empty();
    }

    /**
     * How late it may tell, by a range, of what was measured. A service that collects by itself and
     * passes on in minutes is not silent when the newest of them are missing.
     */
    default Duration late() {
        return Duration.ZERO;
    }

    /** Whether its questions are asked in PromQL. */
    default boolean speaksPromQl() {
        return false;
    }

    /** Asks whether the provider answers at all; samples, whichever, are yes. */
    Answer available() throws InterruptedException;
}
