package dev.serinus.notifier.alert;

import dev.serinus.notifier.chat.Delivery;
import dev.serinus.notifier.chat.Destination;
import dev.serinus.schemas.canary.ManifestLimits;
import dev.serinus.schemas.cluster.Observed;
import dev.serinus.schemas.cluster.ResourceWatch;
import dev.serinus.schemas.events.Alert;
import dev.serinus.schemas.events.AlertDeliveries;
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
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Takes each alert to whom it is for: the alert providers that its Canary names and no others, or
 * the installation's chat when it names none. One that fails does not stop the next; what failed in
 * the end is thrown, so that the record becomes a dead letter instead of being lost.
 */
public final class Alerts implements RecordHandler<Alert> {

    private static final Logger LOG = LoggerFactory.getLogger(Alerts.class);

    /** What stands for a provider in metrics beside the chat services: they are bounded. */
    private static final Set<String> OTHERS = Set.of("event-webhook", "none");

    /**
     * One that was never there would hold all that comes after; one that is replaced is soon back.
     */
    private static final int MOST_LOOKS_FOR_MISSING = 3;

    private static final String DELIVERED = "delivered";
    private static final String FAILED = "failed";

    private final ResourceWatch<AlertedCanary> canaries;
    private final Providers providers;
    private final Duration patience;
    private final int mostRules;
    private final Delivery delivery;
    private final Everybody everybody;
    private final Releases releases;
    private final Patience retries;
    private final MeterRegistry metrics;
    private final DeliveredAlerts delivered;
    private final AlertResults results;

    /**
     * What holds for all Canaries.
     *
     * @param global for Canaries without alerts of their own
     * @param events the installation's event webhook
     * @param clusterShown value of the field Cluster; no such field when null
     * @param dashboard its address, for links; none when null
     * @param showEvidence what failed is told as fields also where Flagger's messages have none
     */
    public record Everybody(
            @Nullable Destination global,
            @Nullable EventWebhook events,
            @Nullable String clusterShown,
            @Nullable String dashboard,
            boolean showEvidence) {}

    /**
     * @param mostRules entries that spec.analysis.alerts may have; with more nobody is told
     * @param retries for how long a receiver is asked again
     * @param kept what was told already
     * @param results is told what became of each
     */
    public Alerts(
            ResourceWatch<AlertedCanary> canaries,
            Providers providers,
            Releases releases,
            Duration patience,
            int mostRules,
            Delivery delivery,
            Everybody everybody,
            Patience retries,
            KeptRecords<AlertDeliveries> kept,
            InstantSource clock,
            MeterRegistry metrics,
            AlertResults results) {
        this.canaries = canaries;
        this.providers = providers;
        this.releases = releases;
        this.patience = patience;
        this.mostRules = mostRules;
        this.delivery = delivery;
        this.everybody = everybody;
        this.retries = retries;
        this.delivered = new DeliveredAlerts(kept, clock);
        this.metrics = metrics;
        this.results = results;
    }

    /** What is given up is a dead letter, as all is that could not be told. */
    @Override
    public Optional<Duration> patienceWhenFull() {
        return Optional.of(Duration.ofMinutes(1));
    }

    /** True for what the event webhook alone is told: nobody's chat waits for it. */
    public static boolean isEvent(Alert alert) {
        return alert.getBody() instanceof EventNotice;
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
        var events = everybody.events();
        if (events == null) {
            return;
        }
        String key = DeliveredAlerts.key(alert, "events");
        var told = delivered.eventsOf(canary);
        if (told.contains(key) || delivered.hadEvent(canary, key)) {
            return;
        }
        Optional<String> failure = events.tell(canary, alert, notice);
        count(canary, alert, "event-webhook", failure.isPresent() ? FAILED : DELIVERED);
        if (failure.isPresent()) {
            throw new NotDelivered("the event webhook was not told: " + failure.get());
        }
        told.addEvent(key);
    }

