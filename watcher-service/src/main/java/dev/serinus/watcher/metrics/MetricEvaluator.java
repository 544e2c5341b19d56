package dev.serinus.watcher.metrics;

import static dev.serinus.watcher.metrics.Questions.DURATION;
import static dev.serinus.watcher.metrics.Questions.SUCCESS_RATE;

import dev.serinus.schemas.admission.ComparedQueries;
import dev.serinus.schemas.canary.CanaryMetric;
import dev.serinus.schemas.canary.Durations;
import dev.serinus.schemas.canary.Installation;
import dev.serinus.schemas.cluster.Ref;
import dev.serinus.schemas.events.MetricKind;
import dev.serinus.schemas.mesh.Knative;
import dev.serinus.schemas.mesh.Meshes;
import dev.serinus.schemas.targets.TargetKind;
import dev.serinus.schemas.template.RenderException;
import dev.serinus.schemas.topic.CanaryKey;
import dev.serinus.watcher.cluster.SpecSummary;
import dev.serinus.watcher.metrics.MetricSources.Source;
import dev.serinus.watcher.metrics.Questions.Question;
import dev.serinus.watcher.metrics.provider.Answer;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** Asks one question about one canary: finds the provider, renders the query, reads the answer. */
final class MetricEvaluator {

    /** The variables of a query that are names of objects. */
    private static final Set<String> NAMES =
            Set.of("name", "namespace", "target", "service", "ingress", "route");

    private final Installation installation;
    private final MetricSources sources;
    private final InstantSource clock;
    private final Function<Ref, Optional<String>> latestRevision;

    /**
     * @param sources whom to ask
     * @param latestRevision of a Knative Service; empty when it is not known
     */
    MetricEvaluator(
            Installation installation,
            MetricSources sources,
            InstantSource clock,
            Function<Ref, Optional<String>> latestRevision) {
        this.installation = installation;
        this.sources = sources;
        this.clock = clock;
        this.latestRevision = latestRevision;
    }

    /** Asks for a value. */
    Answer value(CanaryKey canary, SpecSummary summary, Question question)
            throws InterruptedException {
        return answer(canary, summary, question, QueryScope.ofTheCanary(summary));
    }

    /** Asks for one side of a metric that is compared, in a way that is its own. */
    Answer answer(CanaryKey canary, SpecSummary summary, Question question, QueryScope scope)
            throws InterruptedException {
        if (route(canary, summary).isEmpty()) {
            return new Answer.Unavailable(
                    "Error fetching Knative service %s/%s: it is not there, or has no revision yet"
                            .formatted(canary.namespace(), summary.target().name()));
        }
        return switch (question.kind()) {
            case BUILTIN -> builtin(canary, summary, question.metric(), scope);
            case INLINE -> inline(canary, summary, question.metric(), scope);
            case TEMPLATE -> template(canary, summary, question, scope);
        };
    }

    /** Whose built-in queries are asked, as it is told. */
    String measuredBy(SpecSummary summary) {
        return Meshes.measuringName(
                summary.provider(),
                installation.meshProvider(),
                TargetKind.of(summary.target()).filter(TargetKind.SERVICE::equals).isPresent());
    }

    /** Asks whether the provider answers; what it does not is said as Flagger says it. */
    Answer availability(CanaryKey canary, SpecSummary summary, Question question)
            throws InterruptedException {
        return question.kind() == MetricKind.BUILTIN
                ? sources.askOrSay(
                        since -> sources.server(canary, summary, since),
                        MetricEvaluator::availability)
                : sources.askOrSay(
                        since -> sources.template(canary, question, since),
                        MetricEvaluator::availabilityOfTemplate);
    }

    /** Asks whether the installation's metrics server answers, whoever it is asked for. */
    Answer availability(CanaryKey asks) throws InterruptedException {
        return sources.ask(
                since -> sources.ofTheInstallation(asks, since),
                ready -> ready.provider().available());
    }

    private static Answer availability(Source source) throws InterruptedException {
        return switch (source) {
            case Source.Failed(Answer.Misconfigured(var because)) ->
                    new Answer.Unavailable(because);
            case Source.Failed(var other) -> other;
            case Source.Ready ready ->
                    switch (ready.provider().available()) {
                        case Answer.Unavailable(var because) ->
                                new Answer.Unavailable("prometheus not avaiable: " + because);
                        case Answer other -> other;
                    };
        };
    }

