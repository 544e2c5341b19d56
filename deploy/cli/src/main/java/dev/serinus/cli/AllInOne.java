package dev.serinus.cli;

import dev.serinus.analysis.AnalysisConfig;
import dev.serinus.analysis.AnalysisService;
import dev.serinus.analysis.api.ReadApi;
import dev.serinus.analysis.telemetry.Traces;
import dev.serinus.broker.EmbeddedBroker;
import dev.serinus.cli.manifest.ServicesHere;
import dev.serinus.notifier.NotifierConfig;
import dev.serinus.notifier.NotifierService;
import dev.serinus.router.RouterConfig;
import dev.serinus.router.RouterService;
import dev.serinus.schemas.outgoing.AddressGuard;
import dev.serinus.schemas.runtime.KafkaSettings;
import dev.serinus.schemas.shell.ErrorCauses;
import dev.serinus.schemas.shell.ServiceHealth;
import dev.serinus.schemas.shell.YesOrNo;
import dev.serinus.watcher.WatcherConfig;
import dev.serinus.watcher.WatcherService;
import dev.serinus.webhook.WebhookConfig;
import dev.serinus.webhook.WebhookService;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.net.BindException;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The five services in this JVM, joined by Kafka as they are everywhere else. Whoever has the same
 * topics elsewhere sees no difference.
 */