    private void tellChats(CanaryKey canary, Alert alert, ChatAlert chat)
            throws InterruptedException {
        Observed<AlertedCanary> seen =
                canaries.insistOnGeneration(
                                canary.namespace(),
                                canary.name(),
                                alert.getUid(),
                                alert.getGeneration(),
                                patience)
                        // The last news of a run may be told when its Canary is gone.
                        .or(() -> canaries.gone(alert.getUid()))
                        .orElseThrow(
                                () ->
                                        new NotDelivered(
                                                "nobody was told: generation %d of the Canary was not seen"
                                                        .formatted(alert.getGeneration())));
        List<AlertRule> rules = seen.value().alerts();
        Optional<String> tooMany = ManifestLimits.tooMany(rules.size(), mostRules);
        if (tooMany.isPresent()) {
            throw new NotDelivered("nobody was told: spec.analysis.alerts " + tooMany.get());
        }
        if (rules.isEmpty() && everybody.global() == null) {
            return;
        }
        var told = delivered.of(canary);
        var telling = new Telling(canary, alert, chat, everybody, told, seen.value().metadata());
        telling.begin();
        List<Receiver> receivers =
                rules.isEmpty()
                        ? List.of(Receiver.global(Objects.requireNonNull(everybody.global())))
                        : named(canary, chat, rules, told);
        SortedMap<Integer, Miss> missed = tellAll(receivers, telling, seen.value());
        if (!missed.isEmpty()) {
            throw new NotDelivered(
                    missed.values().stream().map(Miss::words).collect(Collectors.joining("; ")));
        }
    }

    /** Each that the Canary names and that may be told this, as it is found now. */
    private List<Receiver> named(
            CanaryKey canary, ChatAlert chat, List<AlertRule> rules, DeliveredAlerts.Memory told)
            throws InterruptedException {
        List<Receiver> named = new ArrayList<>();
        for (int place = 0; place < rules.size(); place++) {
            AlertRule rule = rules.get(place);
            boolean wanted = rule.wants(chat.getSeverity());
            boolean late = told.owes(Receiver.nameOf(rule));
            if (wanted || late || Telling.mayEndAnIncident(chat)) {
                named.add(
                        Receiver.of(place, rule, providers.find(rule, canary.namespace()), wanted));
            }
        }
        return named;
    }

    /** One that could not be used, as it is found now. */
    private Receiver again(CanaryKey canary, Receiver receiver) throws InterruptedException {
        AlertRule rule = receiver.rule();
        return receiver.unusable() == null || rule == null
                ? receiver
                : Receiver.of(
                        receiver.place(),
                        rule,
                        providers.find(rule, canary.namespace()),
                        receiver.wanted());
    }

    /** Those to whom this is to be sent now; what a digest tells is kept for it. */
    private List<Receiver> open(List<Receiver> receivers, Telling telling, AlertedCanary canary)
            throws InterruptedException {
        List<Receiver> open = new ArrayList<>();
        for (Receiver receiver : receivers) {
            boolean repeats = receiver.wanted() && telling.repeats(receiver);
            // Whoever ended before the result was written is made up for: it has the same key.
            var before = telling.before(receiver);
            if (!telling.concerns(receiver, delivery)) {
                if (repeats) {
                    results.add(telling, receiver, AlertResults.Outcome.REPEATED, 0, "");
                } else {
                    before.ifPresent(known -> results.again(telling, receiver, known));
                }
                continue;
            }
            if (telling.gathers(receiver)) {
                telling.gather(receiver);
                results.add(telling, receiver, AlertResults.Outcome.GATHERED, 0, "");
                count(telling, receiver, "gathered");
            } else {
                open.add(receiver);
            }
        }
        String namespace = telling.canary().namespace();
        if (open.stream().anyMatch(each -> delivery.asksForTheRelease(each.destination()))) {
            telling.release(() -> releases.of(canary, namespace));
        }
        if (open.stream().anyMatch(each -> telling.asksForThePrimary(each, delivery))) {
            telling.primaryRuns(releases.primaryImages(canary, namespace));
        }
        return open;
    }

