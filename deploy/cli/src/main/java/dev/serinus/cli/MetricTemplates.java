package dev.serinus.cli;

import dev.serinus.schemas.canary.CanaryMetric;
import dev.serinus.schemas.cluster.ResourceWatch;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** MetricTemplates that Canaries use, as far as Flagger would not ask them as Serinus does. */
final class MetricTemplates {

    /** All that Flagger knows; it asks Prometheus in place of any other. */
    private static final Set<String> FLAGGERS =
            Set.of(
                    "prometheus",
                    "influxdb",
                    "datadog",
                    "externalmetrics",
                    "stackdriver",
                    "cloudwatch",
                    "newrelic",
                    "graphite",
                    "dynatrace",
                    "keptn",
                    "splunk");

    private final KubernetesClient client;

    MetricTemplates(KubernetesClient client) {
        this.client = client;
    }

    /**
     * Why Flagger would not measure one of a Canary's metrics, and what to do; empty if it does.
     */
    Optional<String> beyondFlagger(GenericKubernetesResource canary) {
        if (canary.get("spec", "analysis", "metrics") instanceof List<?> metrics) {
            for (int i = 0; i < metrics.size(); i++) {
                if (metrics.get(i) instanceof Map<?, ?> metric) {
                    var problem = beyondFlagger(canary, metric);
                    if (problem.isPresent()) {
                        return Optional.of(
                                "spec.analysis.metrics[%d] %s".formatted(i, problem.get()));
                    }
                }
            }
        }
        return Optional.empty();
    }

    private Optional<String> beyondFlagger(GenericKubernetesResource canary, Map<?, ?> metric) {
        boolean named = metric.get("templateRef") == null && isEmpty(metric.get("query"));
        if (named && CanaryMetric.BUILT_IN.contains(String.valueOf(metric.get("name")))) {
            return Optional.empty();
        }
        if (named) {
            return Optional.of(
                    "means the MetricTemplate of its name, which Flagger does not look for; give it"
                            + " a templateRef first");
        }
        return metric.get("templateRef") instanceof Map<?, ?> ref
                ? template(canary, ref)
                : Optional.empty();
    }

    private static boolean isEmpty(@Nullable Object text) {
        return text == null || String.valueOf(text).isEmpty();
    }

    private Optional<String> template(GenericKubernetesResource canary, Map<?, ?> ref) {
        String namespace =
                isEmpty(ref.get("namespace"))
                        ? canary.getMetadata().getNamespace()
                        : String.valueOf(ref.get("namespace"));
        String name = String.valueOf(ref.get("name"));
        var template =
                client.genericKubernetesResources(ResourceWatch.METRIC_TEMPLATES)
                        .inNamespace(namespace)
                        .withName(name)
                        .get();
        if (template == null) {
            return Optional.empty(); // Flagger says so, as Serinus does
        }
        String type = template.get("spec", "provider", "type");
        if (type != null && !FLAGGERS.contains(type)) {
            return Optional.of(
                    "uses MetricTemplate %s/%s, whose provider %s Flagger does not know: it would ask Prometheus; use another one first"
                            .formatted(namespace, name, type));
        }
        return template.get("spec", "provider", "auth") == null
                ? Optional.empty()
                : Optional.of(
                        "uses MetricTemplate %s/%s, whose spec.provider.auth Flagger passes over: it would ask without; put what says who asks into the Secret of secretRef first"
                                .formatted(namespace, name));
    }
}
