package dev.serinus.notifier.alert;

import dev.serinus.notifier.chat.Delivery;
import dev.serinus.notifier.chat.Message;
import dev.serinus.notifier.chat.MessageTemplate;
import dev.serinus.notifier.chat.Status;
import dev.serinus.notifier.chat.Subject;
import dev.serinus.notifier.chat.Subject.Release;
import dev.serinus.schemas.events.Alert;
import dev.serinus.schemas.events.AlertEvidence;
import dev.serinus.schemas.events.AlertFacts;
import dev.serinus.schemas.events.AlertField;
import dev.serinus.schemas.events.ChatAlert;
import dev.serinus.schemas.events.MissedAlert;
import dev.serinus.schemas.events.OpenCommit;
import dev.serinus.schemas.events.Severity;
import dev.serinus.schemas.outgoing.HookBody;
import dev.serinus.schemas.template.RenderException;
import dev.serinus.schemas.topic.CanaryKey;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** One alert on its way to those it is for. Used by one thread. */
final class Telling {

    private static final Duration PAST = Duration.ofMinutes(10);

    private final CanaryKey canary;
    private final Alert alert;
    private final ChatAlert chat;
    private final Alerts.Everybody everybody;
    private final DeliveredAlerts.Memory told;
    private final Map<String, String> metadata;
    private final Saying saying;
    private final Map<String, Message> messages = new HashMap<>();
    private List<String> primaryImages = List.of();

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
        return facts != null && !facts.getDryRun() && Status.of(facts.getStatus()).isGood();
    }

    private static boolean isTrouble(ChatAlert chat) {
        var facts = chat.getFacts();
        return facts != null && !facts.getDryRun() && Status.of(facts.getStatus()).isTrouble();
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
            told.settled(key(receiver), AlertResults.Outcome.REPEATED);
            return false;
        }
        if (delivery.opensIncidents(receiver.destination()) && mayEndAnIncident(chat)) {
            return !told.incidents(receiver.provider()).isEmpty() || told.owes(receiver.name());
        }
        return receiver.wanted()
                || (delivery.opensIncidents(receiver.destination()) && told.owes(receiver.name()))
                || endsACommit(receiver);
    }

    /** Whoever has an open status of this run's commit is told its last one in any case. */
    private boolean endsACommit(Receiver receiver) {
        return isLast(chat) && told.hasCommit(receiver.name(), alert.getUid(), run(chat));
    }

    /** The same for one to whom nothing can be sent now, of which less may be known. */
    boolean isMissedBy(Receiver receiver, Delivery delivery) {
        if (told.contains(key(receiver)) || told.repeats(saying, receiver.name())) {
            return false;
        }
        if (endsACommit(receiver)) {
            return true;
        }
        boolean pager = delivery.opensIncidents(receiver.destination());
        if (mayEndAnIncident(chat) && (pager || receiver.isUnknown())) {
            boolean open =
                    !told.incidents(receiver.provider()).isEmpty() || told.owes(receiver.name());
            return open || (receiver.wanted() && !pager);
        }
        return receiver.wanted() && (!pager || isTold(receiver, delivery));
    }

    private boolean isTold(Receiver receiver, Delivery delivery) {
        return delivery.tells(
                worded(receiver, delivery, key(receiver), chat), receiver.destination());
    }

    /** True where the receiver took the same words just before, and is not told again. */
    boolean repeats(Receiver receiver) {
        return !told.contains(key(receiver)) && told.repeats(saying, receiver.name());
    }

    /** What became of it before, where its record comes again; empty where that is not known. */
    Optional<DeliveredAlerts.Known> before(Receiver receiver) {
        return receiver.wanted() ? told.outcome(key(receiver)) : Optional.empty();
    }

    /** True where a digest tells it. */
    boolean gathers(Receiver receiver) {
        return receiver.gathers() && chat.getSeverity() != Severity.ERROR;
    }

    /** Keeps it for the digest, which counts as told. */
    void gather(Receiver receiver) throws InterruptedException {
        told.gathered(receiver, key(receiver), inADigest(receiver), chat, saying);
    }

    /** What is released, looked at once in a run: later the target may show what comes next. */
    void release(Supplier<Release> looked) throws InterruptedException {
        if (told.release(run(chat)).isEmpty()) {
            Release release = looked.get();
            if (!release.equals(Release.UNKNOWN)) {
                told.released(run(chat), release);
            }
        }
    }

    /** True where a receiver is told of a situation in which it matters what the primary runs. */
    boolean asksForThePrimary(Receiver receiver, Delivery delivery) {
        var facts = chat.getFacts();
        boolean told =
                explains(receiver, delivery)
                        || receiver.destination().options().messageTemplate() != null;
        return told && facts != null && facts.getSituation() != null;
    }

    /** As it was found just now: nothing of it is kept. */
    void primaryRuns(List<String> images) {
        primaryImages = List.copyOf(images);
    }

    /** True where more is said than Flagger says. */
    private boolean explains(Receiver receiver, Delivery delivery) {
        return everybody.showEvidence() || !delivery.isFlaggers(receiver.destination());
    }

    private static long run(ChatAlert what) {
        return what.getFacts() == null ? 0 : what.getFacts().getRun();
    }

    /** One attempt; what was taken is kept before this returns. */
    Delivery.Result attempt(Receiver receiver, Delivery delivery) throws InterruptedException {
        String key = key(receiver);
        if (!delivery.opensIncidents(receiver.destination())) {
            return delivery.leavesStatuses(receiver.destination())
                    ? setStatus(receiver, delivery, key)
                    : send(receiver, delivery, key, null);
        }
        Delivery.Result late = new Delivery.Result.NotTold();
        if (mayEndAnIncident(chat)) {
            told.forgetMissed(receiver.name());
        } else {
            late = pageLate(receiver, delivery);
        }
        if (late instanceof Delivery.Result.Missed || told.contains(key)) {
            return late;
        }
        if (!receiver.wanted() && !mayEndAnIncident(chat)) {
            told.settled(key, AlertResults.Outcome.NOT_TOLD);
            return late;
        }
        var result = page(receiver, delivery, key, chat);
        switch (result) {
            case Delivery.Result.Taken _ -> told.told(receiver, key, saying, null);
            case Delivery.Result.NotTold _ -> told.settled(key, AlertResults.Outcome.NOT_TOLD);
            case Delivery.Result.Missed _ -> {
                return result;
            }
        }
        return late instanceof Delivery.Result.Taken ? late : result;
    }

    private Delivery.Result send(
            Receiver receiver, Delivery delivery, String key, @Nullable OpenCommit ended)
            throws InterruptedException {
        Message message = message(receiver, delivery, key, chat);
        if (!delivery.tells(message, receiver.destination())) {
            told.settled(key, AlertResults.Outcome.NOT_TOLD);
            return new Delivery.Result.NotTold();
        }
        var result = delivery.attempt(canary, message, receiver.destination());
        if (result instanceof Delivery.Result.Taken) {
            told.told(receiver, key, saying, ended);
        }
        return result;
    }

    /** Sets the status of a commit, once those of earlier runs have their last one. */
    private Delivery.Result setStatus(Receiver receiver, Delivery delivery, String key)
            throws InterruptedException {
        long run = run(chat);
        String commit = told.release(run).map(Release::commit).orElse(null);
        for (OpenCommit earlier : told.commitsBefore(receiver.name(), alert.getUid(), run)) {
            if (!earlier.getCommit().equals(commit)) {
                var result =
                        delivery.attempt(
                                canary, superseded(delivery, key, earlier), receiver.destination());
                // One that is refused for good, as where the commit is gone, keeps no other back.
                if (result instanceof Delivery.Result.Missed missed && missed.again()) {
                    return result;
                }
            }
            told.commitClosed(earlier);
        }
        if (commit == null || !isTold(receiver, delivery)) {
            return send(receiver, delivery, key, null);
        }
        if (!isLast(chat) && told.hasEnded(receiver.name(), alert.getUid(), run)) {
            // As where a failed run's traffic is not back yet, or a primary is gone at rest.
            told.settled(key, AlertResults.Outcome.NOT_TOLD);
            return new Delivery.Result.NotTold();
        }
        var open = new OpenCommit(receiver.name(), run, commit, alert.getUid());
        // Before it is sent: a process that ends just after leaves no status for ever.
        told.commitOpened(open);
        return send(receiver, delivery, key, isLast(chat) ? open : null);
    }

    private static boolean isLast(ChatAlert chat) {
        return chat.getFacts() != null && Status.of(chat.getFacts().getStatus()).isLast();
    }

    /** The end of a run of which nobody tells, as another revision came. */
    private Message superseded(Delivery delivery, String key, OpenCommit earlier) {
        var facts =
                AlertFacts.newBuilder()
                        .setStatus(Status.SUPERSEDED.word())
                        .setRun(earlier.getRun())
                        .setPhase("")
                        .setRevision("")
                        .setCanaryBasisPoints(0)
                        .setFailedChecks(0)
                        .setIteration(0)
                        .setAt(delivery.clock().instant())
                        .build();
        return new Message(
                HookBody.id(key + "/superseded/" + earlier.getRun()),
                canary.dotted(),
                Severity.INFO,
                "Superseded: another revision was released before this one's analysis had ended",
                false,
                List.of(),
                List.of(),
                Subject.of(
                        canary,
                        facts,
                        new Release(List.of(), earlier.getCommit()),
                        everybody.dashboard()));
    }

    /** What a pager missed is still to be done, whatever this alert is, and in its order. */
    private Delivery.Result pageLate(Receiver receiver, Delivery delivery)
            throws InterruptedException {
        Delivery.Result all = new Delivery.Result.NotTold();
        for (MissedAlert late : told.missed(receiver.name())) {
            if (late.getAlert() != null) {
                var result = page(receiver, delivery, late.getKey(), late.getAlert());
                if (result instanceof Delivery.Result.Missed) {
                    return result;
                }
                told.toldLate(late);
                all = new Delivery.Result.Taken();
            }
        }
        return all;
    }

    /** Opens an incident, or ends all that are open. */
    private Delivery.Result page(Receiver receiver, Delivery delivery, String key, ChatAlert what)
            throws InterruptedException {
        Message message = message(receiver, delivery, key, what);
        Delivery.Result result = new Delivery.Result.NotTold();
        if (mayEndAnIncident(what)) {
            for (String incident : told.incidents(receiver.provider())) {
                result =
                        delivery.attempt(
                                canary, message.ofIncident(incident), receiver.destination());
                if (result instanceof Delivery.Result.Missed) {
                    return result;
                }
                told.closed(receiver.provider(), incident);
            }
        } else if (delivery.tells(message, receiver.destination())) {
            result = delivery.attempt(canary, message, receiver.destination());
            if (result instanceof Delivery.Result.Taken) {
                told.opened(receiver.provider(), message.subject().incident());
            }
        }
        return result;
    }

    /** The next message tells of it; a pager is told it late. */
    void givenUp(Receiver receiver, Delivery delivery) throws InterruptedException {
        var destination = receiver.destination();
        String key = key(receiver);
        if (receiver.isUnknown() && endsACommit(receiver)) {
            // It is no pager, and has no room for what it missed.
            told.commitGivenUp(receiver.name(), alert.getUid(), run(chat));
        } else if (receiver.isUnknown()) {
            // It may be a pager, which is told late what was trouble, and that it is over.
            boolean late = mayEndAnIncident(chat) || isTrouble(chat);
            told.missed(receiver, key, inADigest(receiver), chat, late);
        } else if (!delivery.opensIncidents(destination)) {
            if (isLast(chat) && delivery.leavesStatuses(destination)) {
                // How it ended stands in the dead letter, and is not that another one came.
                told.commitGivenUp(receiver.name(), alert.getUid(), run(chat));
            }
            if (delivery.saysWhatWasMissed(destination)) {
                told.missed(receiver, key, inADigest(receiver), chat, false);
            }
        } else if (mayEndAnIncident(chat) || (receiver.wanted() && isTold(receiver, delivery))) {
            told.missed(receiver, key, inADigest(receiver), chat, true);
        }
    }

    /** Names it for a digest, whatever entry leads there. */
    private String inADigest(Receiver receiver) {
        return DeliveredAlerts.key(alert, receiver.provider());
    }

    private String key(Receiver receiver) {
        return DeliveredAlerts.key(alert, receiver.name());
    }

    /** What a receiver is told, put into words once and not at each attempt. */
    private Message message(Receiver receiver, Delivery delivery, String key, ChatAlert what) {
        return messages.computeIfAbsent(key, _ -> worded(receiver, delivery, key, what));
    }

    /** Who has the traffic is said of now, so that what is told late says nothing of it. */
    private static @Nullable AlertFacts asOfNow(@Nullable AlertFacts facts, Instant now) {
        return facts == null || now.isBefore(facts.getAt().plus(PAST))
                ? facts
                : AlertFacts.newBuilder(facts).setSituation(null).build();
    }

    private Message worded(Receiver receiver, Delivery delivery, String key, ChatAlert what) {
        var subject =
                Subject.of(
                        canary,
                        asOfNow(what.getFacts(), delivery.clock().instant()),
                        told.release(run(what)).orElse(Release.UNKNOWN).besides(primaryImages),
                        everybody.dashboard());
        boolean pager = delivery.opensIncidents(receiver.destination());
        List<AlertField> missed =
                told.untold(receiver).stream()
                        .filter(each -> !pager || each.getAlert() == null)
                        .map(each -> new AlertField(missedAt(each.getAt()), each.getText()))
                        .toList();
        List<AlertField> fields = new ArrayList<>();
        if (everybody.clusterShown() != null) {
            fields.add(new AlertField("Cluster", everybody.clusterShown()));
        }
        fields.addAll(what.getFields());
        if (explains(receiver, delivery)) {
            subject.evidence().stream()
                    .filter(AlertEvidence::getFailed)
                    .filter(each -> each.getValue() != null || each.getReport() != null)
                    .forEach(
                            each ->
                                    fields.add(
                                            new AlertField(each.getCheck(), Subject.found(each))));
            fields.addAll(subject.standing());
        }
        var usual =
                new Message(
                        key,
                        canary.dotted(),
                        what.getSeverity(),
                        what.getMessage(),
                        false,
                        fields,
                        missed,
                        subject);
        String template = receiver.destination().options().messageTemplate();
        if (template == null) {
            return usual;
        }
        try {
            var escaping = delivery.escaping(receiver.destination());
            return usual.saying(MessageTemplate.render(template, usual, metadata, escaping));
        } catch (RenderException wrong) {
            // An alert is worth more than its form.
            fields.add(new AlertField("messageTemplate", String.valueOf(wrong.getMessage())));
            return usual.with(fields);
        }
    }

    static String missedAt(Instant at) {
        return "Not delivered at " + at.truncatedTo(ChronoUnit.SECONDS);
    }
}
