package dev.serinus.watcher.metrics.provider;

import com.fasterxml.jackson.databind.JsonNode;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/**
 * Asks Google Cloud Monitoring in MQL. The first point that it delivers counts, which is the newest
 * of the first series with data; whole numbers count as well as others, which Flagger takes for 0.
 */
final class Stackdriver implements MetricsProvider {

    static final ProviderType TYPE = type();

    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final BearerApi api;
    private final String path;
    private final InstantSource clock;

    private Stackdriver(ProviderContext context, GoogleAccounts accounts) throws WrongSettings {
        var google = new GoogleApi(context, accounts);
        this.api = google.api();
        this.path = "/v3/projects/%s/timeSeries:query".formatted(google.project());
        this.clock = context.clock();
    }

    /** A kind that knows no tokens yet. */
    static ProviderType type() {
        var accounts = new GoogleAccounts();
        return ProviderType.of("stackdriver", context -> new Stackdriver(context, accounts))
                .onlyAs(GoogleIdentity.WHO);
    }

    @Override
    public Answer ask(String query) throws InterruptedException {
        return send(
                query,
                (source, forgetting) ->
                        forgetting.by(
                                source.json(
                                        HttpSource::is200,
                                        (tree, body) -> newest(source, tree, body))));
    }

    @Override
    public Answer available() throws InterruptedException {
        // Who may ask is told that the query is empty, and who may not, that he may not.
        return send(
                "",
                (source, forgetting) ->
                        forgetting.by(
                                source.yes(
                                        status -> status == 200 || status == 400,
                                        Answer.of(clock.instant(), 1))));
    }

    private interface Reading {
        HttpSource.ReplyReader<Answer> of(HttpSource source, BearerApi.Forgetting forgetting);
    }

    private Answer send(String query, Reading reading) throws InterruptedException {
        String body = JsonText.JSON.createObjectNode().put("query", query).toString();
        return api.ask(
                LIMIT,
                (source, forgetting) ->
                        source.post(path, List.of(), body, reading.of(source, forgetting)));
    }

    private Answer newest(HttpSource source, JsonNode reply, String body) throws JsonText.NoNumber {
        JsonNode errors = reply.path("partialErrors");
        if (!errors.isEmpty()) {
            return source.unavailable(
                    "query failed in part: " + errors.at("/0/message").asText("without a reason"));
        }
        if (reply.hasNonNull("error")) {
            return source.unavailable("query failed: " + reply.at("/error/message").asText(body));
        }
        List<Answer.Samples> series = new ArrayList<>();
        List<Instant> notNumbers = new ArrayList<>();
        for (JsonNode each : reply.path("timeSeriesData")) {
            List<Answer.Sample> samples = new ArrayList<>();
            List<Instant> without = new ArrayList<>();
            for (JsonNode point : each.path("pointData")) {
                JsonNode written = point.path("values").path(0);
                double value = number(written);
                if (!Double.isNaN(value)) {
                    samples.addFirst(new Answer.Sample(end(point), value));
                } else if (written.has("doubleValue")) {
                    without.addFirst(end(point));
                }
            }
            if (samples.isEmpty()) {
                notNumbers = without;
            } else {
                series.add(new Answer.Samples(samples, without));
            }
        }
        return series.isEmpty()
                ? source.noValues(body, notNumbers)
                : Answer.ofSeries(series.size(), series.getFirst());
    }

    /** The JSON of a 64-bit number is a text, and so is that of NaN. */
    private static double number(JsonNode value) throws JsonText.NoNumber {
        if (value.has("doubleValue")) {
            JsonNode written = value.path("doubleValue");
            return switch (written.asText()) {
                case "Infinity" -> Double.POSITIVE_INFINITY;
                case "-Infinity" -> Double.NEGATIVE_INFINITY;
                default -> JsonText.number(written);
            };
        }
        if (value.has("int64Value")) {
            return JsonText.number(value.path("int64Value"));
        }
        if (value.has("boolValue")) {
            return value.path("boolValue").asBoolean() ? 1 : 0;
        }
        if (value.has("distributionValue") || value.has("stringValue")) {
            throw new JsonText.NoNumber(
                    value.has("stringValue")
                            ? value.path("stringValue").asText()
                            : "[a distribution]");
        }
        return Double.NaN;
    }

    private Instant end(JsonNode point) {
        try {
            return Instant.parse(point.path("timeInterval").path("endTime").asText());
        } catch (DateTimeException _) {
            return clock.instant();
        }
    }
}
