package dev.serinus.watcher.metrics;

import dev.serinus.schemas.canary.CanaryMetric;
import dev.serinus.schemas.canary.Installation;
import dev.serinus.schemas.canary.ObjectRef;
import dev.serinus.schemas.cluster.Ref;
import dev.serinus.schemas.cluster.ResourceWatch;
import dev.serinus.watcher.cluster.SpecSummary;
import dev.serinus.watcher.cluster.Template;
import dev.serinus.watcher.metrics.provider.ProviderContext;
import dev.serinus.watcher.metrics.provider.ProviderHttp;
import dev.serinus.watcher.metrics.provider.ProviderType;
import dev.serinus.watcher.metrics.provider.Providers;

import io.fabric8.kubernetes.client.KubernetesClient;

import org.jspecify.annotations.Nullable;

import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Questions about the metrics of a cluster, whose MetricTemplates and Secrets are read from the API
 * server when they are needed.
 */
final class AskedCluster implements AutoCloseable {

    static final ProviderHttp NOBODY =
            _ -> {
                throw new ProviderHttp.NoReply("nobody is there");
            };

    private final ResourceWatch<Template> unstarted;
    private final Installation installation;
    private final InstantSource clock;
    private final TemplateSettings settings;
    private final MetricSources sources;

    /** Of these types alone, which ask nobody over HTTP. */
    AskedCluster(
            KubernetesClient client,
            Installation installation,
            List<ProviderType> types,
            InstantSource clock) {
        this(client, installation, types, clock, NOBODY, NOBODY, Map.of());
    }

    /**
     * @param http by which providers ask
     * @param turns what a template needs before anybody is asked
     */
    AskedCluster(
            KubernetesClient client,
            Installation installation,
            List<ProviderType> types,
            InstantSource clock,
            ProviderHttp http,
            ProviderHttp turns,
            Map<String, String> environment) {
        this.installation = installation;
        this.clock = clock;
        this.unstarted =
                ResourceWatch.of(client, ResourceWatch.METRIC_TEMPLATES, null, Template::of);
        this.settings =
                new TemplateSettings(
                        new Credentials(client, clock), TokenFiles.of(environment), clock);
        var providers =
                new Providers(
                        types,
                        (_, asked) ->
                                new ProviderContext(
                                        asked,
                                        settings.noting(asked, http),
                                        NOBODY,
                                        client,
                                        _ -> true,
                                        clock,
                                        _ -> {},
                                        Map.of()));
        this.sources =
                new MetricSources(
                        installation,
                        _ -> turns,
                        new Templates(unstarted, client),
                        settings,
                        providers,
                        providers);
    }

    /** Asks about Canaries of these, whatever revision Knative has. */
    MetricEvaluator evaluator() {
        return evaluator(_ -> Optional.empty());
    }

    MetricEvaluator evaluator(Function<Ref, Optional<String>> latestRevision) {
        return new MetricEvaluator(installation, sources, clock, latestRevision);
    }

    TemplateSettings settings() {
        return settings;
    }

    @Override
    public void close() {
        unstarted.close();
    }

    /** A Canary of this Deployment. */
    static SpecSummary summary(
            String name, @Nullable String provider, CanaryMetric metric, boolean baseline) {
        return summary(new ObjectRef("apps/v1", "Deployment", name), provider, metric, baseline);
    }

    static SpecSummary summary(
            ObjectRef target, @Nullable String provider, CanaryMetric metric, boolean baseline) {
        String name = target.name();
        return new SpecSummary(
                target,
                name,
                name,
                name,
                provider,
                null,
                List.of(metric),
                100,
                100,
                false,
                baseline);
    }
}
