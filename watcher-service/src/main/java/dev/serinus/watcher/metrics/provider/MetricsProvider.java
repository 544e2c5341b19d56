package dev.serinus.watcher.metrics.provider;

/**
 * A place that measures. Everything that can go wrong out there is an {@link Answer}, within the
 * provider's own time limit; nothing in an answer is a secret. Made for one question, and asked by
 * one thread.
 */
public interface MetricsProvider {

    /** Asks a question in the provider's own language. */
    Answer ask(String query) throws InterruptedException;

    /** Asks whether the provider answers at all; samples, whichever, are yes. */
    Answer available() throws InterruptedException;
}
