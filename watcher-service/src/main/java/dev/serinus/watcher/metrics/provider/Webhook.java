package dev.serinus.watcher.metrics.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Asks a server of the user's own, such as one that knows what customers buy: POST of the canary
 * and the query, answered with a value or with samples. The README says how.
 */
final class Webhook implements MetricsProvider {

    static final ProviderType TYPE =
            ProviderType.of("webhook", Webhook::new)
                    .authorizedBy("token", "username", "password")
                    .withRanges()
                    .tellingTheCanary();

    private static final Duration LIMIT = Duration.ofSeconds(5);

    /** Stands for the answer of a server that knows the present alone. */
    private static final Answer OF_THE_PRESENT = new Answer.NoData("one value is no series");

    private final ProviderContext context;
    private final HttpSource source;
    private final InstantSource clock;
    private final Duration interval;

    private Webhook(ProviderContext context) throws WrongSettings {
        var settings = context.settings();
        this.context = context;
        this.interval = Interval.of(settings);
        this.clock = context.clock();
        this.source = new HttpSource(context, null, HttpSource.authorization(settings), LIMIT);
    }

    @Override
    public Answer ask(String query) throws InterruptedException {
        return source.post(
                "", List.of(), body(query).toString(), source.json(HttpSource::is200, this::read));
    }

    /** A server that answers with one value tells that it knows no series. */
    @Override
    public Optional<Answer> range(String query, Instant from, Instant to, Duration step)
            throws InterruptedException {
        var wanted = new Span(from, to, step);
        ObjectNode body = body(query);
        body.put("start", from.toString());
        body.put("end", to.toString());
        body.put("stepSeconds", seconds(step));
        Answer answer =
                source.post(
                        "",
                        List.of(),
                        body.toString(),
                        source.json(
                                HttpSource::is200,
                                (reply, text) ->
                                        reply.has("value") && !reply.has("samples")
                                                ? OF_THE_PRESENT
                                                : within(wanted, read(reply, text))));
        return answer.equals(OF_THE_PRESENT) ? Optional.empty() : Optional.of(answer);
    }

    private static Answer within(Span wanted, Answer answer) {
        return switch (answer) {
            case Answer.Samples(var samples, var notNumbers, _, _) ->
                    Span.answer(wanted.moments(samples), wanted.times(notNumbers));
            case Answer.NoData(var because, var notNumbers) ->
                    new Answer.NoData(because, wanted.times(notNumbers));
            case Answer.Unavailable _, Answer.Misconfigured _ -> answer;
        };
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }

    private ObjectNode body(String query) {
        var body = JsonText.JSON.createObjectNode();
        body.put("name", context.http().canary());
        body.put("namespace", context.http().namespace());
        body.put("query", query);
        body.put("intervalSeconds", seconds(interval));
        return body;
    }

    private Answer read(JsonNode reply, String body) throws JsonText.NoNumber {
        if (reply.hasNonNull("error")) {
            return source.unavailable("query failed: " + reply.path("error").asText(body));
        }
        if (reply.has("value") == reply.has("samples")) {
            return source.unavailable(
                    "the answer must have either value or samples, '" + body + "'");
        }
        if (reply.has("value")) {
            double value = JsonText.number(reply.path("value"));
            return Double.isNaN(value)
                    ? source.noValues(
                            body,
                            reply.path("value").isTextual() ? List.of(clock.instant()) : List.of())
                    : Answer.of(clock.instant(), value);
        }
        var lacking = source.lacking(reply.path("samples"), "list of samples", body);
        return lacking.isPresent() ? lacking.get() : samples(reply.path("samples"), body);
    }

    private Answer samples(JsonNode list, String body) throws JsonText.NoNumber {
        List<Answer.Sample> samples = new ArrayList<>();
        List<Instant> notNumbers = new ArrayList<>();
        for (JsonNode each : list) {
            double value = JsonText.number(each.path("value"));
            if (Double.isNaN(value) && !each.path("value").isTextual()) {
                continue;
            }
            try {
                Instant time = time(each.path("time"));
                if (Double.isNaN(value)) {
                    notNumbers.add(time);
                } else {
                    samples.add(new Answer.Sample(time, value));
                }
            } catch (DateTimeException _) {
                return source.unavailable(
                        "time of a sample must be such as 2026-03-01T10:00:00Z, or seconds since"
                                + " 1970, '"
                                + each.path("time").asText()
                                + "'");
            }
        }
        samples.sort(Comparator.comparing(Answer.Sample::time));
        notNumbers.sort(Comparator.naturalOrder());
        return samples.isEmpty()
                ? source.noValues(body, notNumbers)
                : new Answer.Samples(samples, notNumbers);
    }

    private static Instant time(JsonNode written) {
        return written.isNumber()
                ? SampleTime.ofSeconds(written.doubleValue())
                : SampleTime.within(Instant.parse(written.asText()));
    }

    /** Whoever answers a GET is there, also where it takes no GET. */
    @Override
    public Answer available() throws InterruptedException {
        return source.get(
                "",
                List.of(),
                source.yes(
                        status -> status < 500 && status != 401 && status != 403 && status != 429,
                        Answer.of(clock.instant(), 1)));
    }
}
