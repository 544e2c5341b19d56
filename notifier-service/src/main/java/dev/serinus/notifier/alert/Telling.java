package dev.serinus.notifier.alert;

import dev.serinus.notifier.chat.Delivery;
import dev.serinus.notifier.chat.Message;
import dev.serinus.notifier.chat.MessageTemplate;
import dev.serinus.notifier.chat.Status;
import dev.serinus.notifier.chat.Subject;
import dev.serinus.notifier.chat.Subject.Release;
import dev.serinus.schemas.events.Alert;
import dev.serinus.schemas.events.AlertEvidence;
import dev.serinus.schemas.events.AlertField;
import dev.serinus.schemas.events.ChatAlert;
import dev.serinus.schemas.events.MissedAlert;
import dev.serinus.schemas.template.RenderException;
import dev.serinus.schemas.topic.CanaryKey;

import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** One alert on its way to those it is for. Used by one thread. */
final class Telling {

    private final CanaryKey canary;
    private final Alert alert;
    private final ChatAlert chat;
    private final Alerts.Everybody everybody;
    private final DeliveredAlerts.Memory told;
    private final Map<String, String> metadata;
    private final Saying saying;
    private final Map<String, Message> messages = new HashMap<>();
    private Release release = Release.UNKNOWN;

    Telling(
            CanaryKey canary,
            Alert alert,
            ChatAlert chat,
            Alerts.Everybody everybody,
            DeliveredAlerts.Memory told,
            Map<String, String> metadata) {
        this.canary = canary;
        this.alert = alert;
        this.chat = chat;
        this.everybody = everybody;
        this.told = told;
        this.metadata = metadata;
        this.saying = Saying.of(alert, chat);
    }

    CanaryKey canary() {
        return canary;
    }

    Alert alert() {
        return alert;
    }

    /** True for what ends trouble, which a pager is told whatever severity it asks for. */
    static boolean mayEndAnIncident(ChatAlert chat) {
        var facts = chat.getFacts();
        if (facts == null || facts.getDryRun()) {
            return false;
        }
        Status status = Status.of(facts.getStatus());
        return status == Status.SUCCEEDED || status == Status.WITHDRAWN;
    }

    /** Before anybody is told, and also where nobody is. */
    void begin() throws InterruptedException {
        told.begins(saying);
    }

    /** False where the receiver has it already, or is not told such things. */
    boolean concerns(Receiver receiver, Delivery delivery) throws InterruptedException {
        if (told.contains(key(receiver))) {
            return false;
        }
        if (told.repeats(saying, receiver.name())) {
            told.settled(key(receiver));
            return false;
        }
        if (delivery.opensIncidents(receiver.destination()) && mayEndAnIncident(chat)) {
            return !told.incidents(receiver.provider()).isEmpty();
        }
        return receiver.wanted();
    }

    /** What is released, looked at once in a run: later the target may show what comes next. */
    void release(Supplier<Release> looked) throws InterruptedException {
        var facts = chat.getFacts();
        long run = facts == null ? 0 : facts.getRun();
        var before = told.release(run);
        if (before.isPresent()) {
            release = before.get();
        } else {
            release = looked.get();
            if (!release.equals(Release.UNKNOWN)) {
                told.released(run, release);
            }
        }
    }

    /** One attempt; what was taken is kept before this returns. */
    Delivery.Result attempt(Receiver receiver, Delivery delivery) throws InterruptedException {
        Message message = messages.computeIfAbsent(receiver.name(), _ -> message(receiver, delivery));
        boolean pages = delivery.opensIncidents(receiver.destination());
        if (pages && mayEndAnIncident(chat)) {
            for (String incident : told.incidents(receiver.provider())) {
                var result =
                        delivery.attempt(
                                canary, message.ofIncident(incident), receiver.destination());
                if (result instanceof Delivery.Result.Missed) {
                    return result;
                }
                told.closed(receiver.provider(), incident);
            }
        } else if (delivery.tells(message, receiver.destination())) {
            var result = delivery.attempt(canary, message, receiver.destination());
            if (result instanceof Delivery.Result.Missed) {
                return result;
            }
            if (pages) {
                told.opened(receiver.provider(), message.subject().incident());
            }
        }
        told.told(receiver.name(), key(receiver), saying);
        return new Delivery.Result.Taken();
    }

    /** The next message tells of it. */
    void givenUp(Receiver receiver) throws InterruptedException {
        told.missed(receiver.name(), chat.getMessage());
    }

    private String key(Receiver receiver) {
        return DeliveredAlerts.key(alert, receiver.name());
    }

    private Message message(Receiver receiver, Delivery delivery) {
        var subject = Subject.of(canary, chat.getFacts(), release, everybody.dashboard());
        List<AlertField> missed =
                told.missed(receiver.name()).stream()
                        .map(each -> new AlertField(missedAt(each), each.getText()))
                        .toList();
        List<AlertField> fields = new ArrayList<>();
        if (everybody.clusterShown() != null) {
            fields.add(new AlertField("Cluster", everybody.clusterShown()));
        }
        fields.addAll(chat.getFields());
        subject.evidence().stream()
                .filter(AlertEvidence::getFailed)
                .filter(each -> each.getValue() != null)
                .forEach(each -> fields.add(new AlertField(each.getCheck(), Subject.found(each))));
        fields.addAll(missed);
        var usual =
                new Message(
                        key(receiver),
                        canary.dotted(),
                        chat.getSeverity(),
                        chat.getMessage(),
                        false,
                        fields,
                        subject);
        String template = receiver.destination().options().messageTemplate();
        if (template == null) {
            return usual;
        }
        try {
            var escaping = delivery.escaping(receiver.destination());
            return usual.saying(
                    MessageTemplate.render(template, usual, metadata, escaping), missed);
        } catch (RenderException wrong) {
            // An alert is worth more than its form.
            fields.add(new AlertField("messageTemplate", String.valueOf(wrong.getMessage())));
            return usual.with(fields);
        }
    }

    private static String missedAt(MissedAlert missed) {
        return "Not delivered at " + missed.getAt().truncatedTo(ChronoUnit.SECONDS);
    }
}
