package dev.serinus.watcher.metrics;

import static dev.serinus.watcher.metrics.Questions.DURATION;
import static dev.serinus.watcher.metrics.Questions.SUCCESS_RATE;

import dev.serinus.schemas.admission.ComparedQueries;
import dev.serinus.schemas.canary.CanaryMetric;
import dev.serinus.schemas.canary.Durations;
import dev.serinus.schemas.canary.Installation;
import dev.serinus.schemas.canary.MetricTemplateSpec;
import dev.serinus.schemas.canary.NamespacedRef;
import dev.serinus.schemas.cluster.Ref;
import dev.serinus.schemas.events.MetricKind;
import dev.serinus.schemas.mesh.Knative;
import dev.serinus.schemas.mesh.Meshes;
import dev.serinus.schemas.outgoing.Addresses;
import dev.serinus.schemas.targets.TargetKind;
import dev.serinus.schemas.topic.CanaryKey;
import dev.serinus.watcher.cluster.SpecSummary;
import dev.serinus.watcher.cluster.Template;
import dev.serinus.watcher.metrics.Questions.Question;
import dev.serinus.watcher.metrics.provider.Answer;
import dev.serinus.watcher.metrics.provider.MetricsProvider;
import dev.serinus.watcher.metrics.provider.ProviderHttp;
import dev.serinus.watcher.metrics.provider.ProviderSettings;
import dev.serinus.watcher.metrics.provider.ProviderSetup;
import dev.serinus.watcher.metrics.provider.Providers;
import dev.serinus.watcher.template.RenderException;

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
import java.util.function.IntPredicate;
import java.util.function.UnaryOperator;

/** Asks one question about one canary: finds the provider, renders the query, reads the answer. */
final class MetricEvaluator {

    /** The variables of a query that are names of objects. */
    private static final Set<String> NAMES =
            Set.of("name", "namespace", "target", "service", "ingress", "route");

    private static final String NOTHING_TO_ASK =
            "Metric query failed for no usable metrics template and query were configured";

    private final Installation installation;
    private final Function<CanaryKey, ProviderHttp> turns;
    private final Templates templates;
    private final TemplateSettings settings;
    private final Providers providers;
    private final Providers servers;
    private final InstantSource clock;
    private final Function<Ref, Optional<String>> latestRevision;

    /**
     * @param turns for what a canary's template needs before anybody is asked
     * @param providers of templates
     * @param servers of metrics that need no template
     * @param latestRevision of a Knative Service; empty when it is not known
     */
    MetricEvaluator(
            Installation installation,
            Function<CanaryKey, ProviderHttp> turns,
            Templates templates,
            TemplateSettings settings,
            Providers providers,
            Providers servers,
            InstantSource clock,
            Function<Ref, Optional<String>> latestRevision) {
        this.installation = installation;
        this.turns = turns;
        this.templates = templates;
        this.settings = settings;
        this.providers = providers;
        this.servers = servers;
        this.clock = clock;
        this.latestRevision = latestRevision;
    }

    /** Asks for a value. */
    Answer value(CanaryKey canary, SpecSummary summary, Question question)
            throws InterruptedException {
        return answer(canary, summary, question, Manner.ofTheCanary(summary));
    }

    /** Asks for one side of a metric that is compared, in a way that is its own. */
    Answer answer(CanaryKey canary, SpecSummary summary, Question question, Manner manner)
            throws InterruptedException {
        if (route(canary, summary).isEmpty()) {
            return new Answer.Unavailable(
                    "Error fetching Knative service %s/%s: it is not there, or has no revision yet"
                            .formatted(canary.namespace(), summary.target().name()));
        }
        return switch (question.kind()) {
            case BUILTIN -> builtin(canary, summary, question.metric(), manner);
            case INLINE -> inline(canary, summary, question.metric(), manner);
            case TEMPLATE -> template(canary, summary, question.metric(), manner);
        };
    }

    /** Asks whether the provider answers; what it does not is said as Flagger says it. */
    Answer availability(CanaryKey canary, SpecSummary summary, Question question)
            throws InterruptedException {
        if (question.kind() == MetricKind.BUILTIN) {
            return switch (provideServer(canary, summary)) {
                case ProviderSetup.Wrong _ -> new Answer.Unavailable(noServer(canary, summary));
                case ProviderSetup.Ready(var provider) ->
                        switch (provider.available()) {
                            case Answer.Unavailable(var because) ->
                                    new Answer.Unavailable("prometheus not avaiable: " + because);
                            case Answer other -> other;
                        };
            };
        }
        return switch (provideTemplate(canary, question.metric())) {
            case Setup.Failed(Answer.Misconfigured(var because)) ->
                    // Flagger begins it in lower case, since it goes on from another sentence.
                    new Answer.Unavailable(
                            Character.toLowerCase(because.charAt(0)) + because.substring(1));
            case Setup.Failed(var other) -> other;
            case Setup.Done(var provider, var spec, var place, var version) ->
                    switch (provider.available()) {
                        case Answer.Unavailable(var because) ->
                                new Answer.Unavailable(
                                        "%s in metric template %s not avaiable: %s"
                                                .formatted(spec.provider().type(), place, because));
                        case Answer other -> other;
                    };
        };
    }

