package dev.serinus.watcher.metrics.provider;

import dev.serinus.watcher.metrics.provider.HttpSource.Parameter;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Asks the query API of Prometheus, or of anything that speaks it. A query is sent with every run
 * of white space collapsed to one space, as Flagger sends it.
 */
final class Prometheus implements MetricsProvider {

    static final ProviderType TYPE =
            ProviderType.of("prometheus", Prometheus::new)
                    .authorizedBy("token", "username", "password")
                    .withRanges();

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
    public Optional<Answer> range(String query, Instant from, Instant to, Duration step)
            throws InterruptedException {
        return Optional.of(
                source.get(
                        "/api/v1/query_range",
                        List.of(
                                new Parameter("query", WhiteSpace.collapsed(query)),
                                new Parameter("start", seconds(from.toEpochMilli())),
                                new Parameter("end", seconds(to.toEpochMilli())),
                                new Parameter("step", seconds(step.toMillis()))),
                        source.json(
                                status -> status < 400,
                                (tree, body) -> PrometheusReply.readRange(tree, body, source))));
    }

    private static String seconds(long millis) {
        return BigDecimal.valueOf(millis, 3).toPlainString();
    }

    @Override
    public Answer available() throws InterruptedException {
        return PrometheusReply.one(ask("vector(1)"));
    }
}
