package dev.serinus.watcher.metrics;

import dev.serinus.schemas.canary.ObjectNames;
import dev.serinus.schemas.cluster.ResourceWatch;
import dev.serinus.watcher.cluster.Template;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;

import org.jspecify.annotations.Nullable;

/**
 * Finds MetricTemplates; one that the watch does not show is asked for before it is called missing.
 */
final class Templates {

    /** What came of looking for a template. */
    sealed interface Found {
        /**
         * It is there.
         *
         * @param version another one after each change of its spec
         */
        record There(Template template, String version) implements Found {}

        record Missing(String because) implements Found {}

        record Unknown(String because) implements Found {}
    }

    private final ResourceWatch<Template> watch;
    private final KubernetesClient client;

    Templates(ResourceWatch<Template> watch, KubernetesClient client) {
        this.watch = watch;
        this.client = client;
    }

    Found find(String namespace, String name) {
        if (!ObjectNames.isNamespace(namespace)) {
            return new Found.Missing(ObjectNames.because(namespace));
        }
        if (!ObjectNames.isName(name)) {
            return new Found.Missing(ObjectNames.because(name));
        }
        var seen = watch.get(namespace, name);
        if (seen.isPresent()) {
            return new Found.There(
                    seen.get().value(), version(seen.get().uid(), seen.get().generation()));
        }
        try {
            var object =
                    client.genericKubernetesResources(ResourceWatch.METRIC_TEMPLATES)
                            .inNamespace(namespace)
                            .withName(name)
                            .get();
            return object == null
                    ? new Found.Missing(
                            "metrictemplate.flagger.app \"%s\" not found".formatted(name))
                    : new Found.There(
                            Template.of(object),
                            version(
                                    object.getMetadata().getUid(),
                                    object.getMetadata().getGeneration()));
        } catch (KubernetesClientException away) {
            return new Found.Unknown(
                    Unreadable.because(
                            "metric template %s.%s".formatted(name, namespace),
                            "metrictemplates",
                            namespace,
                            away));
        }
    }

    private static String version(@Nullable String uid, @Nullable Long generation) {
        return "%s/%d".formatted(uid, generation == null ? 0 : generation);
    }
}
