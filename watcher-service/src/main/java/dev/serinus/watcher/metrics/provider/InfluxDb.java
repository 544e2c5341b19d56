package dev.serinus.watcher.metrics.provider;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import com.fasterxml.jackson.core.io.SerializedString;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;

import dev.serinus.watcher.metrics.provider.HttpSource.Parameter;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Asks InfluxDB 2 in Flux. The first row counts, as in Flagger; what Flagger takes for 0 is none
 * here: no rows, and an error in the midst of an answer. A query may leave its time to us by the
 * variables that InfluxDB's own dashboards have: then it must give one table, and the newest row
 * counts.
 */
final class InfluxDb implements MetricsProvider {

    static final ProviderType TYPE =
            ProviderType.of("influxdb", InfluxDb::new).authorizedBy("token").withRanges();

    private static final Duration LIMIT = Duration.ofSeconds(15);
    private static final Set<String> NUMBERS = Set.of("double", "long", "unsignedLong");
    private static final String FAILED = "error accessing influxdb query api: ";

    private static final Pattern VARIABLES = Pattern.compile("\\bv\\.timeRangeStart\\b");
    private static final int INTERVALS = 10;

    /** Of a range, which has a step for each second of hours. */
    private static final int MOST_ROWS = 10_000;

    private final HttpSource source;
    private final ProviderSettings settings;
    private final InstantSource clock;
    private final String organisation;

    private InfluxDb(ProviderContext context) throws WrongSettings {
        var settings = context.settings();
        this.settings = settings;
        this.clock = context.clock();
        this.organisation = settings.hasSecret() ? settings.required("org") : "";
        this.source =
                new HttpSource(
                        context.with(settings.plain()), null, authorization(settings), LIMIT);
    }

    private static Map<String, String> authorization(ProviderSettings settings)
            throws WrongSettings {
        return settings.hasSecret() && !settings.auth().authorizes()
                ? Map.of("Authorization", "Token " + settings.required("token"))
                : Map.of();
    }

    @Override
    public Answer ask(String query) throws InterruptedException {
        if (!VARIABLES.matcher(query).find()) {
            return send(query, null, reply -> read(reply.body()));
        }
        try {
            Duration interval = Interval.of(settings);
            Instant now = clock.instant();
            return series(
                    query,
                    new Span(now.minus(interval.multipliedBy(INTERVALS - 1)), now, interval));
        } catch (WrongSettings wrong) {
            return new Answer.Misconfigured(wrong.because());
        }
    }

    /** Of a query that says its own time there is only the present. */
    @Override
    public Optional<Answer> range(String query, Instant from, Instant to, Duration step)
            throws InterruptedException {
        return VARIABLES.matcher(query).find()
                ? Optional.of(series(query, new Span(from, to, step)))
                : Optional.empty();
    }

    private Answer series(String query, Span wanted) throws InterruptedException {
        return send(query, FluxVariables.of(wanted), reply -> table(reply.body(), wanted));
    }

    private Answer table(String body, Span wanted) {
        return switch (FluxTable.read(body, MOST_ROWS)) {
            case FluxTable.Result.Empty _ -> new Answer.NoData(HttpSource.NO_VALUES);
            case FluxTable.Result.Failed(var because) ->
                    source.unavailable("query failed: " + because);
            case FluxTable.Result.Unreadable _ ->
                    source.unavailable("the answer is no annotated CSV: '" + body + "'");
            case FluxTable.Result.Rows(_, var tables, _) when tables > 1 ->
                    HttpSource.several(tables, "tables", "make one of them, as by group()");
            case FluxTable.Result.Rows(_, _, var more) when more ->
                    source.unavailable(
                            "there are more than %d rows: aggregate them by v.windowPeriod"
                                    .formatted(MOST_ROWS));
            case FluxTable.Result.Rows(var rows, _, _) -> samples(rows, wanted);
        };
    }

    private Answer samples(List<FluxTable.Row> rows, Span wanted) {
        List<Answer.Sample> samples = new ArrayList<>();
        List<Instant> notNumbers = new ArrayList<>();
        for (FluxTable.Row row : rows) {
            Instant time = row.time();
            if (time == null) {
                return source.unavailable("a row has no _time: " + row.shown());
            }
            try {
                double value = number(row);
                if (!Double.isNaN(value)) {
                    samples.add(new Answer.Sample(time, value));
                } else if (row.value() != null) {
                    notNumbers.add(time);
                }
            } catch (JsonText.NoNumber _) {
                return source.unavailable("invalid response: " + row.shown());
            }
        }
        return Span.answer(wanted.moments(samples), wanted.times(notNumbers));
    }

