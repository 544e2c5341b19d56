package dev.serinus.notifier;

import dev.serinus.notifier.alert.AlertResults;
import dev.serinus.notifier.alert.AlertedCanary;
import dev.serinus.notifier.alert.Alerts;
import dev.serinus.notifier.alert.DigestLoop;
import dev.serinus.notifier.alert.Digests;
import dev.serinus.notifier.alert.EventWebhook;
import dev.serinus.notifier.alert.Patience;
import dev.serinus.notifier.alert.Provider;
import dev.serinus.notifier.alert.Providers;
import dev.serinus.notifier.alert.Releases;
import dev.serinus.notifier.chat.Delivery;
import dev.serinus.notifier.chat.Notifiers;
import dev.serinus.schemas.canary.Installation;
import dev.serinus.schemas.cluster.ResourceWatch;
import dev.serinus.schemas.events.Alert;
import dev.serinus.schemas.events.AlertDeliveries;
import dev.serinus.schemas.events.AlertResult;
import dev.serinus.schemas.outgoing.Addresses;
import dev.serinus.schemas.outgoing.CallLimits;
import dev.serinus.schemas.outgoing.OutgoingClient;
import dev.serinus.schemas.outgoing.Proxies;
import dev.serinus.schemas.runtime.Aside;
import dev.serinus.schemas.runtime.KafkaKeptRecords;
import dev.serinus.schemas.runtime.KafkaOutbox;
import dev.serinus.schemas.runtime.KafkaSettings;
import dev.serinus.schemas.runtime.KeptRecords;
import dev.serinus.schemas.runtime.QueuedTopic;
import dev.serinus.schemas.runtime.RecordLoop;
import dev.serinus.schemas.runtime.Topics;
import dev.serinus.schemas.shell.ServiceHealth;
import dev.serinus.schemas.telemetry.LoopGauges;
import dev.serinus.schemas.topic.Partitions;
import dev.serinus.schemas.topic.Service;
import dev.serinus.schemas.topic.TopicKind;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.MeterRegistry;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.InstantSource;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;

/**
 * The whole service in plain Java: takes {@code alerts} to chats and to the event webhook. Each in
 * order within a canary, chats, events and canaries beside each other.
 */
public final class NotifierService implements ServiceHealth, AutoCloseable {

    private final Installation installation;
    private final KafkaSettings kafka;
    private final MeterRegistry registry;
    private final InstantSource clock;
    private final ResourceWatch<AlertedCanary> canaries;
    private final ResourceWatch<Provider> providers;
    private final OutgoingClient outgoing;
    private final BiFunction<KeptRecords<AlertDeliveries>, AlertResults, Alerts> alerts;
    private final BiFunction<KeptRecords<AlertDeliveries>, Digests.Ownership, Digests> digests;
    private @Nullable KafkaOutbox outbox;
    private @Nullable QueuedTopic<AlertResult> results;
    private @Nullable KafkaKeptRecords<AlertDeliveries> kept;
    private @Nullable RecordLoop<Alert> loop;
    private @Nullable RecordLoop<Alert> events;
    private @Nullable DigestLoop digestLoop;

    /** The client stays the caller's to close. */
    public NotifierService(
            Installation installation,
            KafkaSettings kafka,
            KubernetesClient client,
            NotifierConfig config,
            MeterRegistry registry) {
        this(installation, kafka, client, config, registry, InstantSource.system());
    }

