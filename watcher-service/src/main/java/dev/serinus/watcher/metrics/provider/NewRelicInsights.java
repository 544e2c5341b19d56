package dev.serinus.watcher.metrics.provider;

import com.fasterxml.jackson.databind.JsonNode;

import dev.serinus.watcher.metrics.provider.HttpSource.Parameter;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/**
 * Asks New Relic's Insights query API about the last interval. As in Flagger the query must select
 * an expression, which the answer calls {@code result}.
 */
final class NewRelicInsights implements MetricsProvider {

    /** The credential that asks for this. */
    static final String KEY = "newrelic_query_key";

    private static final String ADDRESS = "https://insights-api.newrelic.com";
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final HttpSource source;
    private final InstantSource clock;
    private final String path;
    private final String since;

    NewRelicInsights(ProviderContext context) throws WrongSettings {
        var settings = context.settings();
        this.since = " SINCE %d seconds ago".formatted(Interval.of(settings).toSeconds());
        this.path =
                "/v1/accounts/"
                        + QueryEncoding.encodePath(settings.required(NewRelic.ACCOUNT))
                        + "/query";
        this.clock = context.clock();
        this.source =
                new HttpSource(
                        context.with(settings.plain()),
                        ADDRESS,
                        Map.of("X-Query-Key", settings.required(KEY)),
                        LIMIT);
    }

    @Override
    public Answer ask(String query) throws InterruptedException {
        return source.get(path, nrql(query), source.json(HttpSource::is200, this::result));
    }

    private List<Parameter> nrql(String query) {
        return List.of(new Parameter("nrql", query + since));
    }

    private Answer result(JsonNode reply, String body) throws JsonText.NoNumber {
        JsonNode results = reply.path("results");
        var lacking = source.lacking(results, "results", body);
        if (lacking.isPresent()) {
            return lacking.get();
        }
        double value =
                results.size() == 1 ? JsonText.number(results.path(0).path("result")) : Double.NaN;
        return Double.isNaN(value) ? source.noValues(body) : Answer.of(clock.instant(), value);
    }

    @Override
    public Answer available() throws InterruptedException {
        return source.get(
                path,
                nrql("SELECT * FROM Metric"),
                source.yes(HttpSource::is200, Answer.of(clock.instant(), 1)));
    }
}
