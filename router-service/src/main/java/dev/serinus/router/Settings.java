package dev.serinus.router;

import dev.serinus.schemas.canary.Installation;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;

/**
 * What this service is told by {@code SERINUS_*} variables or a configuration file. Names are those
 * of Flagger's flags where it has one.
 *
 * @param clusterName name of the cluster whose Canaries these are; part of every topic's name
 * @param namespace the only namespace to watch; all when absent
 * @param meshProvider provider of Canaries that name none
 * @param selectorLabels labels looked for in a target's selector, in this order
 * @param enableConfigTracking give the primary copies of the target's configs
 * @param includeLabelPrefix labels and annotations that the primary takes over; {@code *} for all
 */
@ConfigurationProperties("serinus")
record Settings(
        String clusterName,
        @Nullable String namespace,
        @Bindable(defaultValue = "istio") String meshProvider,
        @Bindable(defaultValue = "app,name,app.kubernetes.io/name") List<String> selectorLabels,
        @Bindable(defaultValue = "true") boolean enableConfigTracking,
        @Nullable List<String> includeLabelPrefix,
        Router router) {

    /**
     * Settings of this service alone.
     *
     * @param patience how long an answer is held back for what the cluster is about to show
     */
    @ConfigurationProperties("router")
    record Router(@Bindable(defaultValue = "5s") Duration patience) {}

    Installation installation() {
        var named = Installation.named(clusterName);
        return new Installation(
                named.cluster(),
                namespace == null || namespace.isBlank() ? null : namespace,
                meshProvider,
                named.metricsServer(),
                named.minInterval(),
                selectorLabels,
                enableConfigTracking,
                includeLabelPrefix == null ? List.of() : includeLabelPrefix,
                named.noCrossNamespaceRefs());
    }

    RouterConfig config() {
        return new RouterConfig(router.patience());
    }
}
