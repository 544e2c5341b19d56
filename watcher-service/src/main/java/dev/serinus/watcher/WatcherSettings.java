package dev.serinus.watcher;

import dev.serinus.schemas.outgoing.AddressGuard;
import dev.serinus.schemas.shell.CheckedSettings;
import dev.serinus.schemas.shell.SettingProblems;
import dev.serinus.watcher.cluster.SecretChanges;
import dev.serinus.watcher.metrics.BackendLimits;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What the watcher alone is told by {@code SERINUS_WATCHER_*} variables or a configuration file.
 *
 * @param generationPatience how long a metric query waits for a generation that was not seen yet
 * @param largestAnswer bytes that a metrics provider may answer with
 * @param queriesAtOnce queries under way together
 * @param backendQueriesAtOnce queries under way together at one server
 * @param backendQueriesPerSecond queries that begin in a second at one server
 * @param watchSecrets watch the metadata of all Secrets instead of asking for those that pods read
 * @param secretInterval how often these are asked for
 */
@ConfigurationProperties("serinus.watcher")
record WatcherSettings(
        @Bindable(defaultValue = "10s") Duration generationPatience,
        @Bindable(defaultValue = "4194304") int largestAnswer,
        @Bindable(defaultValue = "200") int queriesAtOnce,
        @Bindable(defaultValue = "100") int backendQueriesAtOnce,
        @Bindable(defaultValue = "500") int backendQueriesPerSecond,
        @Bindable(defaultValue = "false") boolean watchSecrets,
        @Bindable(defaultValue = "30s") Duration secretInterval)
        implements CheckedSettings {

    @Override
    public List<String> problems() {
        return new SettingProblems()
                .of(() -> config(BackendLimits.DEFAULTS, new AddressGuard(false), Map.of()))
                .of(this::backend)
                .all();
    }

    WatcherConfig config(AddressGuard guard, Map<String, String> environment) {
        return config(backend(), guard, environment);
    }

    private BackendLimits backend() {
        return new BackendLimits(backendQueriesAtOnce, backendQueriesPerSecond);
    }

    private WatcherConfig config(
            BackendLimits backend, AddressGuard guard, Map<String, String> environment) {
        return new WatcherConfig(
                generationPatience,
                largestAnswer,
                guard,
                queriesAtOnce,
                backend,
                watchSecrets ? SecretChanges.WATCHED : SecretChanges.ASKED,
                secretInterval,
                environment);
    }
}
