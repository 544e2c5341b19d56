package dev.serinus.watcher.metrics.provider;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Asks Splunk Observability: runs a SignalFlow program over the last ten intervals, over a
 * WebSocket. It must give one series, whose last value counts.
 */
final class Splunk implements MetricsProvider {

    static final ProviderType TYPE = ProviderType.of("splunk", Splunk::new).withRanges();

    private static final Duration LIMIT = Duration.ofSeconds(15);
    private static final Duration LATE = Duration.ofMinutes(5);
    private static final int INTERVALS = 10;
    private static final String TOKEN = "sf_token_key";
    private static final String INVALID = "invalid response: ";

    private final String token;
    private final HttpSource stream;
    private final HttpSource api;
    private final InstantSource clock;
    private final long window;

    private Splunk(ProviderContext context) throws WrongSettings {
        var settings = context.settings();
        this.token = settings.required(TOKEN);
        this.window = Interval.of(settings).multipliedBy(INTERVALS).toMillis();
        this.clock = context.clock();
        String named = settings.address();
        String written = named == null ? "" : named.strip();
        // A realm has two hosts, and a template may name either, in either scheme.
        String address =
                written.toLowerCase(Locale.ROOT).startsWith("ws")
                        ? "http" + written.substring(2)
                        : written;
        this.stream =
                new HttpSource(
                        context.with(
                                settings.plain().addressed(address.replaceFirst("api", "stream"))),
                        null,
                        Map.of(),
                        LIMIT);
        this.api =
                new HttpSource(
                        context.with(
                                settings.plain().addressed(address.replaceFirst("stream", "api"))),
                        null,
                        Map.of("X-Sf-Token", token),
                        LIMIT);
    }

    @Override
    public Answer ask(String query) throws InterruptedException {
        long now = clock.instant().toEpochMilli();
        return run(
                new SignalFlow(token, query, now - window, now, Duration.ZERO), series -> series);
    }

    /** Values are named by the time at which what they are about begins. */
    @Override
    public Optional<Answer> range(String query, Instant from, Instant to, Duration step)
            throws InterruptedException {
        var wanted = new Span(from, to, step);
        var run =
                new SignalFlow(
                        token, query, wanted.begin().toEpochMilli(), to.toEpochMilli(), step);
        return Optional.of(
                run(
                        run,
                        series ->
                                wanted.begun(
                                        series,
                                        wanted.spacing(
                                                series.stream()
                                                        .map(Answer.Sample::time)
                                                        .toList()))));
    }

    private Answer run(SignalFlow run, UnaryOperator<List<Answer.Sample>> kept)
            throws InterruptedException {
        return stream.converse(
                "/v2/signalflow/connect",
                run.said(),
                run,
                new HttpSource.ReplyReader<>() {
                    @Override
                    public Answer read(ProviderHttp.Reply reply) {
                        return reply.status() == 101 ? only(run, kept) : stream.refused(reply);
                    }

                    @Override
                    public Answer none(String because) {
                        return new Answer.Unavailable("request failed: " + because);
                    }
                });
    }

    private Answer only(SignalFlow run, UnaryOperator<List<Answer.Sample>> kept) {
        String trouble = run.trouble();
        if (trouble != null) {
            return stream.unavailable(INVALID + trouble);
        }
        var series = List.copyOf(run.series().values());
        return switch (series.size()) {
            case 0 -> new Answer.NoData(INVALID + HttpSource.NO_VALUES);
            case 1 -> answer(kept.apply(series.getFirst()));
            default -> new Answer.Unavailable(INVALID + "query returned multiple values");
        };
    }

    private static Answer answer(List<Answer.Sample> samples) {
        return samples.isEmpty()
                ? new Answer.NoData(INVALID + HttpSource.NO_VALUES)
                : new Answer.Samples(samples);
    }

    @Override
    public Duration late() {
        return LATE;
    }

    @Override
    public Answer available() throws InterruptedException {
        return api.get(
                "/v2/metric",
                List.of(new HttpSource.Parameter("limit", "1")),
                api.yes(HttpSource::is200, Answer.of(clock.instant(), 1)));
    }
}
