package dev.serinus.watcher.metrics;

import dev.serinus.schemas.canary.Installation;
import dev.serinus.schemas.cluster.Observed;
import dev.serinus.schemas.events.Measurement;
import dev.serinus.schemas.events.MeasurementOutcome;
import dev.serinus.schemas.events.MetricKind;
import dev.serinus.schemas.events.MetricQuery;
import dev.serinus.schemas.events.MetricResult;
import dev.serinus.schemas.events.QueryPurpose;
import dev.serinus.schemas.events.StepId;
import dev.serinus.schemas.outgoing.OutgoingClient;
import dev.serinus.schemas.outgoing.Sleeper;
import dev.serinus.schemas.runtime.Outbox;
import dev.serinus.schemas.runtime.RecordHandler;
import dev.serinus.schemas.telemetry.TraceContext;
import dev.serinus.schemas.topic.CanaryKey;
import dev.serinus.schemas.topic.Topic;
import dev.serinus.watcher.cluster.Cluster;
import dev.serinus.watcher.cluster.Cluster.InForce;
import dev.serinus.watcher.cluster.SpecSummary;
import dev.serinus.watcher.cluster.WatchedCanary;
import dev.serinus.watcher.metrics.Questions.Question;
import dev.serinus.watcher.metrics.provider.Answer;
import dev.serinus.watcher.metrics.provider.ProviderContext;
import dev.serinus.watcher.metrics.provider.ProviderHttp;
import dev.serinus.watcher.metrics.provider.Providers;
import dev.serinus.watcher.metrics.provider.TracedHttp;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.MeterRegistry;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * Answers metric queries. All metrics of a step are asked side by side, and one record holds all
 * answers, in the order in which Flagger evaluates them; judging them is for others. A query that
 * is delivered again is asked again.
 */
