package dev.serinus.watcher.metrics.provider;

import com.fasterxml.jackson.databind.JsonNode;

import dev.serinus.watcher.metrics.provider.HttpSource.Parameter;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Asks Dynatrace's metrics API for one value of the last ten intervals. As in Flagger the first
 * metric counts, and of several dimension tuples the last.
 */
final class Dynatrace implements MetricsProvider {

    private static final String TOKEN = "dynatrace_token";

    static final ProviderType TYPE =
            ProviderType.of("dynatrace", Dynatrace::new).authorizedBy(TOKEN).withRanges();

    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final Duration LATE = Duration.ofMinutes(5);
    private static final int INTERVALS = 10;

    private final HttpSource source;
    private final InstantSource clock;
    private final long window;

    private Dynatrace(ProviderContext context) throws WrongSettings {
        var settings = context.settings();
        this.window = Interval.of(settings).multipliedBy(INTERVALS).toMillis();
        this.clock = context.clock();
        this.source =
                new HttpSource(
                        context.with(settings.plain()), null, authorization(settings), LIMIT);
    }

    private static Map<String, String> authorization(ProviderSettings settings)
            throws WrongSettings {
        return settings.auth().authorizes()
                ? Map.of()
                : Map.of("Authorization", "Api-Token " + settings.required(TOKEN));
    }

    @Override
    public Answer ask(String query) throws InterruptedException {
        long now = clock.instant().getEpochSecond() * 1000;
        return send(query, "Inf", now - window, now, this::first);
    }

    /** In whole minutes; what is folded is one value, and only of the present. */
    @Override
    public Optional<Answer> range(String query, Instant from, Instant to, Duration step)
            throws InterruptedException {
        if (query.contains(":fold")) {
            return Optional.empty();
        }
        var wanted = new Span(from, to, step);
        return Optional.of(
                send(
                        query,
                        Math.ceilDiv(step.toMillis(), 60_000L) + "m",
                        wanted.begin().toEpochMilli(),
                        to.toEpochMilli(),
                        (tree, body) -> series(tree, body, wanted)));
    }

    private Answer send(
            String query, String resolution, long from, long to, HttpSource.Extract extract)
            throws InterruptedException {
        return source.get(
                "/api/v2/metrics/query",
                List.of(
                        new Parameter("from", String.valueOf(from)),
                        new Parameter("metricSelector", query),
                        new Parameter("resolution", resolution),
                        new Parameter("to", String.valueOf(to))),
                source.json(HttpSource::is200, extract));
    }

    private Answer series(JsonNode reply, String body, Span wanted) throws JsonText.NoNumber {
        JsonNode results = reply.path("result");
        var lacking = source.lacking(results, "result", body);
        if (lacking.isPresent()) {
            return lacking.get();
        }
        List<JsonNode> tuples = new ArrayList<>();
        results.forEach(metric -> metric.path("data").forEach(tuples::add));
        if (tuples.size() > 1) {
            return HttpSource.several(
                    tuples.size(), "series", "make one of them, as by :merge() or :splitBy()");
        }
        List<Instant> times = new ArrayList<>();
        List<Answer.Sample> samples = new ArrayList<>();
        for (JsonNode tuple : tuples) {
            for (int i = 0; i < tuple.path("timestamps").size(); i++) {
                Instant time = SampleTime.ofMillis(tuple.path("timestamps").path(i).asDouble());
                double value = JsonText.number(tuple.path("values").path(i));
                times.add(time);
                if (!Double.isNaN(value)) {
                    samples.add(new Answer.Sample(time, value));
                }
            }
        }
        Duration length = wanted.spacing(times);
        // Whether a time is a bucket's begin or its end, it lies within the span.
        Instant last = wanted.to().minus(length);
        samples.removeIf(each -> each.time().isAfter(last));
        return Span.answer(wanted.buckets(samples, length));
    }

    private Answer first(JsonNode reply, String body) throws JsonText.NoNumber {
        JsonNode results = reply.path("result");
        var lacking = source.lacking(results, "result", body);
        if (lacking.isPresent()) {
            return lacking.get();
        }
        int series = 0;
        for (JsonNode metric : results) {
            series += metric.path("data").size();
        }
        JsonNode tuples = results.path(0).path("data");
        JsonNode last = tuples.path(tuples.size() - 1);
        double value = JsonText.number(last.path("values").path(0));
        if (Double.isNaN(value)) {
            return source.noValues(body);
        }
        JsonNode time = last.path("timestamps").path(0);
        return Answer.ofSeries(
                series,
                Answer.of(
                        time.isNumber() ? SampleTime.ofMillis(time.asDouble()) : clock.instant(),
                        value));
    }

    @Override
    public Duration late() {
        return LATE;
    }

    @Override
    public Answer available() throws InterruptedException {
        return source.get(
                "/api/v2/metrics",
                List.of(new Parameter("pageSize", "1")),
                source.yes(HttpSource::is200, Answer.of(clock.instant(), 1)));
    }
}
