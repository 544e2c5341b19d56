package dev.serinus.watcher;

import dev.serinus.schemas.outgoing.AddressGuard;
import dev.serinus.schemas.shell.SettingProblems;
import dev.serinus.watcher.cluster.SecretChanges;
import dev.serinus.watcher.metrics.BackendLimits;

import java.time.Duration;
import java.util.Map;

/**
 * How patient the watcher is.
 *
 * @param generationPatience how long a metric query waits for a generation of its Canary that the
 *     watch has not shown yet
 * @param largestAnswer bytes that a metrics provider may answer with
 * @param guard judges where queries may go
 * @param queriesAtOnce queries under way together; of those a namespace has a quarter, a canary a
 *     twentieth
 * @param backend how much each server may be asked
 * @param secretChanges how it is noticed that a Secret has changed that pods read
 * @param secretInterval how often such Secrets are asked for where they are not watched
 * @param environment variables of the process, for HTTP_PROXY, HTTPS_PROXY and NO_PROXY
 */
public record WatcherConfig(
        Duration generationPatience,
        int largestAnswer,
        AddressGuard guard,
        int queriesAtOnce,
        BackendLimits backend,
        SecretChanges secretChanges,
        Duration secretInterval,
        Map<String, String> environment) {

    /** 10 seconds, 4 MiB, no link-local addresses, Secrets asked for every 30 s, no proxy. */
    public static final WatcherConfig DEFAULTS =
            new WatcherConfig(
                    Duration.ofSeconds(10),
                    4 * 1024 * 1024,
                    new AddressGuard(false),
                    200,
                    BackendLimits.DEFAULTS,
                    SecretChanges.ASKED,
                    Duration.ofSeconds(30),
                    Map.of());

    public WatcherConfig {
        environment = Map.copyOf(environment);
        new SettingProblems()
                .unless(
                        !generationPatience.isNegative(),
                        "serinus.watcher.generation-patience must not be negative, was "
                                + generationPatience)
                .unless(
                        secretInterval.compareTo(Duration.ofSeconds(1)) >= 0,
                        "serinus.watcher.secret-interval must be at least 1s, was "
                                + secretInterval)
                .unless(
                        largestAnswer >= 1024 && largestAnswer <= 64 << 20,
                        "serinus.watcher.largest-answer must be 1024 bytes to 64 MiB, was "
                                + largestAnswer)
                .unless(
                        queriesAtOnce >= 1,
                        "serinus.watcher.queries-at-once must be 1 or more, was " + queriesAtOnce)
                .refuse();
    }

    /** The same, but Secrets are watched, which takes the right to list them all. */
    public WatcherConfig watchingSecrets() {
        return with(SecretChanges.WATCHED, secretInterval);
    }

    /**
     * The same, with queries that this judges, and that keep to the proxies and limits of this
     * environment.
     *
     * @throws IllegalArgumentException when a variable cannot be what it is
     */
    public WatcherConfig calling(AddressGuard judge, Map<String, String> variables) {
        return new WatcherConfig(
                generationPatience,
                largestAnswer,
                judge,
                queriesAtOnce,
                BackendLimits.of(variables),
                secretChanges,
                secretInterval,
                variables);
    }

    /** The same, but Secrets are watched, or asked for so often. */
    public WatcherConfig with(SecretChanges changes, Duration interval) {
        return new WatcherConfig(
                generationPatience,
                largestAnswer,
                guard,
                queriesAtOnce,
                backend,
                changes,
                interval,
                environment);
    }

    /** Leaves out the environment. */
    @Override
    public String toString() {
        return "WatcherConfig[generationPatience="
                + generationPatience
                + ", largestAnswer="
                + largestAnswer
                + ", "
                + guard
                + ", queriesAtOnce="
                + queriesAtOnce
                + ", "
                + backend
                + ", secretChanges="
                + secretChanges
                + ", secretInterval="
                + secretInterval
                + "]";
    }
}