    /** As in Flagger whatever it says is a yes, if it says it with success. */
    @Override
    public Answer available() throws InterruptedException {
        return send(
                "from(bucket: \"default\") |> range(start: -2h)",
                null,
                _ -> Answer.of(clock.instant(), 1));
    }

    private interface Reader {
        Answer read(ProviderHttp.Reply reply);
    }

    private Answer send(String query, @Nullable JsonNode variables, Reader reader)
            throws InterruptedException {
        return source.post(
                "/api/v2/query",
                List.of(new Parameter("org", organisation)),
                Body.of(query, variables),
                new HttpSource.ReplyReader<>() {
                    @Override
                    public Answer read(ProviderHttp.Reply reply) {
                        return reply.status() / 100 == 2 ? reader.read(reply) : refused(reply);
                    }

                    @Override
                    public Answer none(String because) {
                        return new Answer.Unavailable(FAILED + because);
                    }
                });
    }

    private Answer refused(ProviderHttp.Reply reply) {
        String told =
                HttpSource.field(reply, "code")
                        .flatMap(
                                code ->
                                        HttpSource.field(reply, "message")
                                                .map(message -> code + ": " + message))
                        .orElseGet(() -> HttpSource.told(reply));
        return source.unavailable(FAILED + told);
    }

    private Answer read(String body) {
        return switch (FluxTable.read(body, 1)) {
            case FluxTable.Result.Empty _ -> new Answer.NoData(HttpSource.NO_VALUES);
            case FluxTable.Result.Failed(var because) ->
                    source.unavailable("query failed: " + because);
            case FluxTable.Result.Unreadable _ ->
                    source.unavailable("the answer is no annotated CSV: '" + body + "'");
            case FluxTable.Result.Rows(var rows, var tables, _) ->
                    Answer.ofSeries(tables, value(rows.getFirst()));
        };
    }

    private Answer value(FluxTable.Row row) {
        if (row.value() == null) {
            return source.noValues(row.shown());
        }
        try {
            double value = number(row);
            Instant time = row.time() == null ? clock.instant() : row.time();
            return Double.isNaN(value)
                    ? source.noValues(row.shown(), List.of(time))
                    : Answer.of(time, value);
        } catch (JsonText.NoNumber _) {
            return source.unavailable("invalid response: " + row.shown());
        }
    }

    /** NaN where it has none. */
    private static double number(FluxTable.Row row) throws JsonText.NoNumber {
        String written = row.value();
        if (written == null) {
            return Double.NaN;
        }
        if (!NUMBERS.contains(row.valueType())) {
            throw new JsonText.NoNumber(written);
        }
        return JsonText.number(written);
    }

    /** The body of a query, byte for byte as Flagger sends it. */
    private static final class Body {

        private static final JsonMapper GO = JsonMapper.builder().build();

        static {
            GO.getFactory().setCharacterEscapes(new GoEscapes());
        }

        static String of(String query, @Nullable JsonNode variables) {
            var body = GO.createObjectNode();
            var dialect = body.putObject("dialect");
            dialect.putArray("annotations").add("datatype").add("group").add("default");
            dialect.put("delimiter", ",").put("header", true);
            if (variables != null) {
                body.set("extern", variables);
            }
            body.put("query", query).put("type", "flux");
            try {
                return GO.writeValueAsString(body);
            } catch (JsonProcessingException never) {
                throw new IllegalStateException("a tree of texts cannot be written", never);
            }
        }
    }

    /** Go escapes what would mean something in HTML, and two line ends that JavaScript has. */
    private static final class GoEscapes extends CharacterEscapes {
        private static final long serialVersionUID = 1L;

        @Override
        public int[] getEscapeCodesForAscii() {
            int[] codes = CharacterEscapes.standardAsciiEscapesForJSON();
            for (char c : "<>&".toCharArray()) {
                codes[c] = CharacterEscapes.ESCAPE_CUSTOM;
            }
            return codes;
        }

        @Override
        public @Nullable SerializableString getEscapeSequence(int c) {
            return "<>&\u2028\u2029".indexOf(c) < 0
                    ? null
                    : new SerializedString("\\u%04x".formatted(c));
        }
    }
}
