package dev.serinus.conformance.fast;

import dev.serinus.conformance.cluster.ApiClient;
import dev.serinus.conformance.cluster.ApiServer;
import dev.serinus.conformance.cluster.SimulatedCluster;
import dev.serinus.conformance.scenario.Flags;
import dev.serinus.conformance.scenario.Scenario;
import dev.serinus.conformance.scenario.SinkAddress;
import dev.serinus.conformance.sink.Sinks;
import dev.serinus.conformance.time.DirectExecutor;
import dev.serinus.conformance.time.Timeline;
import dev.serinus.notifier.alert.AlertResults;
import dev.serinus.notifier.alert.AlertedCanary;
import dev.serinus.notifier.alert.Alerts;
import dev.serinus.notifier.alert.EventWebhook;
import dev.serinus.notifier.alert.Patience;
import dev.serinus.notifier.alert.Provider;
import dev.serinus.notifier.alert.Providers;
import dev.serinus.notifier.alert.Releases;
import dev.serinus.notifier.chat.Delivery;
import dev.serinus.notifier.chat.Notifiers;
import dev.serinus.router.RouterConfig;
import dev.serinus.router.canary.Canaries;
import dev.serinus.router.command.ActionContext;
import dev.serinus.router.command.CanaryLocks;
import dev.serinus.router.command.CommandHandler;
import dev.serinus.router.command.RecentWrites;
import dev.serinus.router.drift.Drift;
import dev.serinus.router.objects.KubernetesCluster;
import dev.serinus.router.route.Routers;
import dev.serinus.schemas.canary.Installation;
import dev.serinus.schemas.cluster.Claims;
import dev.serinus.schemas.cluster.ResourceWatch;
import dev.serinus.schemas.outgoing.AddressGuard;
import dev.serinus.schemas.outgoing.CallLimits;
import dev.serinus.schemas.outgoing.OutgoingClient;
import dev.serinus.schemas.outgoing.Signer;
import dev.serinus.schemas.runtime.KafkaSettings;
import dev.serinus.schemas.runtime.KeptRecords;
import dev.serinus.schemas.runtime.Topics;
import dev.serinus.watcher.WatcherConfig;
import dev.serinus.watcher.cluster.Cluster;
import dev.serinus.watcher.cluster.SecretChanges;
import dev.serinus.watcher.metrics.MetricQueries;
import dev.serinus.watcher.observe.AbsenceChecks;
import dev.serinus.watcher.observe.MissingTemplates;
import dev.serinus.watcher.observe.Observer;
import dev.serinus.watcher.status.Announcements;
import dev.serinus.webhook.hook.CallMetrics;
import dev.serinus.webhook.hook.Hook;
import dev.serinus.webhook.hook.HookCaller;
import dev.serinus.webhook.hook.WebhookCalls;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The five services of one cluster, made of their own classes: only HTTP, topics, threads and time
 * are others.
 */
final class Services {

    /** Everything watched is shown before anybody asks, so nothing is worth a wait. */
    private static final Duration PATIENCE = Duration.ofMillis(1);

    private static final int MANY = 1000;

    private final Timeline timeline;
    private final SimulatedCluster cluster;
    private final SinkAddress address;
    private final Sinks sinks;
    private final Flags flags;
    private final Installation installation;
    private final Claims claims;
    private final KubernetesClient client;
    private final Broker broker;
    private final Topics topics = new Topics(KafkaSettings.at("nowhere:9092"));
    private final MeterRegistry meters = new SimpleMeterRegistry();

    Services(
            Timeline timeline,
            SimulatedCluster cluster,
            Scenario scenario,
            SinkAddress address,
            Sinks sinks) {
        this.timeline = timeline;
        this.cluster = cluster;
        this.address = address;
        this.sinks = sinks;
        this.flags = Flags.of(scenario, address);
        this.broker = new Broker(timeline);
        this.client = ApiClient.of(cluster.server());
        var defaults = Installation.named("lab");
        this.installation =
                flags.installation(
                        new Installation(
                                defaults.cluster(),
                                null,
                                defaults.meshProvider(),
                                address.http(),
                                defaults.minInterval(),
                                defaults.selectorLabels(),
                                defaults.configTracking(),
                                defaults.includeLabelPrefixes(),
                                defaults.noCrossNamespaceRefs()));
        this.claims = new Claims().settle(installation.cluster(), "virtual");
    }

    /** Starts all five. */
    void start() {
        new Analysis(timeline, broker, topics).start(installation.cluster());
        router();
        webhook();
        notifier();
        watcher();
    }

