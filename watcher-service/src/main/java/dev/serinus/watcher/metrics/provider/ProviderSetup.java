package dev.serinus.watcher.metrics.provider;

/** What came of setting up a provider. */
public sealed interface ProviderSetup {

    /** It can be asked. */
    record Ready(MetricsProvider provider) implements ProviderSetup {}

    /** Its settings cannot be right; {@code because} says why, without secrets. */
    record Wrong(String because) implements ProviderSetup {}
}