    /** By another clock, which may run faster. */
    NotifierService(
            Installation installation,
            KafkaSettings kafka,
            KubernetesClient client,
            NotifierConfig config,
            MeterRegistry registry,
            InstantSource clock) {
        this.installation = installation;
        this.kafka = kafka;
        this.registry = registry;
        this.clock = clock;
        this.canaries =
                ResourceWatch.of(
                                client,
                                ResourceWatch.CANARIES,
                                installation.namespace(),
                                AlertedCanary::of)
                        .keepingGone(UnaryOperator.identity(), AlertedCanary::bytes);
        this.providers =
                ResourceWatch.of(
                        client,
                        ResourceWatch.ALERT_PROVIDERS,
                        installation.namespace(),
                        Provider::of);
        this.outgoing =
                new OutgoingClient(
                        config.guard(),
                        Proxies.of(config.environment()),
                        CallLimits.of(config.mostAtOnce()));
        var found =
                new Providers(
                        providers,
                        client,
                        Notifiers.ALL,
                        config.patience(),
                        installation.namespace(),
                        installation.noCrossNamespaceRefs());
        var delivery = new Delivery(outgoing, clock, Notifiers.ALL);
        var everybody =
                new Alerts.Everybody(
                        config.global(),
                        events(config, outgoing.within(CallLimits.of(config.mostAtOnce()))),
                        config.showCluster() ? installation.cluster() : null,
                        config.dashboard(),
                        config.showEvidence());
        var retries = new Patience(config.retryFor(), System::nanoTime, Thread::sleep);
        this.alerts =
                (deliveries, told) ->
                        new Alerts(
                                canaries,
                                found,
                                new Releases(client),
                                config.patience(),
                                installation.limits().alerts(),
                                delivery,
                                everybody,
                                retries,
                                deliveries,
                                clock,
                                registry,
                                told);
        this.digests =
                (deliveries, ours) ->
                        new Digests(
                                installation.cluster(),
                                providers,
                                found,
                                delivery,
                                everybody,
                                deliveries,
                                ours,
                                clock,
                                registry);
    }

    private static @Nullable EventWebhook events(NotifierConfig config, OutgoingClient outgoing) {
        if (config.eventWebhook() == null) {
            return null;
        }
        return new EventWebhook(
                Addresses.parse(config.eventWebhook())
                        .orElseThrow(
                                () ->
                                        new IllegalArgumentException(
                                                "event-webhook.url must be an http or https"
                                                        + " address")),
                outgoing,
                config.signer(),
                InstantSource.system(),
                Thread::sleep);
    }

    /** Begins to watch and to take alerts. */
    public void start() {
        canaries.start();
        providers.start();
        String group = Service.NOTIFIER.group(installation.cluster(), TopicKind.ALERTS);
        var topics = new Topics(kafka);
        var records = new KafkaOutbox(kafka, group);
        outbox = records;
        kept =
                new KafkaKeptRecords<>(
                        topics.alertDeliveries(installation.cluster()),
                        kafka,
                        outbox,
                        // To tell twice is better than not to tell.
                        KafkaKeptRecords.WithoutTopic.FORGET_AT_THE_END);
        var told =
                new QueuedTopic<AlertResult>(topics.alertResults(installation.cluster()), outbox);
        results = told;
        var handler = alerts.apply(kept, new AlertResults(told::add, clock));
        var loops =
                RecordLoop.startBoth(
                        topics.alerts(installation.cluster()),
                        group,
                        new Aside<>(
                                Service.NOTIFIER
                                        .eventsGroup(installation.cluster(), TopicKind.ALERTS)
                                        .orElseThrow(),
                                Alerts::isEvent,
                                handler,
                                Duration.ZERO),
                        Service.NOTIFIER.formerGroup().orElse(null),
                        installation.cluster(),
                        kafka,
                        outbox,
                        handler);
        var taken = loops.getFirst();
        loop = taken;
        events = loops.getLast();
        LoopGauges.bind(registry, taken, "notifier", "alerts");
        LoopGauges.bind(registry, loops.getLast(), "notifier", "events");
        // Whoever takes the alerts of a canary of this name tells the digest of a provider.
        digestLoop =
                DigestLoop.start(
                        digests.apply(
                                kept,
                                provider ->
                                        taken.takes(
                                                Partitions.of(
                                                        provider,
                                                        records.partitions(
                                                                topics.alerts(
                                                                        installation
                                                                                .cluster()))))));
    }

    /** False when only a restart helps. */
    @Override
    public boolean alive() {
        return loop != null && loop.healthy() && events != null && events.healthy();
    }

    /** True once Canaries and AlertProviders were read and while they are watched. */
    @Override
    public boolean ready() {
        return alive() && canaries.isCurrent() && providers.isCurrent();
    }

    @Override
    public String missing() {
        return "the Canaries and AlertProviders of the cluster are not watched";
    }

    @Override
    public void close() {
        if (digestLoop != null) {
            digestLoop.close();
        }
        RecordLoop.closeAll(loop, events);
        canaries.close();
        providers.close();
        outgoing.close();
        if (kept != null) {
            kept.close();
        }
        if (results != null) {
            results.close();
        }
        if (outbox != null) {
            outbox.close();
        }
    }
}
