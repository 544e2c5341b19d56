package dev.serinus.watcher.metrics;

/**
 * A place that measures: one file per kind of it. Everything that can go wrong out there is an
 * {@link Answer}, within the provider's own time limit; nothing in an answer is a secret.
 */
interface MetricsProvider {

    /** Asks a question in the provider's own language. */
    Answer ask(String query) throws InterruptedException;

    /** Asks whether the provider answers at all; a value, whichever, is yes. */
    Answer available() throws InterruptedException;
}
