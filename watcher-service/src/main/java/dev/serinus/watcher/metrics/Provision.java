package dev.serinus.watcher.metrics;

/** What came of setting up a provider. */
sealed interface Provision {

    /** It can be asked. */
    record Ready(MetricsProvider provider) implements Provision {}

    /** Its settings cannot be right; {@code because} says why, without secrets. */
    record Wrong(String because) implements Provision {}
}
