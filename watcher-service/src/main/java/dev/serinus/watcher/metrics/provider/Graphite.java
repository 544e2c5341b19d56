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
import java.util.Optional;
import java.util.Set;

/**
 * Asks Graphite's render API; a query is the text after its question mark. Of several targets the
 * last that has data counts, and of it the newest point, as in Flagger.
 */
final class Graphite implements MetricsProvider {

    static final ProviderType TYPE =
            ProviderType.of("graphite", Graphite::new)
                    .authorizedBy("username", "password")
                    .withRanges();

    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final String FORMAT = "format";
    private static final Set<String> TIMES = Set.of("from", "until");

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

    /** About this time, whatever the query says of it. */
    @Override
    public Optional<Answer> range(String query, Instant from, Instant to, Duration step)
            throws InterruptedException {
        var wanted = new Span(from, to, step);
        List<Parameter> all = new ArrayList<>(parameters(WhiteSpace.collapsed(query)));
        all.removeIf(each -> TIMES.contains(each.name()));
        all.add(new Parameter("from", String.valueOf(wanted.begin().getEpochSecond())));
        all.add(new Parameter("until", String.valueOf(to.getEpochSecond())));
        all.sort(Comparator.comparing(Parameter::name));
        return Optional.of(
                source.get(
                        "/render",
                        all,
                        source.json(
                                status -> status < 400,
                                (tree, body) -> series(tree, body, wanted))));
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
        var unreadable = unreadable(reply, body);
        if (unreadable.isPresent()) {
            return unreadable.get();
        }
        List<Answer.Sample> samples = List.of();
        List<Instant> notNumbers = List.of();
        int series = 0;
        for (JsonNode target : reply) {
            List<Answer.Sample> points = points(target);
            series += points.isEmpty() ? 0 : 1;
            if (!points.isEmpty() || samples.isEmpty()) {
                samples = points;
                notNumbers = notNumbers(target);
            }
        }
        return Answer.ofSeries(series, Span.answer(samples, notNumbers));
    }

    /** The one target with data; each of its points is named by the time at which it begins. */
    private Answer series(JsonNode reply, String body, Span wanted) throws JsonText.NoNumber {
        var unreadable = unreadable(reply, body);
        if (unreadable.isPresent()) {
            return unreadable.get();
        }
        List<List<Answer.Sample>> all = new ArrayList<>();
        Duration length = wanted.step();
        for (JsonNode target : reply) {
            List<Answer.Sample> points = points(target);
            if (!points.isEmpty()) {
                all.add(points);
                length = wanted.spacing(times(target));
            }
        }
        return switch (all.size()) {
            case 0 -> new Answer.NoData(HttpSource.NO_VALUES);
            case 1 -> Span.answer(wanted.begun(all.getFirst(), length));
            default ->
                    HttpSource.several(
                            all.size(), "targets", "make one of them, as by sumSeries()");
        };
    }

    private Optional<Answer> unreadable(JsonNode reply, String body) {
        if (!reply.isArray()) {
            return Optional.of(
                    source.unavailable(
                            "error unmarshaling result: this is no list of targets, '"
                                    + body
                                    + "'"));
        }
        for (JsonNode target : reply) {
            var lacking = source.lacking(target.path("datapoints"), "datapoints", body);
            if (lacking.isPresent()) {
                return lacking;
            }
            for (JsonNode point : target.path("datapoints")) {
                if (point.size() != 2) {
                    return Optional.of(
                            source.unavailable("error unmarshaling result: a point is " + point));
                }
            }
        }
        return Optional.empty();
    }

    private List<Answer.Sample> points(JsonNode target) throws JsonText.NoNumber {
        List<Answer.Sample> points = new ArrayList<>();
        for (JsonNode point : target.path("datapoints")) {
            double value = JsonText.number(point.path(0));
            if (!Double.isNaN(value)) {
                points.add(new Answer.Sample(time(point.path(1)), value));
            }
        }
        return points;
    }

    /** Those without a value, too, so that it is seen how far they are apart. */
    private List<Instant> times(JsonNode target) throws JsonText.NoNumber {
        List<Instant> times = new ArrayList<>();
        for (JsonNode point : target.path("datapoints")) {
            times.add(time(point.path(1)));
        }
        return times;
    }

    /** The times at which it says NaN, which null is not. */
    private List<Instant> notNumbers(JsonNode target) throws JsonText.NoNumber {
        List<Instant> times = new ArrayList<>();
        for (JsonNode point : target.path("datapoints")) {
            if (point.path(0).isTextual() && Double.isNaN(JsonText.number(point.path(0)))) {
                times.add(time(point.path(1)));
            }
        }
        return times;
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
