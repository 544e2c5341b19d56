package dev.serinus.watcher.metrics.provider;

import com.fasterxml.jackson.databind.JsonNode;

import dev.serinus.watcher.metrics.provider.HttpSource.Parameter;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Asks Graphite's render API; a query is the text after its question mark. Of several targets the
 * last that has data counts, and of it the newest point, as in Flagger.
 */
final class Graphite implements MetricsProvider {

    static final ProviderType TYPE =
            ProviderType.of("graphite", Graphite::new).authorizedBy("username", "password");

    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final String FORMAT = "format";

    private final HttpSource source;
    private final InstantSource clock;

    private Graphite(ProviderContext context) throws WrongSettings {
        this.clock = context.clock();
        this.source =
                new HttpSource(
                        context.with(context.settings().withoutHeaders()),
                        null,
                        authorization(context.settings()),
                        LIMIT);
    }

    private static Map<String, String> authorization(ProviderSettings settings)
            throws WrongSettings {
        return settings.hasSecret() && !settings.auth().authorizes()
                ? Map.of(
                        "Authorization",
                        HttpSource.basic(
                                settings.required("username")
                                        + ":"
                                        + settings.required("password")))
                : Map.of();
    }

    @Override
    public Answer ask(String query) throws InterruptedException {
        return source.get(
                "/render",
                parameters(WhiteSpace.collapsed(query)),
                source.json(status -> status < 400, this::newest));
    }

    /**
     * By name, as Go writes them. A semicolon and a percent sign that begins no escape are part of
     * their value; Flagger leaves out the whole parameter, and asks for nothing.
     */
    private static List<Parameter> parameters(String query) {
        List<Parameter> all = new ArrayList<>();
        for (String pair : query.split("&")) {
            int equals = pair.indexOf('=');
            String name = QueryEncoding.decode(equals < 0 ? pair : pair.substring(0, equals));
            if (!pair.isEmpty() && !name.equals(FORMAT)) {
                String value = equals < 0 ? "" : pair.substring(equals + 1);
                all.add(new Parameter(name, QueryEncoding.decode(value)));
            }
        }
        all.add(new Parameter(FORMAT, "json"));
        all.sort(Comparator.comparing(Parameter::name));
        return all;
    }

    private Answer newest(JsonNode reply, String body) throws JsonText.NoNumber {
        if (!reply.isArray()) {
            return source.unavailable(
                    "error unmarshaling result: this is no list of targets, '" + body + "'");
        }
        List<Answer.Sample> samples = List.of();
        for (JsonNode target : reply) {
            var lacking = source.lacking(target.path("datapoints"), "datapoints", body);
            if (lacking.isPresent()) {
                return lacking.get();
            }
            List<Answer.Sample> points = new ArrayList<>();
            for (JsonNode point : target.path("datapoints")) {
                if (point.size() != 2) {
                    return source.unavailable("error unmarshaling result: a point is " + point);
                }
                double value = JsonText.number(point.path(0));
                if (!Double.isNaN(value)) {
                    points.add(new Answer.Sample(time(point.path(1)), value));
                }
            }
            if (!points.isEmpty()) {
                samples = points;
            }
        }
        return samples.isEmpty()
                ? new Answer.NoData(HttpSource.NO_VALUES)
                : new Answer.Samples(samples);
    }

    /** Seconds, also as a text; a point without a time is one of now. */
    private Instant time(JsonNode seconds) throws JsonText.NoNumber {
        double time = JsonText.number(seconds);
        return Double.isNaN(time) ? clock.instant() : SampleTime.ofSeconds(time);
    }

    @Override
    public Answer available() throws InterruptedException {
        return switch (ask("target=test")) {
            case Answer.NoData _ -> Answer.of(clock.instant(), 1);
            case Answer other -> other;
        };
    }
}
