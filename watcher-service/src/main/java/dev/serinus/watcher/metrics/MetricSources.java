package dev.serinus.watcher.metrics;

import dev.serinus.schemas.canary.CanaryMetric;
import dev.serinus.schemas.canary.Durations;
import dev.serinus.schemas.canary.Installation;
import dev.serinus.schemas.canary.MetricTemplateSpec;
import dev.serinus.schemas.canary.NamespacedRef;
import dev.serinus.schemas.outgoing.Addresses;
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

import org.jspecify.annotations.Nullable;

import java.util.function.Function;
import java.util.function.IntPredicate;

/**
 * Finds whom to ask for a metric: the provider of a MetricTemplate, or the metrics server of those
 * that need none.
 */
final class MetricSources {

    private static final String NOTHING_TO_ASK =
            "Metric query failed for no usable metrics template and query were configured";

    private static final String NO_SERVER = "Error building Prometheus client for URL ";

    private final Installation installation;
    private final Function<CanaryKey, ProviderHttp> turns;
    private final Templates templates;
    private final TemplateSettings settings;
    private final Providers providers;
    private final Providers servers;

    /**
     * @param turns for what a template needs before anybody is asked
     * @param providers of templates
     * @param servers of metrics that need no template
     */
    MetricSources(
            Installation installation,
            Function<CanaryKey, ProviderHttp> turns,
            Templates templates,
            TemplateSettings settings,
            Providers providers,
            Providers servers) {
        this.installation = installation;
        this.turns = turns;
        this.templates = templates;
        this.settings = settings;
        this.providers = providers;
        this.servers = servers;
    }

    /** What came of looking for whom to ask. */
    sealed interface Source {
        /**
         * Somebody to ask.
         *
         * @param whom a name for the server and how it is asked, without credentials: another one
         *     after each change of a template
         * @param place of the template, NAME.NAMESPACE; empty without one
         * @param query of the template; empty without one
         * @param maxAge of the template; null where it says none
         * @param oneSeries whether the template takes several series for trouble
         */
        record Ready(
                MetricsProvider provider,
                ProviderSettings settings,
                String whom,
                String place,
                String query,
                @Nullable String maxAge,
                boolean oneSeries)
                implements Source {}

        /** Nobody, and why. */
        record Failed(Answer answer) implements Source {}
    }

    /** Looks for whom to ask. */
    interface Finding {
        /**
         * Finds it.
         *
         * @param since when Secrets may have been read at the earliest
         */
        Source since(long since) throws InterruptedException;
    }

    /** Asks whom was found. */
    interface Asking {
        Answer of(Source.Ready ready) throws InterruptedException;
    }

    /** Asks whom was found, or says why nobody is asked. */
    interface AskingOrSaying {
        Answer of(Source source) throws InterruptedException;
    }

    /** Asks; where nobody is asked, the answer is why. */
    Answer ask(Finding finding, Asking asking) throws InterruptedException {
        return askOrSay(
                finding,
                source ->
                        switch (source) {
                            case Source.Failed(var answer) -> answer;
                            case Source.Ready ready -> asking.of(ready);
                        });
    }

    /**
     * Asks. Where the server did not take who asks, and a Secret says something else by now than
     * when it was read, it is asked once more as that.
     */
    Answer askOrSay(Finding finding, AskingOrSaying asking) throws InterruptedException {
        long came = settings.now();
        Source first = finding.since(Long.MIN_VALUE);
        Answer answer = asking.of(first);
        if (!(first instanceof Source.Ready ready)
                || !settings.refusedSince(came, ready.settings())) {
            return answer;
        }
        Source again = finding.since(came);
        boolean another =
                again instanceof Source.Ready other
                        && !other.settings().digest().equals(ready.settings().digest());
        return another ? asking.of(again) : answer;
    }

    /** The interval of a metric, which for templates Flagger leaves empty. */
    static String interval(CanaryMetric metric) {
        // A template without one cannot be rendered to a valid query.
        return metric.interval() == null || metric.interval().isEmpty() ? "1m" : metric.interval();
    }

    /** The metrics server of what needs no template: the Canary's own, or the installation's. */
    Source server(CanaryKey canary, SpecSummary summary, long since) throws InterruptedException {
        String own = summary.metricsServer();
        return own == null ? ofTheInstallation(canary, since) : server(canary, own);
    }

    /**
     * The installation's metrics server.
     *
     * @param asks within whose limits it is asked
     */
    Source ofTheInstallation(CanaryKey asks, long since) throws InterruptedException {
        NamespacedRef template = installation.metricsServerTemplate();
        return template == null
                ? server(asks, installation.metricsServer())
                : read(asks, room -> server(asks, template, since, room));
    }