    private void watcher() {
        var watched = new Cluster(client, installation, claims, SecretChanges.WATCHED);
        String name = installation.cluster();
        var observer =
                new Observer(
                        installation,
                        watched,
                        new AbsenceChecks(client),
                        new MissingTemplates(watched), // not opened: no time is worth a wait here
                        topics.changes(name),
                        broker,
                        timeline.queue().executor(),
                        timeline,
                        meters);
        broker.subscribe(
                topics.metricQueries(name),
                new MetricQueries(
                        installation,
                        watched,
                        client,
                        topics.metricResults(name),
                        broker,
                        outgoing(),
                        WatcherConfig.DEFAULTS.largestAnswer(),
                        WatcherConfig.DEFAULTS.backend(),
                        PATIENCE,
                        flags.environment(),
                        DirectExecutor::new,
                        timeline,
                        timeline::sleep,
                        meters));
        broker.subscribe(
                topics.announcements(name), new Announcements(watched, client, timeline, meters));
        watched.start();
        observer.open();
    }

    private void router() {
        var canaries = new Canaries(client, installation, claims);
        var unseen = ApiClient.of(new ApiServer(cluster.objects(), timeline, _ -> {}));
        var patience = RouterConfig.defaults().patience();
        var means =
                ActionContext.of(
                        new SteppedCluster(
                                new KubernetesCluster(client),
                                new KubernetesCluster(unseen),
                                timeline,
                                patience),
                        installation,
                        new Routers(installation),
                        claims,
                        PATIENCE,
                        new RecentWrites(patience, timeline, timeline::sleep));
        var turns = new CanaryLocks();
        var queue = timeline.queue();
        var drift =
                new Drift(
                        client,
                        canaries,
                        means,
                        turns,
                        queue.executor(),
                        timeline::sleep,
                        timeline);
        canaries.start();
        drift.start();
        broker.subscribe(
                topics.routerCommands(installation.cluster()),
                new CommandHandler(
                        canaries,
                        means,
                        turns,
                        drift.memory(),
                        broker,
                        topics.routerResults(installation.cluster())),
                queue);
    }

    private void webhook() {
        ResourceWatch<List<Hook>> canaries =
                ResourceWatch.of(client, ResourceWatch.CANARIES, installation.namespace(), Hook::of)
                        .keepingGone(Hook::events, Hook::bytes);
        canaries.start();
        broker.subscribe(
                topics.webhookCalls(installation.cluster()),
                new WebhookCalls(
                        canaries,
                        PATIENCE,
                        new HookCaller(
                                outgoing(),
                                Signer.none(),
                                timeline,
                                timeline::sleep,
                                installation.limits(),
                                false,
                                (_, _) -> Optional.empty()),
                        broker,
                        topics.webhookResults(installation.cluster()),
                        timeline,
                        new CallMetrics(meters)));
    }

    private void notifier() {
        ResourceWatch<AlertedCanary> canaries =
                ResourceWatch.of(
                        client,
                        ResourceWatch.CANARIES,
                        installation.namespace(),
                        AlertedCanary::of);
        ResourceWatch<Provider> providers =
                ResourceWatch.of(
                        client,
                        ResourceWatch.ALERT_PROVIDERS,
                        installation.namespace(),
                        Provider::of);
        canaries.start();
        providers.start();
        var outgoing = outgoing();
        String events = flags.eventWebhook();
        broker.subscribe(
                topics.alerts(installation.cluster()),
                new Alerts(
                        canaries,
                        new Providers(
                                providers,
                                client,
                                Notifiers.ALL,
                                PATIENCE,
                                null,
                                installation.noCrossNamespaceRefs()),
                        new Releases(client),
                        PATIENCE,
                        installation.limits().alerts(),
                        new Delivery(outgoing, timeline, Notifiers.ALL),
                        new Alerts.Everybody(
                                flags.chat(),
                                events == null
                                        ? null
                                        : new EventWebhook(
                                                URI.create(events),
                                                outgoing,
                                                Signer.none(),
                                                timeline,
                                                timeline::sleep),
                                flags.cluster(),
                                null,
                                false),
                        new Patience(
                                Duration.ofMinutes(1),
                                () -> timeline.millis() * 1_000_000,
                                timeline::sleep),
                        KeptRecords.inMemory(),
                        timeline,
                        meters,
                        AlertResults.NONE));
    }

    private OutgoingClient outgoing() {
        return OutgoingClient.over(
                new SinkTransport(address, sinks, timeline),
                new AddressGuard(false),
                CallLimits.of(MANY));
    }
}
