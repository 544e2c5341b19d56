package dev.serinus.watcher.metrics.provider;

import com.fasterxml.jackson.databind.JsonNode;

import dev.serinus.watcher.metrics.provider.HttpSource.Parameter;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/**
 * Asks Datadog's query API about the last ten intervals. The oldest point of the first series that
 * has one counts, as in Flagger, since the newest is usually still being filled.
 */
final class Datadog implements MetricsProvider {

    static final ProviderType TYPE = ProviderType.of("datadog", Datadog::new);

    private static final String ADDRESS = "https://api.datadoghq.com";
    private static final Duration LIMIT = Duration.ofSeconds(5);
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
        return source.get(
                "/api/v1/query",
                List.of(
                        new Parameter("from", String.valueOf(now - window)),
                        new Parameter("query", query),
                        new Parameter("to", String.valueOf(now))),
                source.json(HttpSource::is200, this::oldest));
    }

    private Answer oldest(JsonNode reply, String body) throws JsonText.NoNumber {
        if (reply.path("status").asText().equals("error")) {
            return source.unavailable("query failed: " + reply.path("error").asText(""));
        }
        var lacking = source.lacking(reply.path("series"), "series", body);
        if (lacking.isPresent()) {
            return lacking.get();
        }
        for (JsonNode series : reply.path("series")) {
            for (JsonNode point : series.path("pointlist")) {
                double value = JsonText.number(point.path(1));
                if (!Double.isNaN(value)) {
                    return Answer.of(SampleTime.ofMillis(point.path(0).asDouble()), value);
                }
            }
        }
        return source.noValues(body);
    }

    @Override
    public Answer available() throws InterruptedException {
        return source.get(
                "/api/v1/validate",
                List.of(),
                source.yes(HttpSource::is200, Answer.of(clock.instant(), 1)));
    }
}
