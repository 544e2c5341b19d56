package dev.serinus.watcher.metrics.provider;

/** How a provider is asked, and how its answers look. */
interface ProviderAnswers {

    /** A query that it takes. */
    String query();

    /** What the server answers, oldest first; NaN where it has no number for a moment. */
    String measured(double... values);

    /** What the server answers when it knows nothing. */
    String nothing();

    /** What the server answers to the question whether it works. */
    String healthy();
}
