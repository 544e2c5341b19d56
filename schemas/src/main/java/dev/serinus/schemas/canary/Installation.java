package dev.serinus.schemas.canary;

import dev.serinus.schemas.mesh.Meshes;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;

/**
 * What one installation of Serinus says for all canaries of its cluster; flag names are Flagger's
 * where it has one.
 *
 * @param metricsServerTemplate the MetricTemplate, with its namespace, that says in place of {@code
 *     metricsServer} which server is asked, and as whom; null where none does
 * @param dryRun all Canaries are decided upon and told of, and nothing but their status is written
 */
public record Installation(
        String cluster,
        @Nullable String namespace,
        String meshProvider,
        String metricsServer,
        Duration minInterval,
        List<String> selectorLabels,
        boolean configTracking,
        List<String> includeLabelPrefixes,
        boolean noCrossNamespaceRefs,
        ManifestLimits limits,
        IngressNames ingress,
        @Nullable NamespacedRef metricsServerTemplate,
        boolean dryRun) {

    public Installation {
        selectorLabels = List.copyOf(selectorLabels);
        includeLabelPrefixes = List.copyOf(includeLabelPrefixes);
        if (minInterval.isZero() || minInterval.isNegative()) {
            throw new IllegalArgumentException(
                    "min-interval must be above zero, was " + minInterval);
        }
    }

    /** One that writes what it decides. */
    public Installation(
            String cluster,
            @Nullable String namespace,
            String meshProvider,
            String metricsServer,
            Duration minInterval,
            List<String> selectorLabels,
            boolean configTracking,
            List<String> includeLabelPrefixes,
            boolean noCrossNamespaceRefs,
            ManifestLimits limits,
            IngressNames ingress,
            @Nullable NamespacedRef metricsServerTemplate) {
        this(
                cluster,
                namespace,
                meshProvider,
                metricsServer,
                minInterval,
                selectorLabels,
                configTracking,
                includeLabelPrefixes,
                noCrossNamespaceRefs,
                limits,
                ingress,
                metricsServerTemplate,
                false);
    }

    /** With the limits and names that every installation has unless it is told others. */
    public Installation(
            String cluster,
            @Nullable String namespace,
            String meshProvider,
            String metricsServer,
            Duration minInterval,
            List<String> selectorLabels,
            boolean configTracking,
            List<String> includeLabelPrefixes,
            boolean noCrossNamespaceRefs) {
        this(
                cluster,
                namespace,
                meshProvider,
                metricsServer,
                minInterval,
                selectorLabels,
                configTracking,
                includeLabelPrefixes,
                noCrossNamespaceRefs,
                ManifestLimits.DEFAULTS,
                IngressNames.DEFAULTS,
                null);
    }

    /** The same, asked for its metrics as this MetricTemplate says. */
    public Installation measuredBy(NamespacedRef template) {
        return with(template, dryRun);
    }

    /** The same, which writes nothing but status where so asked. */
    public Installation trying(boolean dryRun) {
        return with(metricsServerTemplate, dryRun);
    }

    private Installation with(@Nullable NamespacedRef template, boolean tried) {
        return new Installation(
                cluster,
                namespace,
                meshProvider,
                metricsServer,
                minInterval,
                selectorLabels,
                configTracking,
                includeLabelPrefixes,
                noCrossNamespaceRefs,
                limits,
                ingress,
                template,
                tried);
    }

    /**
     * Flagger's defaults for a cluster of this name: Istio, a minimum interval of 10 s, config
     * tracking on.
     */
    public static Installation named(String cluster) {
        return new Installation(
                cluster,
                null,
                Meshes.DEFAULT,
                "http://prometheus:9090",
                Duration.ofSeconds(10),
                List.of("app", "name", "app.kubernetes.io/name"),
                true,
                List.of(),
                false);
    }
}