public final class AllInOne implements ServiceHealth, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(AllInOne.class);

    /** What has to be closed, the last one first: services go before the broker they need. */
    private final Deque<AutoCloseable> running = new ArrayDeque<>();

    private final List<Part> parts = new ArrayList<>();
    private final PrometheusMeterRegistry meters =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private String bootstrapServers = "";
    private String url = "";
    private Supplier<@Nullable String> metricsTrouble = () -> null;

    /** One service, and how it is. */
    record Part(String name, ServiceHealth health) {}

    private AllInOne() {}

    /**
     * Starts everything and returns; {@link #ready} tells when all of it is up. The client stays
     * the caller's to close.
     */
    public static AllInOne start(LocalSettings settings, KubernetesClient client) {
        var all = new AllInOne();
        try {
            all.begin(settings, client);
            return all;
        } catch (RuntimeException trouble) {
            all.close();
            throw trouble;
        }
    }

    private void begin(LocalSettings settings, KubernetesClient client) {
        var data = DataDirectory.take(settings.data());
        running.push(data);
        Ports.check(settings);
        KafkaSettings kafka = kafka(settings);
        bootstrapServers = kafka.properties().getOrDefault("bootstrap.servers", "");
        var installation = settings.installation();
        var analysis =
                new AnalysisService(
                        kafka,
                        AnalysisConfig.in(settings.data().resolve("analysis"))
                                .ruledBy(settings.fleetFile()),
                        InstantSource.system(),
                        meters,
                        traces());
        var watcher = new WatcherService(installation, kafka, client, watcherConfig(), meters);
        var webhook = new WebhookService(installation, kafka, client, webhookConfig(), meters);
        var router =
                new RouterService(installation, kafka, client, RouterConfig.defaults(), meters);
        var notifier =
                new NotifierService(
                        installation, kafka, client, notifierConfig(settings.telling()), meters);
        start("analysis", analysis, analysis::start, analysis);
        start("watcher", watcher, watcher::start, watcher);
        start("router", router, router::start, router);
        start("webhook", webhook, webhook::start, webhook);
        start("notifier", notifier, notifier::start, notifier);
        var api = serve(analysis, settings);
        running.push(api);
        url = "http://%s:%d".formatted(settings.httpHost(), api.port());
        data.announce(bootstrapServers, url);
        watcher.checkMetricsServer();
        metricsTrouble = watcher::metricsTrouble;
    }

    private static NotifierConfig notifierConfig(LocalSettings.Telling telling) {
        var defaults = NotifierConfig.defaults();
        Boolean evidence = said(System.getenv(), "SERINUS_NOTIFIER_SHOW_EVIDENCE");
        String variable = System.getenv("SERINUS_NOTIFIER_DASHBOARD_URL");
        String dashboard = variable == null || variable.isBlank() ? telling.dashboard() : variable;
        return new NotifierConfig(
                telling.chat(),
                telling.eventWebhook(),
                telling.showCluster(),
                NotifierConfig.showsEvidence(
                        evidence == null ? telling.showEvidence() : evidence, dashboard),
                AddressGuard.of(System.getenv()),
                defaults.mostAtOnce(),
                defaults.patience(),
                defaults.retryFor(),
                dashboard,
                defaults.signer(),
                System.getenv());
    }

    /** Yes, no, or null where nobody says it: in the words of the services. */
    static @Nullable Boolean said(Map<String, String> environment, String variable) {
        String written = environment.getOrDefault(variable, "");
        try {
            // An empty variable is how charts say nothing.
            return written.isBlank() ? null : YesOrNo.of(variable, written);
        } catch (IllegalArgumentException neither) {
            throw new Refused(List.of(String.valueOf(neither.getMessage())));
        }
    }

    private static Traces traces() {
        try {
            return Traces.of(System.getenv());
        } catch (IllegalArgumentException wrong) {
            throw new Refused(List.of(ErrorCauses.shortest(wrong)));
        }
    }

    private ReadApi serve(AnalysisService analysis, LocalSettings settings) {
        try {
            return ReadApi.serve(
                    this,
                    analysis.fleet(),
                    analysis.actions(),
                    analysis.onRequest().with(new ServicesHere()),
                    settings.access(),
                    settings.browserLogin(),
                    meters,
                    settings.httpHost(),
                    settings.httpPort());
        } catch (RuntimeException trouble) {
            if (ErrorCauses.of(trouble).anyMatch(BindException.class::isInstance)) {
                throw new Refused(
                        List.of(
                                "port %d is in use: choose another with --http-port, or 0 for any"
                                        .formatted(settings.httpPort())));
            }
            throw trouble;
        }
    }

    private KafkaSettings kafka(LocalSettings settings) {
        KafkaSettings kafka = settings.kafka();
        if (kafka == null) {
            var broker = broker(settings);
            running.push(broker);
            kafka = KafkaSettings.at(broker.bootstrapServers());
        }
        Kafka.provision(kafka, settings.installation().cluster(), settings.partitions());
        return kafka;
    }

    private static EmbeddedBroker broker(LocalSettings settings) {
        try {
            return EmbeddedBroker.start(settings.data().resolve("kafka"), settings.brokerPort());
        } catch (RuntimeException trouble) {
            log.atError().setCause(trouble).log("the broker did not start");
            throw new Refused(
                    List.of(
                            "the broker cannot start with its data in %s: %s"
                                    .formatted(settings.data(), ErrorCauses.shortest(trouble))));
        }
    }

    private static WatcherConfig watcherConfig() {
        var environment = System.getenv();
        // The router of this process may list Secrets anyway, so that watching costs no right.
        return WatcherConfig.DEFAULTS
                .watchingSecrets()
                .calling(AddressGuard.of(environment), environment);
    }

    private static WebhookConfig webhookConfig() {
        var defaults = WebhookConfig.defaults();
        return new WebhookConfig(
                AddressGuard.of(System.getenv()),
                defaults.mostAtOnce(),
                defaults.patience(),
                defaults.signer(),
                System.getenv());
    }

    private void start(String name, AutoCloseable service, Runnable start, ServiceHealth health) {
        running.push(service);
        start.run();
        parts.add(new Part(name, health));
        log.atInfo().addKeyValue("service", name).log("service started");
    }

    /** Where the API, health and metrics are served. */
    public String url() {
        return url;
    }

    /** Kafka's address, for other subscribers. */
    public String bootstrapServers() {
        return bootstrapServers;
    }

    /** That the metrics server does not answer, and why; null when it does. */
    @Nullable String metricsTrouble() {
        return metricsTrouble.get();
    }

    /** How each service is, for people. */
    public String state() {
        return String.join(
                ", ",
                parts.stream()
                        .map(p -> p.name() + (p.health().ready() ? " ready" : " not ready"))
                        .toList());
    }

    @Override
    public boolean alive() {
        return parts.stream().allMatch(part -> part.health().alive());
    }

    @Override
    public boolean ready() {
        return parts.stream().allMatch(part -> part.health().ready());
    }

    @Override
    public String missing() {
        return String.join(
                "; ",
                parts.stream()
                        .filter(part -> !part.health().ready())
                        .map(part -> part.name() + ": " + part.health().missing())
                        .toList());
    }

    @Override
    public void close() {
        while (!running.isEmpty()) {
            var next = running.pop();
            try {
                next.close();
            } catch (Exception trouble) {
                log.atWarn().setCause(trouble).log("a service did not stop in good order");
            }
        }
    }
}
