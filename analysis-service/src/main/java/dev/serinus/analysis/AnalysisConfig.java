package dev.serinus.analysis;

import dev.serinus.schemas.shell.SettingProblems;
import dev.serinus.schemas.topic.Service;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.time.Duration;

/**
 * How the analysis service runs. Connections and security are Kafka's own properties and not here.
 *
 * @param applicationId names the consumer group, the transactions and the changelogs: changed, it
 *     is another application that begins with every fact still kept
 * @param stateDir holds the identity of this instance; one that starts again in the same directory
 *     is known to the broker and goes on at once, instead of waiting for its predecessor's session
 *     and transaction to time out
 * @param streamThreads threads that decide; more than partitions are idle
 * @param standbys copies of the rollout store kept warm in other instances
 * @param commitInterval longest time an input that asks for nothing stays uncommitted; one that
 *     asks for something is committed at once
 * @param sessionTimeout after which silence of an instance that does not come back moves its
 *     canaries to others; the broker refuses less than 6 s unless told otherwise
 * @param transactionTimeout after which the broker ends what a lost instance began; readers of
 *     committed records wait for that
 * @param clusterLabel puts the label {@code cluster} on Flagger's metrics, for hubs of many
 * @param history events shown for each canary by the read API
 * @param fleetFile what the installation asks of its canaries, such as budgets; null for nothing
 */
@ConfigurationProperties("serinus")
public record AnalysisConfig(
        @Bindable(defaultValue = Service.ANALYSIS_APPLICATION) String applicationId,
        @Bindable(defaultValue = "data/analysis") Path stateDir,
        @Bindable(defaultValue = "1") int streamThreads,
        @Bindable(defaultValue = "0") int standbys,
        @Bindable(defaultValue = "100ms") Duration commitInterval,
        @Bindable(defaultValue = "10s") Duration sessionTimeout,
        @Bindable(defaultValue = "10s") Duration transactionTimeout,
        @Bindable(defaultValue = "false") boolean clusterLabel,
        @Bindable(defaultValue = "100") int history,
        @Nullable Path fleetFile) {

    public AnalysisConfig {
        // An empty variable is how charts say nothing.
        fleetFile = fleetFile == null || fleetFile.toString().isBlank() ? null : fleetFile;
        new SettingProblems()
                .unless(
                        streamThreads > 0,
                        "serinus.stream-threads must be above 0, was " + streamThreads)
                .unless(standbys >= 0, "serinus.standbys must be 0 or more, was " + standbys)
                .unless(history > 0, "serinus.history must be above 0, was " + history)
                .unless(
                        commitInterval.isPositive(),
                        "serinus.commit-interval must be above zero, was " + commitInterval)
                .unless(
                        transactionTimeout.compareTo(commitInterval) > 0,
                        "serinus.transaction-timeout must exceed serinus.commit-interval, but %s <= %s"
                                .formatted(transactionTimeout, commitInterval))
                .unless(
                        sessionTimeout.compareTo(Duration.ofSeconds(1)) >= 0,
                        "serinus.session-timeout must be 1s or more, was " + sessionTimeout)
                .refuse();
    }

    /** The defaults, with the identity in this directory. */
    public static AnalysisConfig in(Path stateDir) {
        return new AnalysisConfig(
                Service.ANALYSIS_APPLICATION,
                stateDir,
                1,
                0,
                Duration.ofMillis(100),
                Duration.ofSeconds(10),
                Duration.ofSeconds(10),
                false,
                100,
                null);
    }

    /** The same, with a fleet file; null for none. */
    public AnalysisConfig ruledBy(@Nullable Path file) {
        return new AnalysisConfig(
                applicationId,
                stateDir,
                streamThreads,
                standbys,
                commitInterval,
                sessionTimeout,
                transactionTimeout,
                clusterLabel,
                history,
                file);
    }
}