    private static Answer availabilityOfTemplate(Source source) throws InterruptedException {
        return switch (source) {
            case Source.Failed(Answer.Misconfigured(var because)) ->
                    // Flagger begins it in lower case, since it goes on from another sentence.
                    new Answer.Unavailable(
                            Character.toLowerCase(because.charAt(0)) + because.substring(1));
            case Source.Failed(var other) -> other;
            case Source.Ready ready ->
                    switch (ready.provider().available()) {
                        case Answer.Unavailable(var because) ->
                                new Answer.Unavailable(
                                        "%s in metric template %s not avaiable: %s"
                                                .formatted(
                                                        ready.settings().type(),
                                                        ready.place(),
                                                        because));
                        case Answer other -> other;
                    };
        };
    }

    private Answer builtin(
            CanaryKey canary, SpecSummary summary, CanaryMetric metric, QueryScope scope)
            throws InterruptedException {
        return sources.ask(
                since -> sources.server(canary, summary, since),
                ready -> builtin(ready, canary, summary, metric, scope));
    }

    private Answer builtin(
            Source.Ready ready,
            CanaryKey canary,
            SpecSummary summary,
            CanaryMetric metric,
            QueryScope scope)
            throws InterruptedException {
        // A Service as target does not change it: Flagger's suffix for that makes most providers
        // fall back to Istio's queries.
        var mesh = Meshes.measuring(summary.provider(), installation.meshProvider());
        var queries =
                mesh.builtinQueries()
                        .of(
                                summary.target().kind(),
                                scope.target(),
                                scope.isOfTheCanary() ? summary.others() : List.of());
        boolean rate = metric.name().equals(SUCCESS_RATE);
        try {
            UnaryOperator<Map<String, Object>> shown =
                    values -> {
                        values.replaceAll(
                                (key, value) ->
                                        NAMES.contains(key)
                                                ? queries.shown(String.valueOf(value))
                                                : value);
                        return values;
                    };
            var values = shown.apply(values(canary, summary, metric, scope.target()));
            var own = shown.apply(values(canary, summary, metric, summary.target().name()));
            String query = rate ? queries.successRate() : queries.duration();
            var answer = scope.ask(ready, query, values, own);
            if (rate && answer instanceof Answer.NoData && mayPassUnknown(summary, metric)) {
                answer = allFailed(scope.ask(ready, queries.requests(), values, own), answer);
            }
            return switch (answer) {
                case Answer.Samples samples when metric.name().equals(DURATION) ->
                        samples.map(value -> scope.millis(value * queries.millis()));
                case Answer.NoData(var because, var notNumbers) ->
                        new Answer.NoData("running query failed: " + because, notNumbers);
                case Answer.Unavailable(var because) ->
                        new Answer.Unavailable("running query failed: " + because);
                case Answer other -> other;
            };
        } catch (RenderException wrong) {
            return new Answer.Misconfigured(
                    "Prometheus query failed: query render error: " + wrong.getMessage());
        }
    }

    /**
     * When every request fails there is no series of good ones, and the ratio is empty: that is 0 %
     * and not "no data". Flagger's default fails either way; where no data may pass it must not.
     */
    private static Answer allFailed(Answer requests, Answer noData) {
        return requests instanceof Answer.Samples rate && rate.value() > 0
                ? rate.map(_ -> 0)
                : noData;
    }

    private static boolean mayPassUnknown(SpecSummary summary, CanaryMetric metric) {
        return metric.onNoData() == null
                ? summary.unknownMayPass()
                : !metric.onNoData().equals("fail");
    }

    private Answer inline(
            CanaryKey canary, SpecSummary summary, CanaryMetric metric, QueryScope scope)
            throws InterruptedException {
        return sources.ask(
                since -> sources.server(canary, summary, since),
                ready -> inline(ready, canary, summary, metric, scope));
    }

    private Answer inline(
            Source.Ready ready,
            CanaryKey canary,
            SpecSummary summary,
            CanaryMetric metric,
            QueryScope scope)
            throws InterruptedException {
        try {
            String query = String.valueOf(metric.query());
            var answer =
                    scope.ask(
                            ready,
                            query,
                            values(canary, summary, metric, scope.target()),
                            values(canary, summary, metric, summary.target().name()));
            return noted(ready, summary, query, answer);
        } catch (RenderException wrong) {
            return new Answer.Misconfigured(
                    "Prometheus query failed for %s: query render error: %s"
                            .formatted(metric.name(), wrong.getMessage()));
        }
    }

    private Answer template(
            CanaryKey canary, SpecSummary summary, Question question, QueryScope scope)
            throws InterruptedException {
        return sources.ask(
                since -> sources.template(canary, question, since),
                ready -> template(ready, canary, summary, question.metric(), scope));
    }