    /** Why the last of so many attempts failed. */
    private record Miss(Receiver receiver, String because, int attempts) {

        String words() {
            return "alert %s was not sent: %s%s"
                    .formatted(
                            receiver.alert(),
                            because,
                            attempts == 1 ? "" : " after " + attempts + " attempts");
        }
    }

    /**
     * Each gets an attempt before any gets another: one that is down keeps nobody waiting. One that
     * cannot be used now is looked at again likewise, a provider that is not there thrice.
     *
     * @return those who were not told in the end, by their place
     */
    private SortedMap<Integer, Miss> tellAll(
            List<Receiver> receivers, Telling telling, AlertedCanary canary)
            throws InterruptedException {
        var round = retries.begin();
        List<Receiver> unusable = receivers;
        List<Receiver> open = new ArrayList<>();
        SortedMap<Integer, Miss> missed = new TreeMap<>();
        for (int attempt = 1; attempt == 1 || !(open.isEmpty() && unusable.isEmpty()); attempt++) {
            List<Receiver> usable = new ArrayList<>();
            List<Receiver> still = new ArrayList<>();
            for (Receiver each : unusable) {
                Receiver now = attempt == 1 ? each : again(telling.canary(), each);
                var why = now.unusable();
                missed.remove(now.place());
                if (why == null || telling.gathers(now)) {
                    usable.add(now);
                } else if (telling.isMissedBy(now, delivery)) {
                    missed.put(now.place(), new Miss(now, why.because(), attempt));
                    if (why.again() && !(why.gone() && attempt >= MOST_LOOKS_FOR_MISSING)) {
                        still.add(now);
                    }
                }
            }
            unusable = still;
            open.addAll(open(usable, telling, canary));
            open = attempt(open, attempt, round, telling, missed);
            if (!(open.isEmpty() && unusable.isEmpty()) && !round.pause()) {
                break;
            }
        }
        for (Miss miss : missed.values()) {
            Receiver receiver = miss.receiver();
            telling.givenUp(receiver, delivery);
            if (receiver.unusable() == null) {
                count(telling, receiver, FAILED);
            } else {
                count(telling.canary(), telling.alert(), "none", FAILED);
            }
            results.add(
                    telling,
                    receiver,
                    AlertResults.Outcome.DEAD_LETTERED,
                    receiver.unusable() == null ? miss.attempts() : 0,
                    miss.because());
        }
        return missed;
    }

    /** One attempt at each; returns those where another may end better. */
    private List<Receiver> attempt(
            List<Receiver> open,
            int attempt,
            Patience.Round round,
            Telling telling,
            SortedMap<Integer, Miss> missed)
            throws InterruptedException {
        List<Receiver> again = new ArrayList<>();
        for (Receiver receiver : open) {
            switch (telling.attempt(receiver, delivery)) {
                case Delivery.Result.Taken _ -> {
                    missed.remove(receiver.place());
                    results.add(telling, receiver, AlertResults.Outcome.DELIVERED, attempt, "");
                    count(telling, receiver, DELIVERED);
                }
                case Delivery.Result.NotTold _ -> {
                    missed.remove(receiver.place());
                    if (receiver.wanted()) {
                        results.add(telling, receiver, AlertResults.Outcome.NOT_TOLD, 0, "");
                    }
                    count(telling, receiver, "not-told");
                }
                case Delivery.Result.Missed(String because, boolean repeat, var after) -> {
                    missed.put(receiver.place(), new Miss(receiver, because, attempt));
                    round.asked(after);
                    if (repeat) {
                        again.add(receiver);
                    }
                }
            }
        }
        return again;
    }

    private void count(Telling telling, Receiver receiver, String outcome) {
        count(telling.canary(), telling.alert(), receiver.destination().type(), outcome);
    }

    /** One line and one count per delivery; a failure's reason is told once, by the dead letter. */
    private void count(CanaryKey canary, Alert alert, String type, String outcome) {
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