    private Answer builtin(
            CanaryKey canary, SpecSummary summary, CanaryMetric metric, Manner manner)
            throws InterruptedException {
        if (!(provideServer(canary, summary) instanceof ProviderSetup.Ready(var prometheus))) {
            return new Answer.Misconfigured(noServer(canary, summary));
        }
        // A Service as target does not change it: Flagger's suffix for that makes most providers
        // fall back to Istio's queries.
        var mesh = Meshes.measuring(summary.provider(), installation.meshProvider());
        var queries = mesh.builtinQueries().of(summary.target().kind());
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
            var values = shown.apply(values(canary, summary, metric, manner.target()));
            var own = shown.apply(values(canary, summary, metric, summary.target().name()));
            var answer =
                    manner.ask(
                            prometheus,
                            whom(summary),
                            rate ? queries.successRate() : queries.duration(),
                            values,
                            own);
            if (rate && answer instanceof Answer.NoData && mayPassUnknown(summary, metric)) {
                answer =
                        allFailed(
                                manner.ask(
                                        prometheus, whom(summary), queries.requests(), values, own),
                                answer);
            }
            return switch (answer) {
                case Answer.Samples samples when metric.name().equals(DURATION) ->
                        samples.map(value -> manner.millis(value * queries.millis()));
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

    private Answer inline(CanaryKey canary, SpecSummary summary, CanaryMetric metric, Manner manner)
            throws InterruptedException {
        if (!(provideServer(canary, summary) instanceof ProviderSetup.Ready(var prometheus))) {
            return new Answer.Misconfigured(noServer(canary, summary));
        }
        try {
            return manner.ask(
                    prometheus,
                    whom(summary),
                    String.valueOf(metric.query()),
                    values(canary, summary, metric, manner.target()),
                    values(canary, summary, metric, summary.target().name()));
        } catch (RenderException wrong) {
            return new Answer.Misconfigured(
                    "Prometheus query failed for %s: query render error: %s"
                            .formatted(metric.name(), wrong.getMessage()));
        }
    }

    private Answer template(
            CanaryKey canary, SpecSummary summary, CanaryMetric metric, Manner manner)
            throws InterruptedException {
        return switch (provideTemplate(canary, metric)) {
            case Setup.Failed(var answer) -> answer;
            case Setup.Done(var provider, var spec, var place, var version) -> {
                var cannot =
                        manner.isOfNow() || !provider.speaksPromQl()
                                ? Optional.<String>empty()
                                : comparing(summary, metric, spec.query());
                if (cannot.isPresent()) {
                    yield new Answer.Misconfigured(
                            "Metric template %s cannot be compared with: its query %s"
                                    .formatted(place, cannot.get()));
                }
                try {
                    var answer =
                            manner.ask(
                                    provider,
                                    version,
                                    spec.query(),
                                    values(canary, summary, metric, manner.target()),
                                    values(canary, summary, metric, summary.target().name()));
                    yield switch (answer) {
                        case Answer.Samples samples when manner.isOfNow() ->
                                notTooOld(samples, spec.maxAge());
                        case Answer.NoData none when manner.isOfNow() ->
                                new Answer.NoData(
                                        none.because(),
                                        notTooOld(none.notNumbers(), spec.maxAge()));
                        case Answer.Misconfigured(var because) ->
                                new Answer.Misconfigured(
                                        "Metric query failed for %s: %s"
                                                .formatted(metric.name(), because));
                        case Answer other -> other;
                    };
                } catch (RenderException wrong) {
                    yield new Answer.Misconfigured(
                            "Metric template %s query render error: %s"
                                    .formatted(place, wrong.getMessage()));
                }
            }
        };
    }

    /** Why a template's query tells nothing of canary beside primary; admission sees others'. */
    private static Optional<String> comparing(
            SpecSummary summary, CanaryMetric metric, String query) {
        var interval = Durations.parse(interval(metric)).filter(Duration::isPositive);
        return TargetKind.of(summary.target())
                .flatMap(
                        kind ->
                                interval.flatMap(
                                        apart ->
                                                ComparedQueries.problem(
                                                        query, kind, apart, summary.baseline())));
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
                : new Answer.Samples(fresh, notNumbers);
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

    /** What came of setting up a template's provider. */
    private sealed interface Setup {
        record Done(MetricsProvider provider, MetricTemplateSpec spec, String place, String version)
                implements Setup {}

        record Failed(Answer answer) implements Setup {}
    }

    /** Reads from the cluster, and of what others wrote, within the limits of the canary. */
    private Setup provideTemplate(CanaryKey canary, CanaryMetric metric)
            throws InterruptedException {
        try {
            return turns.apply(canary).inTurn((_, room) -> provideTemplate(canary, metric, room));
        } catch (ProviderHttp.NoReply crowded) {
            return new Setup.Failed(new Answer.Unavailable(String.valueOf(crowded.getMessage())));
        }
    }

    private Setup provideTemplate(CanaryKey canary, CanaryMetric metric, IntPredicate room) {
        NamespacedRef ref = metric.template();
        if (ref == null) {
            return wrong(NOTHING_TO_ASK);
        }
        String namespace = Questions.namespace(ref.namespace(), canary.namespace());
        String place = ref.name() + "." + namespace;
        boolean ofAnother = !namespace.equals(canary.namespace());
        if (ofAnother && installation.noCrossNamespaceRefs()) {
            return wrong(
                    "Metric template %s error: can't access metric template %s, cross-namespace references are blocked"
                            .formatted(place, place));
        }
        return switch (templates.find(namespace, ref.name())) {
            case Templates.Found.Missing _ when metric.templateRef() == null ->
                    wrong(
                            "%s: there is no MetricTemplate %s in namespace %s either"
                                    .formatted(NOTHING_TO_ASK, ref.name(), namespace));
            case Templates.Found.Missing(var because) ->
                    wrong("Metric template %s error: %s".formatted(place, because));
            case Templates.Found.Unknown(var because) ->
                    new Setup.Failed(new Answer.Unavailable(because));
            case Templates.Found.There(Template.Malformed(var because), _) ->
                    wrong("Metric template %s error: %s".formatted(place, because));
            case Templates.Found.There(Template.Usable usable, _)
                    when ofAnother && !usable.allows(canary.namespace()) ->
                    wrong(
                            "Metric template %s error: it may not be used by Canaries of namespace %s, add it to the template's annotation %s"
                                    .formatted(
                                            place,
                                            canary.namespace(),
                                            Template.ALLOWED_NAMESPACES));
            case Templates.Found.There(Template.Usable(var spec, _), _)
                    when spec.maxAge() != null && Durations.parse(spec.maxAge()).isEmpty() ->
                    wrong(
                            "Metric template %s error: spec.maxAge is no duration such as 10m"
                                    .formatted(place));
            case Templates.Found.There(Template.Usable(var spec, _), var version) ->
                    provide(canary, spec, namespace, place, version, interval(metric), room);
        };
    }

    private Setup provide(
            CanaryKey canary,
            MetricTemplateSpec spec,
            String namespace,
            String place,
            String version,
            String interval,
            IntPredicate room) {
        return switch (settings.of(spec.provider(), namespace, interval, room)) {
            case TemplateSettings.Found.Settings(var found) ->
                    provide(canary, spec, place, version, found);
            case TemplateSettings.Found.Wrong(var because) ->
                    wrong("Metric template %s %s".formatted(place, because));
            case TemplateSettings.Found.Unknown(var because) ->
                    new Setup.Failed(new Answer.Unavailable(because));
        };
    }

    private Setup provide(
            CanaryKey canary,
            MetricTemplateSpec spec,
            String place,
            String version,
            ProviderSettings found) {
        return switch (providers.provide(canary, found)) {
            case ProviderSetup.Ready(var provider) ->
                    new Setup.Done(provider, spec, place, version);
            case ProviderSetup.Wrong(var because) ->
                    wrong(
                            "Metric template %s provider %s error: %s"
                                    .formatted(place, found.type(), because));
        };
    }

    private static Setup wrong(String because) {
        return new Setup.Failed(new Answer.Misconfigured(because));
    }

    private ProviderSetup provideServer(CanaryKey canary, SpecSummary summary) {
        return servers.provide(canary, ProviderSettings.prometheus(server(summary)));
    }

    private String server(SpecSummary summary) {
        return summary.metricsServer() == null
                ? installation.metricsServer()
                : summary.metricsServer();
    }

    /** Scheme, host and port alone: what else is in it may be a secret. */
    private String whom(SpecSummary summary) {
        return Addresses.parse(server(summary)).map(Backends::server).orElse("");
    }

    /** Without the URL that Flagger shows here: it may hold a password. */
    private String noServer(CanaryKey canary, SpecSummary summary) {
        return switch (provideServer(canary, summary)) {
            case ProviderSetup.Wrong(var because) ->
                    "Error building Prometheus client for URL " + because;
            case ProviderSetup.Ready _ -> "";
        };
    }

    /** Knative counts by revision, and the canary's is the latest, as in Flagger. */
    private Optional<String> route(CanaryKey canary, SpecSummary summary) {
        return TargetKind.of(summary.target()).filter(TargetKind.KNATIVE_SERVICE::equals).isEmpty()
                ? Optional.of(summary.route())
                : latestRevision.apply(
                        Knative.SERVICE.named(canary.namespace(), summary.target().name()));
    }

    private static String interval(CanaryMetric metric) {
        // Flagger leaves it empty for templates, which then cannot be rendered to a valid query.
        return metric.interval() == null || metric.interval().isEmpty() ? "1m" : metric.interval();
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
        values.put("interval", interval(metric));
        values.put("variables", variables == null ? Map.of() : variables);
        return values;
    }
}
