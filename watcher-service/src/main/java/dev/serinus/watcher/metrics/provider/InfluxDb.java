package dev.serinus.watcher.metrics.provider;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import com.fasterxml.jackson.core.io.SerializedString;
import com.fasterxml.jackson.databind.json.JsonMapper;

import dev.serinus.watcher.metrics.provider.HttpSource.Parameter;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Asks InfluxDB 2 in Flux. The first row counts, as in Flagger; what Flagger takes for 0 is none
 * here: no rows, and an error in the midst of an answer.
 */
final class InfluxDb implements MetricsProvider {

    static final ProviderType TYPE =
            ProviderType.of("influxdb", InfluxDb::new).authorizedBy("token");

    private static final Duration LIMIT = Duration.ofSeconds(15);
    private static final Set<String> NUMBERS = Set.of("double", "long", "unsignedLong");
    private static final String FAILED = "error accessing influxdb query api: ";

    private final HttpSource source;
    private final InstantSource clock;
    private final String organisation;

    private InfluxDb(ProviderContext context) throws WrongSettings {
        var settings = context.settings();
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
        return send(query, reply -> read(reply.body()));
    }

    /** As in Flagger whatever it says is a yes, if it says it with success. */
    @Override
    public Answer available() throws InterruptedException {
        return send(
                "from(bucket: \"default\") |> range(start: -2h)",
                _ -> Answer.of(clock.instant(), 1));
    }

    private interface Reader {
        Answer read(ProviderHttp.Reply reply);
    }

    private Answer send(String query, Reader reader) throws InterruptedException {
        return source.post(
                "/api/v2/query",
                List.of(new Parameter("org", organisation)),
                Body.of(query),
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
        return switch (FluxTable.read(body)) {
            case FluxTable.Result.Empty _ -> new Answer.NoData(HttpSource.NO_VALUES);
            case FluxTable.Result.Failed(var because) ->
                    source.unavailable("query failed: " + because);
            case FluxTable.Result.Unreadable _ ->
                    source.unavailable("the answer is no annotated CSV: '" + body + "'");
            case FluxTable.Result.First(var row) -> value(row);
        };
    }

    private Answer value(FluxTable.Row row) {
        String written = row.value();
        if (written == null) {
            return source.noValues(row.shown());
        }
        try {
            double value =
                    NUMBERS.contains(row.valueType())
                            ? JsonText.number(written)
                            : notANumber(written);
            Instant time = row.time() == null ? clock.instant() : row.time();
            return Double.isNaN(value)
                    ? source.noValues(row.shown(), List.of(time))
                    : Answer.of(time, value);
        } catch (JsonText.NoNumber _) {
            return source.unavailable("invalid response: " + row.shown());
        }
    }

    private static double notANumber(String written) throws JsonText.NoNumber {
        throw new JsonText.NoNumber(written);
    }

    /** The body of a query, byte for byte as Flagger sends it. */
    private static final class Body {

        private static final JsonMapper GO = JsonMapper.builder().build();

        static {
            GO.getFactory().setCharacterEscapes(new GoEscapes());
        }

        static String of(String query) {
            var body = GO.createObjectNode();
            var dialect = body.putObject("dialect");
            dialect.putArray("annotations").add("datatype").add("group").add("default");
            dialect.put("delimiter", ",").put("header", true);
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