    private Source server(CanaryKey canary, String address) {
        var found = ProviderSettings.prometheus(address);
        return switch (servers.provide(canary, found)) {
            // Scheme, host and port alone: what else is in it may be a secret.
            case ProviderSetup.Ready(var provider) ->
                    new Source.Ready(
                            provider,
                            found,
                            Addresses.parse(address).map(Backends::server).orElse(""),
                            "",
                            "",
                            null,
                            false);
            // Without the URL that Flagger shows here: it may hold a password.
            case ProviderSetup.Wrong(var because) -> wrong(NO_SERVER + because);
        };
    }

    /** Whoever may use it, since the operator says that all ask it. */
    private Source server(CanaryKey canary, NamespacedRef ref, long since, IntPredicate room)
            throws InterruptedException {
        String namespace = String.valueOf(ref.namespace());
        String place = ref.name() + "." + namespace;
        String told = "%sof metric template %s: ".formatted(NO_SERVER, place);
        return switch (templates.find(namespace, ref.name())) {
            case Templates.Found.Missing(var because) -> wrong(told + because);
            case Templates.Found.Unknown(var because) ->
                    new Source.Failed(new Answer.Unavailable(because));
            case Templates.Found.There(Template.Malformed(var because), _) -> wrong(told + because);
            case Templates.Found.There(Template.Usable(var spec, _), var version) ->
                    switch (settings.of(spec.provider(), namespace, "1m", room, since)) {
                        case TemplateSettings.Found.Settings(var found) ->
                                server(canary, found, version, told);
                        case TemplateSettings.Found.Wrong(var because) -> wrong(told + because);
                        case TemplateSettings.Found.Unknown(var because) ->
                                new Source.Failed(new Answer.Unavailable(because));
                    };
        };
    }

    private Source server(CanaryKey canary, ProviderSettings found, String version, String told) {
        return switch (servers.provide(canary, found)) {
            case ProviderSetup.Ready(var provider) when provider.speaksPromQl() ->
                    new Source.Ready(provider, found, version, "", "", null, false);
            case ProviderSetup.Ready _ ->
                    wrong(
                            told
                                    + "spec.provider.type: what is built in is asked in PromQL, and %s is not"
                                            .formatted(found.type()));
            case ProviderSetup.Wrong(var because) -> wrong(told + because);
        };
    }

    /** The provider of the MetricTemplate that a metric names. */
    Source template(CanaryKey canary, Question question, long since) throws InterruptedException {
        return read(canary, room -> template(canary, question, since, room));
    }

    private interface Reading {
        Source within(IntPredicate room) throws InterruptedException;
    }

    /** Reads from the cluster, and of what others wrote, within the limits of the canary. */
    private Source read(CanaryKey canary, Reading reading) throws InterruptedException {
        try {
            return turns.apply(canary).inTurn((_, room) -> reading.within(room));
        } catch (ProviderHttp.NoReply crowded) {
            return new Source.Failed(new Answer.Unavailable(String.valueOf(crowded.getMessage())));
        }
    }

    private Source template(CanaryKey canary, Question question, long since, IntPredicate room)
            throws InterruptedException {
        CanaryMetric metric = question.metric();
        NamespacedRef ref = metric.template();
        if (ref == null) {
            return wrong(
                    "%s: spec.analysis.metrics[%d] has no query and no templateRef"
                            .formatted(NOTHING_TO_ASK, question.index()));
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
                            "%s: spec.analysis.metrics[%d] has no query and no templateRef, and there is no MetricTemplate %s in namespace %s either"
                                    .formatted(
                                            NOTHING_TO_ASK,
                                            question.index(),
                                            ref.name(),
                                            namespace));
            case Templates.Found.Missing(var because) ->
                    wrong("Metric template %s error: %s".formatted(place, because));
            case Templates.Found.Unknown(var because) ->
                    new Source.Failed(new Answer.Unavailable(because));
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
                    switch (settings.of(
                            spec.provider(), namespace, interval(metric), room, since)) {
                        case TemplateSettings.Found.Settings(var found) ->
                                template(canary, spec, place, version, found);
                        case TemplateSettings.Found.Wrong(var because) ->
                                wrong("Metric template %s %s".formatted(place, because));
                        case TemplateSettings.Found.Unknown(var because) ->
                                new Source.Failed(new Answer.Unavailable(because));
                    };
        };
    }

    private Source template(
            CanaryKey canary,
            MetricTemplateSpec spec,
            String place,
            String version,
            ProviderSettings found) {
        return switch (providers.provide(canary, found)) {
            case ProviderSetup.Ready(var provider) ->
                    new Source.Ready(
                            provider,
                            found,
                            version,
                            place,
                            spec.query(),
                            spec.maxAge(),
                            Boolean.TRUE.equals(spec.oneSeries()));
            case ProviderSetup.Wrong(var because) ->
                    wrong(
                            "Metric template %s provider %s error: %s"
                                    .formatted(place, found.type(), because));
        };
    }

    private static Source wrong(String because) {
        return new Source.Failed(new Answer.Misconfigured(because));
    }
}
