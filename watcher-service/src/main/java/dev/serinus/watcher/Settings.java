package dev.serinus.watcher;

import dev.serinus.schemas.canary.Installation;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What this service is told by {@code SERINUS_*} variables or a configuration file.
 *
 * @param clusterName name of the cluster that is watched; part of every topic's name
 * @param namespace the only namespace to watch; all when absent
 * @param meshProvider provider of Canaries that name none
 * @param metricsServer Prometheus of Canaries that name none
 * @param minInterval shortest interval of an analysis; shorter ones are raised to it
 * @param enableConfigTracking whether a changed ConfigMap or Secret is a change of the application
 * @param noCrossNamespaceRefs whether Canaries may name objects of their own namespace only
 * @param allowLinkLocal let queries go to link-local and metadata addresses
 */
@ConfigurationProperties("serinus")
record Settings(
        String clusterName,
        @Nullable String namespace,
        @Bindable(defaultValue = "istio") String meshProvider,
        @Bindable(defaultValue = "http://prometheus:9090") String metricsServer,
        @Bindable(defaultValue = "10s") Duration minInterval,
        @Nullable List<String> selectorLabels,
        @Bindable(defaultValue = "true") boolean enableConfigTracking,
        @Bindable(defaultValue = "false") boolean noCrossNamespaceRefs,
        @Bindable(defaultValue = "false") boolean allowLinkLocal,
        Watcher watcher) {

    /**
     * Settings of this service alone.
     *
     * @param generationPatience how long a metric query waits for a generation that was not seen
     *     yet
     * @param largestAnswer bytes that a metrics provider may answer with
     */
    @ConfigurationProperties("watcher")
    record Watcher(
            @Bindable(defaultValue = "10s") Duration generationPatience,
            @Bindable(defaultValue = "4194304") long largestAnswer) {}

    Installation installation() {
        var named = Installation.named(clusterName);
        return new Installation(
                clusterName,
                namespace == null || namespace.isBlank() ? null : namespace,
                meshProvider,
                metricsServer,
                minInterval,
                selectorLabels == null ? named.selectorLabels() : selectorLabels,
                enableConfigTracking,
                named.includeLabelPrefixes(),
                noCrossNamespaceRefs);
    }

    WatcherConfig config(Map<String, String> environment) {
        return new WatcherConfig(
                watcher.generationPatience(), watcher.largestAnswer(), allowLinkLocal, environment);
    }

    /** Leaves out the metrics server, whose URL may hold a password. */
    @Override
    public String toString() {
        return "Settings[clusterName=" + clusterName + ", namespace=" + namespace + "]";
    }
}
