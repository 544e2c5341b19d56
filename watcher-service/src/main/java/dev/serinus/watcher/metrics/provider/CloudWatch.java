package dev.serinus.watcher.metrics.provider;

import dev.serinus.schemas.outgoing.Redaction;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Asks Amazon CloudWatch for the metric data of the last ten intervals, as whoever the installation
 * is at AWS. The first value of the first result counts, as in Flagger, which is the newest.
 */
final class CloudWatch implements MetricsProvider {

    static final ProviderType TYPE = type();

    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final Duration LATE = Duration.ofMinutes(5);
    private static final int INTERVALS = 10;
    private static final int TRIES = 4;
    private static final Duration PAUSE = Duration.ofMillis(50);
    private static final Duration LONGEST = Duration.ofSeconds(10);
    private static final String SERVICE = "monitoring";
    private static final String FAILED = "error requesting cloudwatch: ";

    /** As in Flagger, which wants one. */
    private static final int MOST_VALUES = 20;

    /** Of a range; each has a time, and an answer has so many texts. */
    private static final int MOST_OF_RANGE = AwsReply.MOST_TEXTS / 2 - 500;

    private static final Instant ZERO = Instant.parse("0001-01-01T00:00:00Z");
    private static final Set<String> OVERLOADED =
            Set.of("Throttling", "ThrottlingException", "RequestLimitExceeded");

    private static final Set<String> OUTDATED =
            Set.of(
                    "ExpiredToken",
                    "ExpiredTokenException",
                    "InvalidClientTokenId",
                    "UnrecognizedClientException");

    private final ProviderContext context;
    private final AwsIdentity identity;
    private final InstantSource clock;
    private final AwsForm form;
    private final Duration window;

    private CloudWatch(ProviderContext context, ShortLived<AwsKey> keys) throws WrongSettings {
        var settings = context.settings();
        var region = AwsRegion.of(settings.region());
        this.window = Interval.of(settings).multipliedBy(INTERVALS);
        // As in Flagger the address is none that a template could change.
        this.form =
                new AwsForm(
                        context,
                        region,
                        SERVICE,
                        URI.create("https://" + region.host(SERVICE)),
                        LIMIT);
        this.context = context;
        this.clock = context.clock();
        this.identity = new AwsIdentity(context, region, keys);
    }

    /** A kind that has no credentials yet. */
    static ProviderType type() {
        ShortLived<AwsKey> keys = new ShortLived<>();
        return ProviderType.of("cloudwatch", context -> new CloudWatch(context, keys))
                .onlyAs("the installation's own identity at AWS")
                .withRanges();
    }

    /** What came of a request: an answer, or a reason to ask once more. */
    private record Came(Answer answer, boolean again) {
        private static Came over(Answer answer) {
            return new Came(answer, false);
        }
    }

    private interface Reading {
        Came of(HttpSource source, ProviderHttp.Reply reply);
    }

    @Override
    public Answer ask(String query) throws InterruptedException {
        List<HttpSource.Parameter> parameters;
        try {
            parameters = MetricDataQueries.read(query);
        } catch (WrongSettings wrong) {
            return new Answer.Misconfigured(wrong.because());
        }
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        return send(
                body(parameters, now.minus(window), now, MOST_VALUES),
                FAILED,
                (source, reply) -> read(source, reply, results -> newest(source, results)));
    }

    @Override
    public Optional<Answer> range(String query, Instant from, Instant to, Duration step)
            throws InterruptedException {
        List<HttpSource.Parameter> parameters;
        try {
            parameters = MetricDataQueries.read(query);
        } catch (WrongSettings wrong) {
            return Optional.of(new Answer.Misconfigured(wrong.because()));
        }
        var wanted = new Span(from, to, step);
        Duration period = MetricDataQueries.period(parameters).orElse(step);
        return Optional.of(
                send(
                        body(
                                parameters,
                                wanted.begin().truncatedTo(ChronoUnit.MILLIS),
                                to.truncatedTo(ChronoUnit.MILLIS),
                                MOST_OF_RANGE),
                        FAILED,
                        (source, reply) ->
                                read(
                                        source,
                                        reply,
                                        results -> series(source, results, wanted, period))));
    }

    @Override
    public Duration late() {
        return LATE;
    }

    /** Who may ask is told that there is no query, and who may not, that he may not. */
    @Override
    public Answer available() throws InterruptedException {
        Answer yes = Answer.of(clock.instant(), 1);
        return send(
                body(List.of(new HttpSource.Parameter("MetricDataQueries", "")), ZERO, ZERO, null),
                "unexpected error: ",
                (source, reply) ->
                        reply.status() == 200 || reply.status() == 400
                                ? Came.over(yes)
                                : refused(source, reply, "unexpected error: "));
    }

    private static String body(
            List<HttpSource.Parameter> queries, Instant from, Instant to, @Nullable Integer most) {
        List<HttpSource.Parameter> all = new ArrayList<>(queries);
        all.add(new HttpSource.Parameter("Action", "GetMetricData"));
        all.add(new HttpSource.Parameter("EndTime", to.toString()));
        all.add(new HttpSource.Parameter("StartTime", from.toString()));
        all.add(new HttpSource.Parameter("Version", "2010-08-01"));
        if (most != null) {
            all.add(new HttpSource.Parameter("MaxDatapoints", String.valueOf(most)));
        }
        all.sort(Comparator.comparing(HttpSource.Parameter::name));
        return QueryEncoding.form(all);
    }

