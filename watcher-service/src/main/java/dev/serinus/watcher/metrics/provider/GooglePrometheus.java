package dev.serinus.watcher.metrics.provider;

import dev.serinus.watcher.metrics.provider.HttpSource.Parameter;

import java.time.Duration;
import java.util.List;

/**
 * Asks Google Cloud Managed Service for Prometheus in PromQL, about one project. What it answers is
 * read as that of any Prometheus.
 */
final class GooglePrometheus implements MetricsProvider {

    static final ProviderType TYPE = type();

    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final GoogleApi api;

    private GooglePrometheus(GoogleApi api) {
        this.api = api;
    }

    /** A kind that knows no tokens yet. */
    static ProviderType type() {
        ShortLived<String> tokens = new ShortLived<>();
        return ProviderType.of(
                        "googleprometheus",
                        context -> new GooglePrometheus(new GoogleApi(context, tokens)))
                .onlyAs(GoogleIdentity.WHO);
    }

    @Override
    public Answer ask(String query) throws InterruptedException {
        return api.ask(
                LIMIT,
                source ->
                        source.get(
                                "/v1/projects/%s/location/global/prometheus/api/v1/query"
                                        .formatted(api.project()),
                                List.of(new Parameter("query", WhiteSpace.collapsed(query))),
                                api.forgetting(
                                        source.json(
                                                status -> status < 400,
                                                (tree, body) ->
                                                        PrometheusReply.read(
                                                                tree, body, source)))));
    }

    @Override
    public Answer available() throws InterruptedException {
        return PrometheusReply.one(ask("vector(1)"));
    }
}