    private Answer template(
            Source.Ready ready,
            CanaryKey canary,
            SpecSummary summary,
            CanaryMetric metric,
            QueryScope scope)
            throws InterruptedException {
        var cannot =
                scope.isOfNow() || !ready.provider().speaksPromQl()
                        ? Optional.<String>empty()
                        : comparing(summary, metric, ready.query());
        if (cannot.isPresent()) {
            return new Answer.Misconfigured(
                    "Metric template %s cannot be compared with: its query %s"
                            .formatted(ready.place(), cannot.get()));
        }
        try {
            var answer =
                    scope.ask(
                            ready,
                            ready.query(),
                            values(canary, summary, metric, scope.target()),
                            values(canary, summary, metric, summary.target().name()));
            return switch (answer) {
                case Answer.Samples samples when scope.isOfNow() ->
                        noted(
                                ready,
                                summary,
                                ready.query(),
                                single(ready, notTooOld(samples, ready.maxAge())));
                case Answer.NoData none when scope.isOfNow() ->
                        new Answer.NoData(
                                none.because(), notTooOld(none.notNumbers(), ready.maxAge()));
                case Answer.Misconfigured(var because) ->
                        new Answer.Misconfigured(
                                "Metric query failed for %s: %s".formatted(metric.name(), because));
                case Answer other -> other;
            };
        } catch (RenderException wrong) {
            return new Answer.Misconfigured(
                    "Metric template %s query render error: %s"
                            .formatted(ready.place(), wrong.getMessage()));
        }
    }

    /** Why a template's query tells nothing of canary beside primary; admission sees others'. */
    private static Optional<String> comparing(
            SpecSummary summary, CanaryMetric metric, String query) {
        var interval = Durations.parse(MetricSources.interval(metric)).filter(Duration::isPositive);
        return TargetKind.of(summary.target())
                .flatMap(
                        kind ->
                                interval.flatMap(
                                        apart ->
                                                ComparedQueries.problem(
                                                        query,
                                                        kind,
                                                        summary.target().name(),
                                                        apart,
                                                        summary.baseline())));
    }

    /** What the names of pods hide is said beside each value, and harms no release by itself. */
    private static Answer noted(
            Source.Ready ready, SpecSummary summary, String query, Answer answer) {
        return !(answer instanceof Answer.Samples) || !ready.provider().speaksPromQl()
                ? answer
                : TargetKind.of(summary.target())
                        .flatMap(
                                kind ->
                                        ComparedQueries.misledByLength(
                                                query,
                                                kind,
                                                summary.target().name(),
                                                summary.baseline()))
                        .map(found -> Answer.noted(answer, "the query " + found))
                        .orElse(answer);
    }

    /** What is older than the template allows is none of its data. */
    private Answer notTooOld(Answer.Samples samples, @Nullable String maxAge) {
        Instant since = since(maxAge);
        var fresh =
                samples.samples().stream()
                        .filter(sample -> !sample.time().isBefore(since))
                        .toList();
        var notNumbers = notTooOld(samples.notNumbers(), maxAge);
        return fresh.isEmpty()
                ? new Answer.NoData(
                        "the newest value is of %s, older than maxAge %s: no values found"
                                .formatted(samples.samples().getLast().time(), maxAge),
                        notNumbers)
                : new Answer.Samples(fresh, notNumbers, samples.series());
    }

    /** Where a template says so, one of several series is no answer. */
    private static Answer single(Source.Ready ready, Answer answer) {
        return ready.oneSeries()
                        && answer instanceof Answer.Samples(_, _, int series, _)
                        && series > 1
                ? QueryScope.several(series)
                : answer;
    }

    /** Nor is a NaN that is older, whatever it would mean. */
    private List<Instant> notTooOld(List<Instant> times, @Nullable String maxAge) {
        Instant since = since(maxAge);
        return times.stream().filter(time -> !time.isBefore(since)).toList();
    }

    private Instant since(@Nullable String maxAge) {
        return Optional.ofNullable(maxAge)
                .flatMap(Durations::parse)
                .map(clock.instant()::minus)
                .orElse(Instant.MIN);
    }

    /** Knative counts by revision, and the canary's is the latest, as in Flagger. */
    private Optional<String> route(CanaryKey canary, SpecSummary summary) {
        return TargetKind.of(summary.target()).filter(TargetKind.KNATIVE_SERVICE::equals).isEmpty()
                ? Optional.of(summary.route())
                : latestRevision.apply(
                        Knative.SERVICE.named(canary.namespace(), summary.target().name()));
    }

    private Map<String, Object> values(
            CanaryKey canary, SpecSummary summary, CanaryMetric metric, String target) {
        @Nullable Map<String, String> variables = metric.templateVariables();
        Map<String, Object> values = new HashMap<>();
        values.put("name", canary.name());
        values.put("namespace", canary.namespace());
        values.put("target", target);
        values.put("service", summary.apex());
        values.put("ingress", summary.ingress());
        values.put("route", route(canary, summary).orElse(""));
        values.put("interval", MetricSources.interval(metric));
        values.put("variables", variables == null ? Map.of() : variables);
        return values;
    }
}
