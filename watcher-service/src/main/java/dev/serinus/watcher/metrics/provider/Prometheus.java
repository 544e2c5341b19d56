package dev.serinus.watcher.metrics.provider;

import dev.serinus.watcher.metrics.provider.HttpSource.Parameter;

import java.time.Duration;
import java.util.List;

/**
 * Asks the query API of Prometheus, or of anything that speaks it. A query is sent with every run
 * of white space collapsed to one space, as Flagger sends it.
 */
final class Prometheus implements MetricsProvider {

    static final ProviderType TYPE = ProviderType.of("prometheus", Prometheus::new);

    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final HttpSource source;

    private Prometheus(ProviderContext context) throws WrongSettings {
        this.source =
                new HttpSource(context, null, HttpSource.authorization(context.settings()), LIMIT);
    }

    @Override
    public Answer ask(String query) throws InterruptedException {
        return source.get(
                "/api/v1/query",
                List.of(new Parameter("query", WhiteSpace.collapsed(query))),
                source.json(
                        status -> status < 400,
                        (tree, body) -> PrometheusReply.read(tree, body, source)));
    }

    @Override
    public Answer available() throws InterruptedException {
        return PrometheusReply.one(ask("vector(1)"));
    }
}
