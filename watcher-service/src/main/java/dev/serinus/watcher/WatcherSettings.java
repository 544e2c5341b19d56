package dev.serinus.watcher;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;

import java.time.Duration;
import java.util.Map;

/**
 * What the watcher alone is told by {@code SERINUS_WATCHER_*} variables or a configuration file.
 *
 * @param generationPatience how long a metric query waits for a generation that was not seen yet
 * @param largestAnswer bytes that a metrics provider may answer with
 */
@ConfigurationProperties("serinus.watcher")
record WatcherSettings(
        @Bindable(defaultValue = "10s") Duration generationPatience,
        @Bindable(defaultValue = "4194304") long largestAnswer) {

    WatcherConfig config(boolean allowLinkLocal, Map<String, String> environment) {
        return new WatcherConfig(generationPatience, largestAnswer, allowLinkLocal, environment);
    }
}