    /** Asks again what failed at AWS, as its own libraries do: three times, and not for long. */
    private Answer send(String body, String failed, Reading reading) throws InterruptedException {
        try {
            Instant last = clock.instant().plus(LONGEST);
            for (int attempt = 1; ; attempt++) {
                Came came = once(body, failed, reading);
                if (!came.again() || attempt == TRIES || clock.instant().isAfter(last)) {
                    return came.answer();
                }
                context.sleeper().sleep(PAUSE.multipliedBy(1L << attempt));
            }
        } catch (NoCredentials none) {
            return new Answer.Unavailable(failed + none.because());
        } catch (WrongSettings wrong) {
            return new Answer.Misconfigured(wrong.because());
        }
    }

    private Came once(String body, String failed, Reading reading)
            throws NoCredentials, WrongSettings, InterruptedException {
        AwsKey key = identity.key();
        return form.post(
                key,
                "/",
                body,
                source ->
                        new HttpSource.ReplyReader<>() {
                            @Override
                            public Came read(ProviderHttp.Reply reply) {
                                forgetOutdated(key, reply);
                                return reading.of(source, reply);
                            }

                            @Override
                            public Came none(String because) {
                                return Came.over(new Answer.Unavailable(failed + because));
                            }
                        });
    }

    private void forgetOutdated(AwsKey key, ProviderHttp.Reply reply) {
        // Who may not ask in this region or account is still who he is.
        if (reply.status() != 200
                && AwsReply.error(reply.body())
                        .filter(each -> OUTDATED.contains(each.code()))
                        .isPresent()) {
            identity.forget(key);
        }
    }

    private Came refused(HttpSource source, ProviderHttp.Reply reply, String failed) {
        Optional<AwsReply.Trouble> trouble = AwsReply.error(reply.body());
        boolean again =
                reply.retryAfter() == null
                        && (reply.status() >= 500
                                || reply.status() == 429
                                || trouble.filter(each -> OVERLOADED.contains(each.code()))
                                        .isPresent());
        if (trouble.isEmpty()) {
            return new Came(
                    source.unavailable(failed + "error response: " + HttpSource.told(reply)),
                    again);
        }
        return new Came(
                source.unavailable(
                        "%s%s\n\tstatus code: %d, request id: %s"
                                .formatted(
                                        failed,
                                        trouble.get().told(),
                                        reply.status(),
                                        trouble.get().request())),
                again);
    }

    private interface Values {
        Answer of(AwsReply.Results results) throws JsonText.NoNumber;
    }

    private Came read(HttpSource source, ProviderHttp.Reply reply, Values values) {
        if (reply.status() != 200) {
            return refused(source, reply, FAILED);
        }
        Optional<AwsReply.Results> results = AwsReply.results(reply.body());
        if (results.isEmpty()) {
            return new Came(
                    source.unavailable(
                            FAILED
                                    + "the answer is no GetMetricDataResponse, '"
                                    + reply.body()
                                    + "'"),
                    true);
        }
        for (AwsReply.Result result : results.get().all()) {
            if (result.status().equals("InternalError") || result.status().equals("Forbidden")) {
                return Came.over(
                        source.unavailable(
                                "%s%s of query %s: %s"
                                        .formatted(
                                                FAILED,
                                                result.status(),
                                                result.id(),
                                                String.join("; ", result.messages()))));
            }
        }
        try {
            return Came.over(values.of(results.get()));
        } catch (JsonText.NoNumber wrong) {
            return Came.over(source.unavailable(String.valueOf(wrong.getMessage())));
        }
    }

    /** The one result; each of its values is named by the time at which its period begins. */
    private Answer series(HttpSource source, AwsReply.Results results, Span wanted, Duration period)
            throws JsonText.NoNumber {
        if (results.all().size() > 1) {
            return HttpSource.several(
                    results.all().size(),
                    "results",
                    "return one, with ReturnData: false on others");
        }
        if (results.goOn()) {
            return source.unavailable(
                    FAILED
                            + "there are more than %d values: give the query a longer Period"
                                    .formatted(MOST_OF_RANGE));
        }
        if (results.all().isEmpty()) {
            return none(source, "invalid response: {\n\n}");
        }
        return Span.answer(wanted.begun(samples(results.all().getFirst()), period));
    }

    private Answer newest(HttpSource source, AwsReply.Results results) throws JsonText.NoNumber {
        if (results.all().isEmpty()) {
            return none(source, "invalid response: {\n\n}");
        }
        var result = results.all().getFirst();
        var samples = samples(result);
        return samples.isEmpty()
                ? none(source, "invalid reponse " + shown(result))
                : new Answer.Samples(samples, List.of(), results.all().size());
    }

    private List<Answer.Sample> samples(AwsReply.Result result) throws JsonText.NoNumber {
        List<Answer.Sample> samples = new ArrayList<>();
        for (int i = 0; i < result.values().size(); i++) {
            double value = JsonText.number(result.values().get(i));
            if (!Double.isNaN(value)) {
                samples.addFirst(new Answer.Sample(time(result.times(), i), value));
            }
        }
        return samples;
    }

    private static Answer none(HttpSource source, String told) {
        Redaction redaction = source.redaction();
        return new Answer.NoData(redaction.of(told, 300) + ": " + HttpSource.NO_VALUES);
    }

    /** As Flagger prints it. */
    private static String shown(AwsReply.Result result) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("Id", result.id());
        fields.put("Label", result.label());
        fields.put("StatusCode", result.status());
        return fields.entrySet().stream()
                .filter(each -> !each.getValue().isEmpty())
                .map(each -> "      %s: \"%s\"".formatted(each.getKey(), each.getValue()))
                .collect(Collectors.joining(",\n", "{\n  MetricDataResults: [{\n", "\n    }]\n}"));
    }

    private Instant time(List<String> times, int index) {
        try {
            return index < times.size() ? Instant.parse(times.get(index)) : clock.instant();
        } catch (DateTimeException _) {
            return clock.instant();
        }
    }
}
