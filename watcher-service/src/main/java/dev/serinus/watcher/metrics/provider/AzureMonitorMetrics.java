package dev.serinus.watcher.metrics.provider;

import com.fasterxml.jackson.databind.JsonNode;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Asks Azure Monitor for a metric of one of Azure's resources over ten intervals. It must give one
 * series, whose newest whole bucket counts.
 */
final class AzureMonitorMetrics implements MetricsProvider {

    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final Duration LATE = Duration.ofMinutes(5);
    private static final int INTERVALS = 10;

    private final BearerApi api;
    private final InstantSource clock;
    private final Duration interval;

    AzureMonitorMetrics(ProviderContext context, BearerApi api) throws WrongSettings {
        this.api = api;
        this.clock = context.clock();
        this.interval = Interval.of(context.settings());
    }

    @Override
    public Answer ask(String query) throws InterruptedException {
        try {
            var read = AzureMetricQuery.read(query);
            Duration grain = read.grain(interval);
            Instant now = clock.instant();
            return send(read, new Span(now.minus(grain.multipliedBy(INTERVALS - 1L)), now, grain));
        } catch (WrongSettings wrong) {
            return new Answer.Misconfigured(wrong.because());
        }
    }

    @Override
    public Optional<Answer> range(String query, Instant from, Instant to, Duration step)
            throws InterruptedException {
        try {
            return Optional.of(send(AzureMetricQuery.read(query), new Span(from, to, step)));
        } catch (WrongSettings wrong) {
            return Optional.of(new Answer.Misconfigured(wrong.because()));
        }
    }

    private Answer send(AzureMetricQuery query, Span wanted) throws InterruptedException {
        Duration grain = query.grain(wanted.step());
        return api.ask(
                LIMIT,
                (source, forgetting) ->
                        source.get(
                                query.path(),
                                query.parameters(
                                        wanted.begin().truncatedTo(ChronoUnit.SECONDS),
                                        wanted.to().truncatedTo(ChronoUnit.SECONDS),
                                        grain),
                                forgetting.by(
                                        source.json(
                                                HttpSource::is200,
                                                (tree, body) ->
                                                        series(
                                                                source, tree, body, query, wanted,
                                                                grain)))));
    }

    private static Answer series(
            HttpSource source,
            JsonNode reply,
            String body,
            AzureMetricQuery query,
            Span wanted,
            Duration grain)
            throws JsonText.NoNumber {
        var lacking = source.lacking(reply.path("value"), "value", body);
        if (lacking.isPresent()) {
            return lacking.get();
        }
        List<JsonNode> all = new ArrayList<>();
        for (JsonNode metric : reply.path("value")) {
            String code = metric.path("errorCode").asText("Success");
            if (!code.equals("Success")) {
                return source.unavailable(
                        "query failed: %s: %s"
                                .formatted(code, metric.path("errorMessage").asText()));
            }
            metric.path("timeseries").forEach(all::add);
        }
        if (all.size() > 1) {
            return HttpSource.several(all.size(), "series", "make one of them, by $filter with eq");
        }
        String field = query.aggregation().toLowerCase(Locale.ROOT);
        List<Answer.Sample> samples = new ArrayList<>();
        for (JsonNode series : all) {
            for (JsonNode point : series.path("data")) {
                double value = JsonText.number(point.path(field));
                if (!Double.isNaN(value)) {
                    try {
                        samples.add(
                                new Answer.Sample(
                                        Instant.parse(point.path("timeStamp").asText()), value));
                    } catch (DateTimeException _) {
                        return source.unavailable("a value has no time: " + point);
                    }
                }
            }
        }
        var kept = wanted.begun(samples, grain);
        return kept.isEmpty() ? source.noValues(body) : new Answer.Samples(kept);
    }

    @Override
    public Duration late() {
        return LATE;
    }

    /** Whoever is known may ask which subscriptions are his, be they none. */
    @Override
    public Answer available() throws InterruptedException {
        return api.ask(
                LIMIT,
                (source, forgetting) ->
                        source.get(
                                "/subscriptions",
                                List.of(new HttpSource.Parameter("api-version", "2022-12-01")),
                                forgetting.by(
                                        source.yes(
                                                HttpSource::is200,
                                                Answer.of(clock.instant(), 1)))));
    }
}