public final class MetricQueries implements RecordHandler<MetricQuery>, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(MetricQueries.class);

    /**
     * Above every provider's own limit, reading its credentials included. All that is asked for one
     * query is asked side by side, so that a comparison of four series takes no longer than a
     * value.
     */
    private static final Duration LAST_RESORT = Duration.ofSeconds(30);

    /** Characters; an event of Kubernetes holds less. */
    private static final int LONGEST_REASON = 2000;

    private final Cluster cluster;
    private final Topic<CanaryKey, MetricResult> results;
    private final Outbox outbox;
    private final Duration patience;
    private final Supplier<ExecutorService> workers;
    private final InstantSource clock;
    private final OutgoingClient outgoing;
    private final Function<UnaryOperator<ProviderHttp>, MetricEvaluator> asking;
    private final boolean traced;
    private final MetricGauges gauges;

    /**
     * Creates the handler.
     *
     * @param outgoing how providers are called; closed with this
     * @param longestAnswer bytes that a provider may answer with
     * @param backend how much each server may be asked
     * @param patience how long to wait for a generation of a Canary that was not seen yet
     * @param environment variables of the process, for providers' own credentials
     * @param workers makes the threads that ask for one query
     */
    public MetricQueries(
            Installation installation,
            Cluster cluster,
            KubernetesClient client,
            Topic<CanaryKey, MetricResult> results,
            Outbox outbox,
            OutgoingClient outgoing,
            int longestAnswer,
            BackendLimits backend,
            Duration patience,
            Map<String, String> environment,
            Supplier<ExecutorService> workers,
            InstantSource clock,
            Sleeper sleeper,
            MeterRegistry meters) {
        this.workers = workers;
        this.cluster = cluster;
        this.results = results;
        this.outbox = outbox;
        this.patience = patience;
        this.clock = clock;
        this.outgoing = outgoing;
        this.gauges = new MetricGauges(meters);
        this.traced = TraceContext.isWanted(environment);
        var pauses = new BackendPauses(clock);
        var backends = new Backends(backend, clock, sleeper, meters);
        // The installation's own server is asked whatever pause a template met.
        var sharedByTemplates = new SharedQuestions(clock, sleeper, meters);
        var sharedOfServers = new SharedQuestions(clock, sleeper, meters);
        cluster.canaries().onChange(this::keepWanted);
        var identity =
                GuardedHttp.ofTheInstallation(
                        outgoing, installation.cluster(), backend, clock, sleeper, meters);
        var settings =
                new TemplateSettings(
                        new Credentials(client, clock), TokenFiles.of(environment), clock);
        Function<@Nullable BackendPauses, Providers> providers =
                respected ->
                        new Providers(
                                Providers.ALL,
                                (canary, asked) ->
                                        new ProviderContext(
                                                        asked,
                                                        settings.noting(
                                                                asked,
                                                                new GuardedHttp(
                                                                        outgoing,
                                                                        backends,
                                                                        respected,
                                                                        canary,
                                                                        longestAnswer)),
                                                        identity,
                                                        client,
                                                        namespace ->
                                                                !installation.noCrossNamespaceRefs()
                                                                        || namespace.equals(
                                                                                canary.namespace()),
                                                        clock,
                                                        sleeper,
                                                        environment)
                                                .in(installation.namespace()));
        var ofTemplates = providers.apply(pauses);
        var ofServers = providers.apply(null);
        var templates = new Templates(cluster.templates(), client);
        this.asking =
                way ->
                        new MetricEvaluator(
                                installation,
                                new MetricSources(
                                        installation,
                                        canary ->
                                                new GuardedHttp(
                                                        outgoing,
                                                        backends,
                                                        null,
                                                        canary,
                                                        longestAnswer),
                                        templates,
                                        settings,
                                        ofTemplates.sendingBy(way).by(sharedByTemplates.fromNow()),
                                        ofServers.sendingBy(way).by(sharedOfServers.fromNow())),
                                clock,
                                cluster.knative()::latest);
    }

    /** Looks from now on whether the installation's metrics server answers. */
    public MetricsServerCheck checkServer(Installation installation, MeterRegistry meters) {
        var asks = new CanaryKey(installation.cluster(), "installation", "metrics-server");
        var check =
                new MetricsServerCheck(
                        MetricsServerCheck.name(installation),
                        () -> asking.apply(UnaryOperator.identity()).availability(asks),
                        meters);
        check.start();
        return check;
    }

    @Override
    public void close() {
        outgoing.close();
    }

    private void keepWanted(
            @Nullable Observed<WatchedCanary> before, @Nullable Observed<WatchedCanary> after) {
        if (after == null) {
            keepWanted(cluster.key(Objects.requireNonNull(before)));
        } else if (before == null
                || before.generation() != after.generation()
                || !before.uid().equals(after.uid())) {
            keepWanted(cluster.key(after));
        }
    }

    private void keepWanted(CanaryKey canary) {
        gauges.keep(canary, cluster.inForce(canary).map(InForce::summary).orElse(null));
    }

    /** What is given up is asked for again. */
    @Override
    public Optional<Duration> patienceWhenFull() {
        return Optional.of(Duration.ofMinutes(1));
    }

    @Override
    public void handle(CanaryKey canary, MetricQuery query) throws InterruptedException {
        String uid = query.getStep().getUid();
        var awaited =
                cluster.canaries()
                        .insistOnGeneration(
                                canary.namespace(),
                                canary.name(),
                                uid,
                                query.getGeneration(),
                                patience);
        var inForce = cluster.inForce(canary).filter(spec -> spec.uid().equals(uid)).orElse(null);
        List<Measurement> measurements;
        long generation;
        if (awaited.isPresent()
                && inForce != null
                && inForce.generation() >= query.getGeneration()) {
            measurements =
                    measure(
                            asking.apply(way(query.getStep())),
                            canary,
                            ofRun(inForce.summary(), query.getComparedWith()),
                            query.getPurpose(),
                            query.getWindowStart());
            generation = inForce.generation();
        } else {
            measurements = unknown(inForce, unusable(canary, query, uid));
            generation = inForce == null ? 0 : inForce.generation();
        }
        outbox.send(
                results,
                canary,
                MetricResult.newBuilder()
                        .setCanary(canary.toString())
                        .setStep(query.getStep())
                        .setGeneration(generation)
                        .setMeasurements(measurements)
                        .setAnsweredAt(clock.instant())
                        .build());
        LOG.atInfo()
                .addKeyValue("canary", canary)
                .addKeyValue("step", query.getStep().getStep())
                .addKeyValue("purpose", query.getPurpose())
                .addKeyValue("answers", measurements.size())
                .log("answered a metric query");
    }

    /** A run that began before a baseline was asked for is compared with the primary. */
    static SpecSummary ofRun(SpecSummary summary, @Nullable String comparedWith) {
        return "primary".equals(comparedWith) ? summary.comparedWithPrimary() : summary;
    }

    private String unusable(CanaryKey canary, MetricQuery query, String uid) {
        var seen = cluster.canary(canary).filter(object -> object.uid().equals(uid));
        if (seen.isEmpty()) {
            return "there is no such Canary in the cluster";
        }
        return seen.get().generation() < query.getGeneration()
                ? "generation %d of the Canary was not seen within %s, the newest is %d"
                        .formatted(query.getGeneration(), patience, seen.get().generation())
                : ("generation %d of the Canary cannot be read any more, and generation %d breaks"
                                + " rules")
                        .formatted(query.getGeneration(), seen.get().generation());
    }

    /** Nothing was asked, and that is said of every metric, so that none can count as passed. */
    private static List<Measurement> unknown(@Nullable InForce inForce, String because) {
        var answer = new Answer.Unavailable(because);
        var questions =
                inForce == null ? List.<Question>of() : Questions.analysis(inForce.summary());
        return questions.isEmpty()
                ? List.of(measurement(Questions.UNKNOWN, answer))
                : questions.stream().map(question -> measurement(question, answer)).toList();
    }

    /** Whoever is asked is told of the step, where somebody collects traces. */
    private UnaryOperator<ProviderHttp> way(StepId step) {
        if (!traced) {
            return UnaryOperator.identity();
        }
        var context = TraceContext.of(step.getUid(), step.getRun(), step.getStep());
        return http -> new TracedHttp(http, context);
    }

    private List<Measurement> measure(
            MetricEvaluator evaluator,
            CanaryKey canary,
            SpecSummary summary,
            QueryPurpose purpose,
            @Nullable Instant windowStart)
            throws InterruptedException {
        List<Question> questions =
                switch (purpose) {
                    case ANALYSIS -> Questions.analysis(summary);
                    case AVAILABILITY -> Questions.availability(summary, canary.namespace());
                };
        var sides = new ComparedSides(evaluator, questions, windowStart, clock.instant());
        List<Callable<Answer>> asked = new ArrayList<>();
        List<List<ComparedSides.Asked>> compared = new ArrayList<>();
        for (Question question : questions) {
            var both = sides.of(canary, summary, question);
            asked.add(() -> timed(evaluator, canary, summary, purpose, question));
            both.forEach(side -> asked.add(side::ask));
            compared.add(both);
        }
        var threads = workers.get();
        try {
            var answers =
                    threads.invokeAll(asked, LAST_RESORT.toMillis(), TimeUnit.MILLISECONDS)
                            .iterator();
            List<Measurement> measurements = new ArrayList<>();
            for (int i = 0; i < questions.size(); i++) {
                var question = questions.get(i);
                Answer value = answer(answers.next());
                // In order: of two ways of asking one name the later is shown, as in Flagger.
                if (purpose == QueryPurpose.ANALYSIS && value instanceof Answer.Samples samples) {
                    gauges.measured(canary, summary.target().name(), question, samples.value());
                }
                List<Answer> ofSides = new ArrayList<>();
                for (var _ : compared.get(i)) {
                    ofSides.add(answer(answers.next()));
                }
                var found = sides.found(question, compared.get(i), ofSides);
                measurements.add(
                        told(
                                evaluator,
                                summary,
                                found == null
                                        ? measurement(question, value)
                                        : found.with(question, value)));
            }
            keepWanted(canary); // it may be gone since it was asked
            return measurements;
        } finally {
            threads.shutdownNow();
        }
    }

    private static Measurement told(
            MetricEvaluator evaluator, SpecSummary summary, Measurement one) {
        return one.getKind() == MetricKind.BUILTIN
                ? Measurement.newBuilder(one).setProvider(evaluator.measuredBy(summary)).build()
                : one;
    }

    private Answer timed(
            MetricEvaluator evaluator,
            CanaryKey canary,
            SpecSummary summary,
            QueryPurpose purpose,
            Question question)
            throws InterruptedException {
        long start = System.nanoTime();
        Answer answer =
                answered(
                        () ->
                                purpose == QueryPurpose.ANALYSIS
                                        ? evaluator.value(canary, summary, question)
                                        : evaluator.availability(canary, summary, question));
        gauges.asked(question, answer, Duration.ofNanos(System.nanoTime() - start));
        return answer;
    }

    /** Asks one question. */
    interface Asking {
        Answer ask() throws InterruptedException;
    }

    /** What breaks one question, such as an answer that nobody foresaw, is trouble of it alone. */
    static Answer answered(Asking asking) throws InterruptedException {
        try {
            return asking.ask();
        } catch (RuntimeException | StackOverflowError broken) {
            // What is nested too deeply is a stranger's text, and as much of it can be read again.
            LOG.atError().setCause(broken).log("asking a metrics provider failed");
            return new Answer.Unavailable(
                    "asking the metrics provider failed: " + broken.getClass().getSimpleName());
        }
    }

    private static Answer answer(Future<Answer> future) throws InterruptedException {
        try {
            return future.get();
        } catch (CancellationException _) {
            return new Answer.Unavailable("no answer within " + LAST_RESORT.toSeconds() + "s");
        } catch (ExecutionException broken) {
            // Ours, not the provider's: let the record be set aside rather than guess.
            Throwable cause = Objects.requireNonNullElse(broken.getCause(), broken);
            throw new IllegalStateException(
                    "asking a metrics provider failed: " + cause.getClass().getName(), cause);
        }
    }

    static Measurement measurement(Question question, Answer answer) {
        var measurement =
                Measurement.newBuilder()
                        .setIndex(question.index())
                        .setMetric(question.metric().name())
                        .setKind(question.kind())
                        .setNotANumber(Answer.endsWithoutNumber(answer));
        return switch (answer) {
            case Answer.Samples samples ->
                    measurement
                            .setOutcome(MeasurementOutcome.VALUE)
                            .setValue(samples.value())
                            .setBecause(shortened(Answer.toBeKnown(samples)))
                            .build();
            case Answer.NoData(var because, _) ->
                    measurement
                            .setOutcome(MeasurementOutcome.NO_DATA)
                            .setBecause(shortened(because))
                            .build();
            case Answer.Unavailable(var because) ->
                    measurement
                            .setOutcome(MeasurementOutcome.UNAVAILABLE)
                            .setBecause(shortened(because))
                            .build();
            case Answer.Misconfigured(var because) ->
                    measurement
                            .setOutcome(MeasurementOutcome.MISCONFIGURED)
                            .setBecause(shortened(because))
                            .build();
        };
    }

    private static String shortened(String because) {
        return because.length() <= LONGEST_REASON
                ? because
                : because.substring(0, LONGEST_REASON) + "…";
    }
}
