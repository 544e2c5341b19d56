package dev.serinus.notifier.alert;

import dev.serinus.notifier.chat.Delivery;
import dev.serinus.notifier.chat.Destination;
import dev.serinus.notifier.chat.Message;
import dev.serinus.schemas.canary.ManifestLimits;
import dev.serinus.schemas.cluster.Observed;
import dev.serinus.schemas.cluster.ResourceWatch;
import dev.serinus.schemas.events.Alert;
import dev.serinus.schemas.events.AlertDeliveries;
import dev.serinus.schemas.events.AlertField;
import dev.serinus.schemas.events.ChatAlert;
import dev.serinus.schemas.events.EventNotice;
import dev.serinus.schemas.runtime.KeptRecords;
import dev.serinus.schemas.runtime.RecordHandler;
import dev.serinus.schemas.topic.CanaryKey;

import io.micrometer.core.instrument.MeterRegistry;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Takes each alert to whom it is for: the alert providers that its Canary names and no others, or
 * the installation's chat when it names none. One that fails does not stop the next; what failed in
 * the end is thrown, so that the record becomes a dead letter instead of being lost.
 */
public final class Alerts implements RecordHandler<Alert> {

    private static final Logger LOG = LoggerFactory.getLogger(Alerts.class);

    /** What stands for a provider in metrics beside the chat services: they are bounded. */
    private static final Set<String> OTHERS = Set.of("event-webhook", "none");

    private final ResourceWatch<List<AlertRule>> canaries;
    private final Providers providers;
    private final Duration patience;
    private final int mostRules;
    private final Delivery delivery;
    private final @Nullable Destination global;
    private final @Nullable EventWebhook events;
    private final @Nullable String clusterShown;
    private final MeterRegistry metrics;
    private final DeliveredAlerts delivered;

    /**
     * @param mostRules entries that spec.analysis.alerts may have; with more nobody is told
     * @param global for Canaries without alerts of their own
     * @param events the installation's event webhook
     * @param clusterShown value of the field Cluster; no such field when null
     * @param kept what was told already
     */
    public Alerts(
            ResourceWatch<List<AlertRule>> canaries,
            Providers providers,
            Duration patience,
            int mostRules,
            Delivery delivery,
            @Nullable Destination global,
            @Nullable EventWebhook events,
            @Nullable String clusterShown,
            KeptRecords<AlertDeliveries> kept,
            InstantSource clock,
            MeterRegistry metrics) {
        this.canaries = canaries;
        this.providers = providers;
        this.patience = patience;
        this.mostRules = mostRules;
        this.delivery = delivery;
        this.global = global;
        this.events = events;
        this.clusterShown = clusterShown;
        this.delivered = new DeliveredAlerts(kept, clock);
        this.metrics = metrics;
    }

    /** What is given up is a dead letter, as all is that could not be told. */
    @Override
    public Optional<Duration> patienceWhenFull() {
        return Optional.of(Duration.ofMinutes(1));
    }

    @Override
    public void handle(CanaryKey canary, Alert alert) throws InterruptedException {
        switch (alert.getBody()) {
            case ChatAlert chat -> tellChats(canary, alert, chat);
            case EventNotice notice -> tellEvents(canary, alert, notice);
            default ->
                    throw new IllegalStateException(
                            "an alert is a ChatAlert or an EventNotice, found "
                                    + alert.getBody().getClass().getSimpleName());
        }
    }

    private void tellEvents(CanaryKey canary, Alert alert, EventNotice notice)
            throws InterruptedException {
        if (events == null) {
            return;
        }
        String key = DeliveredAlerts.key(alert, "events");
        var told = delivered.of(canary);
        if (told.contains(key)) {
            return;
        }
        Optional<String> failure = events.tell(canary, alert, notice);
        count(canary, alert, "event-webhook", failure);
        if (failure.isPresent()) {
            throw new NotDelivered("the event webhook was not told: " + failure.get());
        }
        told.addEvent(key);
    }

