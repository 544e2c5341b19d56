package dev.serinus.watcher.metrics.provider;

import com.fasterxml.jackson.databind.JsonNode;

import dev.serinus.watcher.metrics.provider.HttpSource.Parameter;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/**
 * Asks Dynatrace's metrics API for one value of the last ten intervals. As in Flagger the first
 * metric counts, and of several dimension tuples the last.
 */
final class Dynatrace implements MetricsProvider {

    private static final String TOKEN = "dynatrace_token";

    static final ProviderType TYPE =
            ProviderType.of("dynatrace", Dynatrace::new).authorizedBy(TOKEN);

    private static final Duration LIMIT = Duration.ofSeconds(5);
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
        return source.get(
                "/api/v2/metrics/query",
                List.of(
                        new Parameter("from", String.valueOf(now - window)),
                        new Parameter("metricSelector", query),
                        new Parameter("resolution", "Inf"),
                        new Parameter("to", String.valueOf(now))),
                source.json(HttpSource::is200, this::first));
    }

    private Answer first(JsonNode reply, String body) throws JsonText.NoNumber {
        JsonNode results = reply.path("result");
        var lacking = source.lacking(results, "result", body);
        if (lacking.isPresent()) {
            return lacking.get();
        }
        JsonNode tuples = results.path(0).path("data");
        JsonNode last = tuples.path(tuples.size() - 1);
        double value = JsonText.number(last.path("values").path(0));
        if (Double.isNaN(value)) {
            return source.noValues(body);
        }
        JsonNode time = last.path("timestamps").path(0);
        return Answer.of(
                time.isNumber() ? SampleTime.ofMillis(time.asDouble()) : clock.instant(), value);
    }

    @Override
    public Answer available() throws InterruptedException {
        return source.get(
                "/api/v2/metrics",
                List.of(new Parameter("pageSize", "1")),
                source.yes(HttpSource::is200, Answer.of(clock.instant(), 1)));
    }
}
