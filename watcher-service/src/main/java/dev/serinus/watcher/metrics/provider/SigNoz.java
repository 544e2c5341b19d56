package dev.serinus.watcher.metrics.provider;

import com.fasterxml.jackson.databind.JsonNode;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Asks SigNoz's query API (v5) in PromQL, or in its own JSON, about the last ten intervals. It must
 * give one series, whose newest whole bucket counts.
 */
final class SigNoz implements MetricsProvider {

    static final ProviderType TYPE = ProviderType.of("signoz", SigNoz::new).withRanges();

    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final Duration LATE = Duration.ofMinutes(5);
    private static final int INTERVALS = 10;
    private static final String KEY = "apiKey";

    private final HttpSource source;
    private final InstantSource clock;
    private final Duration interval;

    private SigNoz(ProviderContext context) throws WrongSettings {
        var settings = context.settings();
        this.interval = Interval.of(settings);
        this.clock = context.clock();
        this.source =
                new HttpSource(
                        context,
                        null,
                        settings.hasSecret()
                                ? Map.of("SIGNOZ-API-KEY", settings.required(KEY))
                                : Map.of(),
                        LIMIT);
    }

    @Override
    public Answer ask(String query) throws InterruptedException {
        Instant now = clock.instant();
        var wanted = new Span(now.minus(interval.multipliedBy(INTERVALS - 1)), now, interval);
        return ask(query, wanted);
    }

    @Override
    public Optional<Answer> range(String query, Instant from, Instant to, Duration step)
            throws InterruptedException {
        return Optional.of(ask(query, new Span(from, to, step)));
    }

    private Answer ask(String query, Span wanted) throws InterruptedException {
        try {
            var payload = SigNozPayload.of(query, wanted);
            return source.post(
                    "/api/v5/query_range",
                    List.of(),
                    payload.json(),
                    source.json(
                            status -> status < 400,
                            (tree, body) -> read(tree, body, wanted, payload)));
        } catch (WrongSettings wrong) {
            return new Answer.Misconfigured(wrong.because());
        }
    }

    private Answer read(JsonNode reply, String body, Span wanted, SigNozPayload payload)
            throws JsonText.NoNumber {
        if (reply.path("status").asText().equals("error")) {
            return source.unavailable(
                    "query failed: " + reply.at("/error/message").asText("without a reason"));
        }
        JsonNode results = reply.at("/data/data/results");
        var lacking = source.lacking(results, "results", body);
        if (lacking.isPresent()) {
            return lacking.get();
        }
        List<JsonNode> series = new ArrayList<>();
        String name = "";
        for (JsonNode result : results) {
            for (JsonNode aggregation : result.path("aggregations")) {
                for (JsonNode one : aggregation.path("series")) {
                    series.add(one);
                    name = result.path("queryName").asText();
                }
            }
        }
        if (series.size() > 1) {
            return HttpSource.several(
                    series.size(),
                    "series",
                    "make one of them, as by sum(), and disable queries that others build on");
        }
        if (series.isEmpty()) {
            return source.noValues(body);
        }
        Duration length = payload.length(name, reply.at("/data/meta/stepIntervals").path(name));
        List<Answer.Sample> samples = new ArrayList<>();
        List<Instant> notNumbers = new ArrayList<>();
        for (JsonNode each : series.getFirst().path("values")) {
            double value = JsonText.number(each.path("value"));
            Instant time = SampleTime.ofMillis(each.path("timestamp").asDouble()).plus(length);
            // It says itself of what begins before the span, or is still being filled.
            if (each.path("partial").asBoolean()) {
                continue;
            }
            if (!Double.isNaN(value)) {
                samples.add(new Answer.Sample(time, value));
            } else if (each.path("value").isTextual()) {
                notNumbers.add(time);
            }
        }
        var kept = length.isZero() ? wanted.moments(samples) : wanted.buckets(samples, length);
        var without = wanted.times(notNumbers);
        return kept.isEmpty() ? source.noValues(body, without) : new Answer.Samples(kept, without);
    }

    @Override
    public Duration late() {
        return LATE;
    }

    @Override
    public Answer available() throws InterruptedException {
        return PrometheusReply.one(ask("vector(1)"));
    }
}
