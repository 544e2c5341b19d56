package dev.serinus.watcher.metrics.provider;

import com.fasterxml.jackson.databind.JsonNode;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Asks Google Cloud Monitoring in MQL. The first point that it delivers counts, which is the newest
 * of the first series with data; whole numbers count as well as others, which Flagger takes for 0.
 */
final class Stackdriver implements MetricsProvider {

    static final ProviderType TYPE = type();

    private static final String ADDRESS = "https://monitoring.googleapis.com";
    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final String PROJECT = "project";

    private final ProviderContext context;
    private final GoogleIdentity identity;
    private final InstantSource clock;
    private final String path;

    private Stackdriver(ProviderContext context, ShortLived<String> tokens) throws WrongSettings {
        var settings = context.settings();
        Optional<String> project = Optional.empty();
        boolean hasKey = settings.credential(GoogleIdentity.KEY).isPresent();
        if (settings.credential(PROJECT).isPresent()) {
            project = Optional.of(settings.required(PROJECT));
        } else if (settings.hasSecret() && !hasKey) {
            throw noProject(settings);
        }
        this.context = context;
        this.clock = context.clock();
        this.identity = new GoogleIdentity(context, tokens);
        this.path =
                "/v3/projects/"
                        + QueryEncoding.encodePath(
                                project.or(identity::project)
                                        .or(() -> ofTheInstallation(context))
                                        .orElseThrow(() -> noProject(settings)))
                        + "/timeSeries:query";
    }

    /** A kind that knows no tokens yet. */
    static ProviderType type() {
        ShortLived<String> tokens = new ShortLived<>();
        return ProviderType.of("stackdriver", context -> new Stackdriver(context, tokens));
    }

    private static WrongSettings noProject(ProviderSettings settings) {
        return new WrongSettings(
                settings.hasSecret()
                        ? "stackdriver credentials does not contain a project id"
                        : "stackdriver needs a project id: put project into a Secret that secretRef"
                                + " names, or give the watcher GOOGLE_CLOUD_PROJECT");
    }

    /** Not that of a Secret, whose account has nothing to do with it. */
    private static Optional<String> ofTheInstallation(ProviderContext context) {
        return context.settings().hasSecret()
                ? Optional.empty()
                : Optional.ofNullable(context.environment().get("GOOGLE_CLOUD_PROJECT"))
                        .filter(name -> !name.isBlank());
    }

    @Override
    public Answer ask(String query) throws InterruptedException {
        return send(
                query,
                source ->
                        forgetting(
                                source.json(
                                        HttpSource::is200,
                                        (tree, body) -> newest(source, tree, body))));
    }

    @Override
    public Answer available() throws InterruptedException {
        // Who may ask is told that the query is empty, and who may not, that he may not.
        return send(
                "",
                source ->
                        forgetting(
                                source.yes(
                                        status -> status == 200 || status == 400,
                                        Answer.of(clock.instant(), 1))));
    }

    private interface Reading {
        HttpSource.ReplyReader<Answer> of(HttpSource source);
    }

    private Answer send(String query, Reading reading) throws InterruptedException {
        try {
            String token = identity.token();
            var source =
                    new HttpSource(
                            // As in Flagger the address is none that a template could change.
                            context.with(context.settings().at(ADDRESS, Map.of("token", token))),
                            null,
                            Map.of("Authorization", "Bearer " + token),
                            LIMIT);
            String body = JsonText.JSON.createObjectNode().put("query", query).toString();
            return source.post(path, List.of(), body, reading.of(source));
        } catch (NoCredentials none) {
            return new Answer.Unavailable(none.because());
        } catch (WrongSettings wrong) {
            return new Answer.Misconfigured(wrong.because());
        }
    }

    private HttpSource.ReplyReader<Answer> forgetting(HttpSource.ReplyReader<Answer> reader) {
        return new HttpSource.ReplyReader<>() {
            @Override
            public Answer read(ProviderHttp.Reply reply) {
                if (reply.status() == 401) {
                    identity.forgetToken();
                }
                return reader.read(reply);
            }

            @Override
            public Answer none(String because) {
                return reader.none(because);
            }
        };
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
        List<Answer.Sample> samples = new ArrayList<>();
        for (JsonNode each : reply.path("timeSeriesData")) {
            for (JsonNode point : each.path("pointData")) {
                double value = number(point.path("values").path(0));
                if (!Double.isNaN(value)) {
                    samples.addFirst(new Answer.Sample(end(point), value));
                }
            }
            if (!samples.isEmpty()) {
                break;
            }
        }
        return samples.isEmpty() ? source.noValues(body) : new Answer.Samples(samples);
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