    private void tellChats(CanaryKey canary, Alert alert, ChatAlert chat)
            throws InterruptedException {
        Observed<List<AlertRule>> seen =
                canaries.insistOnGeneration(
                                canary.namespace(),
                                canary.name(),
                                alert.getUid(),
                                alert.getGeneration(),
                                patience)
                        .orElseThrow(
                                () ->
                                        new NotDelivered(
                                                "nobody was told: generation %d of the Canary was not seen"
                                                        .formatted(alert.getGeneration())));
        if (seen.value().isEmpty()) {
            tellGlobal(canary, alert, chat);
            return;
        }
        Optional<String> tooMany = ManifestLimits.tooMany(seen.value().size(), mostRules);
        if (tooMany.isPresent()) {
            throw new NotDelivered("nobody was told: spec.analysis.alerts " + tooMany.get());
        }
        var told = delivered.of(canary);
        List<String> failures = new ArrayList<>();
        for (AlertRule rule : seen.value()) {
            if (rule.wants(chat.getSeverity())) {
                tell(canary, alert, chat, rule, told).ifPresent(failures::add);
            }
        }
        if (!failures.isEmpty()) {
            throw new NotDelivered(String.join("; ", failures));
        }
    }

    private void tellGlobal(CanaryKey canary, Alert alert, ChatAlert chat)
            throws InterruptedException {
        if (global == null) {
            return;
        }
        String key = DeliveredAlerts.key(alert, "global");
        var told = delivered.of(canary);
        if (told.contains(key)) {
            return;
        }
        Optional<String> failure = delivery.deliver(canary, message(canary, chat, key), global);
        count(canary, alert, global.type(), failure);
        if (failure.isPresent()) {
            throw new NotDelivered(
                    "the installation's " + global.type() + " was not told: " + failure.get());
        }
        told.add(key);
    }

    private Optional<String> tell(
            CanaryKey canary,
            Alert alert,
            ChatAlert chat,
            AlertRule rule,
            DeliveredAlerts.Memory told)
            throws InterruptedException {
        String key =
                DeliveredAlerts.key(
                        alert,
                        rule.name() + "/" + rule.providerNamespace() + "/" + rule.providerName());
        if (told.contains(key)) {
            return Optional.empty();
        }
        Optional<String> failure =
                switch (providers.find(rule, canary.namespace())) {
                    case Providers.Found.Unusable(String because) -> {
                        count(canary, alert, "none", Optional.of(because));
                        yield Optional.of(because);
                    }
                    case Providers.Found.Usable(Destination destination) -> {
                        var result =
                                delivery.deliver(canary, message(canary, chat, key), destination);
                        count(canary, alert, destination.type(), result);
                        yield result;
                    }
                };
        if (failure.isEmpty()) {
            told.add(key);
        }
        return failure.map(because -> "alert " + rule.name() + " was not sent: " + because);
    }

    private Message message(CanaryKey canary, ChatAlert chat, String key) {
        List<AlertField> fields = new ArrayList<>();
        if (clusterShown != null) {
            fields.add(new AlertField("Cluster", clusterShown));
        }
        fields.addAll(chat.getFields());
        return new Message(key, canary.dotted(), chat.getSeverity(), chat.getMessage(), fields);
    }

    /** One line and one count per delivery; a failure's reason is told once, by the dead letter. */
    private void count(CanaryKey canary, Alert alert, String type, Optional<String> failure) {
        String outcome = failure.isPresent() ? "failed" : "delivered";
        String known =
                delivery.notifiers().of(type).isPresent() || OTHERS.contains(type)
                        ? type
                        : "unknown";
        metrics.counter("serinus.alerts", "provider", known, "outcome", outcome).increment();
        LOG.atInfo()
                .addKeyValue("canary", canary)
                .addKeyValue("sequence", alert.getSequence())
                .addKeyValue("provider", type)
                .addKeyValue("outcome", outcome)
                .log("alert handled");
    }
}
