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
 * Asks Datadog's query API about the last ten intervals. The oldest point of the first series that
 * has one counts, as in Flagger, since the newest is usually still being filled.
 */
final class Datadog implements MetricsProvider {

    static final ProviderType TYPE = ProviderType.of("datadog", Datadog::new).withRanges();

    private static final String ADDRESS = "https://api.datadoghq.com";
    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final Duration LATE = Duration.ofMinutes(5);
    private static final int INTERVALS = 10;

    private final HttpSource source;
    private final InstantSource clock;
    private final long window;

    private Datadog(ProviderContext context) throws WrongSettings {
        var settings = context.settings();
        this.window = Interval.of(settings).multipliedBy(INTERVALS).toSeconds();
        this.clock = context.clock();
        this.source =
                new HttpSource(
                        context.with(settings.plain()),
                        ADDRESS,
                        Map.of(
                                "Dd-Api-Key",
                                settings.required("datadog_api_key"),
                                "Dd-Application-Key",
                                settings.required("datadog_application_key")),
                        LIMIT);
    }

    @Override
    public Answer ask(String query) throws InterruptedException {
        long now = clock.instant().getEpochSecond();
        return send(query, now - window, now, this::oldest);
    }

    @Override
    public Optional<Answer> range(String query, Instant from, Instant to, Duration step)
            throws InterruptedException {
        var wanted = new Span(from, to, step);
        return Optional.of(
                send(
                        query,
                        wanted.begin().getEpochSecond(),
                        to.getEpochSecond(),
                        (tree, body) -> series(tree, body, wanted)));
    }

    private Answer send(String query, long from, long to, HttpSource.Extract extract)
            throws InterruptedException {
        return source.get(
                "/api/v1/query",
                List.of(
                        new Parameter("from", String.valueOf(from)),
                        new Parameter("query", query),
                        new Parameter("to", String.valueOf(to))),
                source.json(HttpSource::is200, extract));
    }

    /** The one series with data; each of its points is named by the time at which it begins. */
    private Answer series(JsonNode reply, String body, Span wanted) throws JsonText.NoNumber {
        var refused = refused(reply, body);
        if (refused.isPresent()) {
            return refused.get();
        }
        List<List<Answer.Sample>> all = new ArrayList<>();
        Duration length = wanted.step();
        for (JsonNode series : reply.path("series")) {
            List<Answer.Sample> points = new ArrayList<>();
            for (JsonNode point : series.path("pointlist")) {
                double value = JsonText.number(point.path(1));
                if (!Double.isNaN(value)) {
                    points.add(
                            new Answer.Sample(
                                    SampleTime.ofMillis(point.path(0).asDouble()), value));
                }
            }
            if (!points.isEmpty()) {
                all.add(points);
                length = Duration.ofSeconds(series.path("interval").asLong(length.toSeconds()));
            }
        }
        return switch (all.size()) {
            case 0 -> source.noValues(body);
            case 1 -> Span.answer(wanted.begun(all.getFirst(), length));
            default -> HttpSource.several(all.size(), "series", "make one of them, without by {}");
        };
    }

    private Optional<Answer> refused(JsonNode reply, String body) {
        return reply.path("status").asText().equals("error")
                ? Optional.of(source.unavailable("query failed: " + reply.path("error").asText("")))
                : source.lacking(reply.path("series"), "series", body);
    }

    private Answer oldest(JsonNode reply, String body) throws JsonText.NoNumber {
        var refused = refused(reply, body);
        if (refused.isPresent()) {
            return refused.get();
        }
        List<Answer.Sample> oldest = new ArrayList<>();
        for (JsonNode series : reply.path("series")) {
            for (JsonNode point : series.path("pointlist")) {
                double value = JsonText.number(point.path(1));
                if (!Double.isNaN(value)) {
                    oldest.add(
                            new Answer.Sample(
                                    SampleTime.ofMillis(point.path(0).asDouble()), value));
                    break;
                }
            }
        }
        return oldest.isEmpty()
                ? source.noValues(body)
                : new Answer.Samples(List.of(oldest.getFirst()), List.of(), oldest.size());
    }

    @Override
    public Duration late() {
        return LATE;
    }

    @Override
    public Answer available() throws InterruptedException {
        return source.get(
                "/api/v1/validate",
                List.of(),
                source.yes(HttpSource::is200, Answer.of(clock.instant(), 1)));
    }
}
