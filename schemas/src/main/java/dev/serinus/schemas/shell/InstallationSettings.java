package dev.serinus.schemas.shell;

import dev.serinus.schemas.canary.IngressNames;
import dev.serinus.schemas.canary.Installation;
import dev.serinus.schemas.canary.ManifestLimits;
import dev.serinus.schemas.canary.NamespacedRef;
import dev.serinus.schemas.mesh.Meshes;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;

/**
 * What every service of an installation is told by {@code SERINUS_*} variables or a configuration
 * file. Names are those of Flagger's flags where it has one.
 *
 * @param clusterName name of the cluster whose Canaries these are; part of every topic's name
 * @param namespace the only namespace to watch; all when absent
 * @param meshProvider provider of Canaries that name none
 * @param metricsServer Prometheus of Canaries that name none
 * @param metricsServerTemplate a MetricTemplate, NAMESPACE/NAME, whose provider is asked in place
 *     of {@code metricsServer}; none when absent
 * @param minInterval shortest interval of an analysis; shorter ones are raised to it
 * @param selectorLabels labels looked for in a target's selector, in this order
 * @param enableConfigTracking whether a changed ConfigMap or Secret is a change of the application,
 *     and the primary gets copies
 * @param includeLabelPrefix labels and annotations that the primary takes over; {@code *} for all
 * @param noCrossNamespaceRefs whether Canaries may name objects of their own namespace only
 * @param ingressClass class of the objects that Contour takes; without one when absent
 * @param ingressAnnotationsPrefix prefix of the annotations that NGINX reads
 * @param dryRun whether all is decided and told, and nothing but status written
 * @param limits how much one Canary may ask for
 */
@ConfigurationProperties("serinus")
public record InstallationSettings(
        String clusterName,
        @Nullable String namespace,
        @Bindable(defaultValue = Meshes.DEFAULT) String meshProvider,
        @Bindable(defaultValue = "http://prometheus:9090") String metricsServer,
        @Nullable String metricsServerTemplate,
        @Bindable(defaultValue = "10s") Duration minInterval,
        @Nullable List<String> selectorLabels,
        @Bindable(defaultValue = "true") boolean enableConfigTracking,
        @Nullable List<String> includeLabelPrefix,
        @Bindable(defaultValue = "false") boolean noCrossNamespaceRefs,
        @Nullable String ingressClass,
        @Bindable(defaultValue = IngressNames.NGINX_PREFIX) String ingressAnnotationsPrefix,
        @Bindable(defaultValue = "false") boolean dryRun,
        Limits limits)
        implements CheckedSettings {

    /** {@code SERINUS_LIMITS_*}: how much one Canary may ask for. */
    @ConfigurationProperties("limits")
    public record Limits(
            @Bindable(defaultValue = "1h") Duration webhookTimeout,
            @Bindable(defaultValue = "10") int webhookRetries,
            @Bindable(defaultValue = "50") int webhooks,
            @Bindable(defaultValue = "50") int metrics,
            @Bindable(defaultValue = "20") int alerts,
            @Bindable(defaultValue = "65536") int metadataBytes) {

        ManifestLimits limits() {
            return new ManifestLimits(
                    webhookTimeout, webhookRetries, webhooks, metrics, alerts, metadataBytes);
        }
    }

    /** The same for the service's own code. */
    public Installation installation() {
        var named = Installation.named(clusterName);
        return new Installation(
                clusterName,
                namespace == null || namespace.isBlank() ? null : namespace,
                meshProvider,
                metricsServer,
                minInterval,
                selectorLabels == null ? named.selectorLabels() : selectorLabels,
                enableConfigTracking,
                includeLabelPrefix == null ? named.includeLabelPrefixes() : includeLabelPrefix,
                noCrossNamespaceRefs,
                limits.limits(),
                new IngressNames(ingressClass, ingressAnnotationsPrefix),
                metricsServerTemplate == null || metricsServerTemplate.isBlank()
                        ? null
                        : template(metricsServerTemplate),
                dryRun);
    }

    @Override
    public List<String> problems() {
        return new SettingProblems().of(this::installation).all();
    }

    private static NamespacedRef template(String written) {
        return NamespacedRef.parse(written)
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "SERINUS_METRICS_SERVER_TEMPLATE must be NAMESPACE/NAME of"
                                                + " a MetricTemplate, was '"
                                                + written
                                                + "'"));
    }

    /** Leaves out the metrics server, whose URL may hold a password. */
    @Override
    public String toString() {
        return "InstallationSettings[clusterName=" + clusterName + ", namespace=" + namespace + "]";
    }
}
