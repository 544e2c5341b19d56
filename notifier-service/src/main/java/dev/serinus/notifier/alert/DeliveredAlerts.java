package dev.serinus.notifier.alert;

import dev.serinus.notifier.chat.Subject.Release;
import dev.serinus.schemas.canary.Revision;
import dev.serinus.schemas.events.Alert;
import dev.serinus.schemas.events.AlertDeliveries;
import dev.serinus.schemas.events.ChatAlert;
import dev.serinus.schemas.events.DeliveredAlert;
import dev.serinus.schemas.events.EndedCommit;
import dev.serinus.schemas.events.EventNotice;
import dev.serinus.schemas.events.GatheredAlert;
import dev.serinus.schemas.events.LastSaid;
import dev.serinus.schemas.events.MissedAlert;
import dev.serinus.schemas.events.OpenCommit;
import dev.serinus.schemas.events.OpenIncident;
import dev.serinus.schemas.events.ReleasedTarget;
import dev.serinus.schemas.events.ToldAtOnce;
import dev.serinus.schemas.outgoing.HookBody;
import dev.serinus.schemas.runtime.KeptRecords;
import dev.serinus.schemas.topic.CanaryKey;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What was told already, by this process or another one: it is kept as soon as a receiver took it,
 * before anything else is told and before its record counts as handled. So a record that comes a
 * second time, after a crash or a rebalance, goes to those alone who missed it. Between a
 * receiver's answer and the moment when that is kept lies one write to Kafka: who dies there tells
 * it twice, with the same key.
 */
final class DeliveredAlerts {

    /** A record comes again for as long as Kafka has it, which is seven days. */
    private static final Duration KEPT = Duration.ofDays(8);

    /** No canary has such a name. */
    private static final String EVENTS = "events:";

    private static final int MOST = 500;
    private static final int MOST_EVENTS = 50;
    private static final int MOST_INCIDENTS = 50;
    private static final int MOST_COMMITS = 20;
    private static final int MOST_MISSED = 20;

    private final KeptRecords<AlertDeliveries> kept;
    private final InstantSource clock;
    private volatile boolean written;

    DeliveredAlerts(KeptRecords<AlertDeliveries> kept, InstantSource clock) {
        this.kept = kept;
        this.clock = clock;
    }

    /**
     * Names one alert to one receiver, the same after any restart and in any release; a decision
     * may have several alerts, so what they say counts.
     */
    static String key(Alert alert, String receiver) {
        return HookBody.id(
                "%s/%d/%s/%s"
                        .formatted(
                                alert.getUid(),
                                alert.getSequence(),
                                receiver,
                                Revision.digest(said(alert))));
    }

    /**
     * What is told, part by part: what a later release adds to alerts is no part of it, or else one
     * that was told before an upgrade would be told again.
     */
    private static String said(Alert alert) {
        Stream<String> parts =
                switch (alert.getBody()) {
                    case ChatAlert chat ->
                            Stream.concat(
                                    Stream.of(chat.getSeverity().name(), chat.getMessage()),
                                    chat.getFields().stream()
                                            .flatMap(it -> Stream.of(it.getName(), it.getValue())));
                    case EventNotice notice ->
                            Stream.of(
                                    notice.getType(),
                                    notice.getMessage(),
                                    Long.toString(notice.getTimestamp()));
                    default -> Stream.of(alert.getBody().toString());
                };
        return parts.map(part -> part.length() + ":" + part).collect(Collectors.joining());
    }

    /**
     * Of which events of one canary the event webhook was told. They are handled beside its alerts,
     * maybe by another process, so they have a record of their own: each has one writer.
     */
    Memory eventsOf(CanaryKey canary) throws InterruptedException {
        return of(new CanaryKey(canary.cluster(), canary.namespace(), EVENTS + canary.name()));
    }

    /** True where a release that kept them in the canary's own record told this event. */
    boolean hadEvent(CanaryKey canary, String key) {
        AlertDeliveries before = kept.known().get(canary);
        return before != null && before.getEvents().contains(key);
    }

    /** What is known of one canary now; for one thread, while it handles one of its records. */
    Memory of(CanaryKey canary) throws InterruptedException {
        var memory =
                new Memory(
                        canary,
                        kept.get(canary)
                                .orElseGet(
                                        () ->
                                                AlertDeliveries.newBuilder()
                                                        .setCanary(canary.toString())
                                                        .build()));
        if (!written) {
            // A process connects and tells its schemas at its first write, which takes as long as
            // a hundred others. A message that is told before it would be told again by the next
            // process, if this one died in the meantime.
            memory.keep(memory.now);
            written = true;
        }
        return memory;
    }

    /** What became of one alert at one receiver, and when. */
    record Known(AlertResults.Outcome outcome, Instant at) {}

    /** What one canary's receivers were told. */
    final class Memory {
        private final CanaryKey canary;
        private AlertDeliveries now;

        private Memory(CanaryKey canary, AlertDeliveries now) {
            this.canary = canary;
            this.now = now;
        }

        boolean contains(String key) {
            return now.getEvents().contains(key)
                    || now.getDelivered().stream().anyMatch(told -> told.getKey().equals(key));
        }

        /** What became of one that this knows; empty where it is open, or nobody noted it. */
        Optional<Known> outcome(String key) {
            return now.getDelivered().stream()
                    .filter(told -> told.getKey().equals(key))
                    .flatMap(
                            told ->
                                    AlertResults.Outcome.of(told.getOutcome()).stream()
                                            .map(it -> new Known(it, told.getAt())))
                    .findFirst();
        }

        /** True where this receiver took the last alert, and this one says the same. */
        boolean repeats(Saying saying, String receiver) {
            LastSaid last = now.getLast();
            return last != null && saying.repeats(last) && last.getReceivers().contains(receiver);
        }

        /** What was said before may be said again once something else is said, to whomever. */
        void begins(Saying saying) throws InterruptedException {
            LastSaid last = now.getLast();
            if (last != null && saying.follows(last)) {
                keep(AlertDeliveries.newBuilder(now).setLast(null).build());
            }
        }

        /** Notes that there is nothing to tell under this key any more, though nothing was told. */
        void settled(String key, AlertResults.Outcome outcome) throws InterruptedException {
            keep(AlertDeliveries.newBuilder(now).setDelivered(deliveredWith(key, outcome)).build());
        }

        /**
         * Notes that the receiver took a message, with word of what it had missed; what was
         * gathered of the canary for its provider is older. Returns once no crash can make it
         * forgotten.
         *
         * @param ended the commit that has its last status by this; null for none
         */
        void told(Receiver receiver, String key, Saying saying, @Nullable OpenCommit ended)
                throws InterruptedException {
            keep(
                    AlertDeliveries.newBuilder(now)
                            .setDelivered(deliveredWith(key, AlertResults.Outcome.DELIVERED))
                            .setMissed(missedByOthers(receiver.name()))
                            .setLast(saidTo(receiver.name(), saying))
                            .setGathered(gatheredForOthers(receiver.provider()))
                            .setCommits(commitsBut(ended))
                            .setEnded(endedWith(ended))
                            .setAtOnce(
                                    receiver.gathers()
                                            ? atOnceWith(receiver.provider())
                                            : now.getAtOnce())
                            .build());
        }

        /** Notes what a digest of this provider is to tell of the canary, in place of the last. */
        void gathered(Receiver receiver, String key, String message, ChatAlert alert, Saying saying)
                throws InterruptedException {
            keep(
                    AlertDeliveries.newBuilder(now)
                            .setDelivered(deliveredWith(key, AlertResults.Outcome.GATHERED))
                            .setLast(saidTo(receiver.name(), saying))
                            .setGathered(
                                    gatheredWith(
                                            receiver.provider(),
                                            message,
                                            alert,
                                            next(receiver.provider())))
                            .build());
        }

        private List<GatheredAlert> gatheredWith(
                String provider, String message, ChatAlert alert, Instant at) {
            Instant until = until(provider);
            Optional<GatheredAlert> waits =
                    now.getGathered().stream()
                            .filter(each -> each.getProvider().equals(provider))
                            .filter(each -> each.getAt().isAfter(until))
                            .findFirst();
            // Two entries may lead to one provider, and a record may come again.
            int more = waits.filter(each -> each.getKey().equals(message)).isPresent() ? 0 : 1;
            List<GatheredAlert> all = gatheredForOthers(provider);
            all.add(
                    new GatheredAlert(
                            provider,
                            message,
                            alert,
                            waits.map(GatheredAlert::getSince).orElse(at),
                            at,
                            waits.map(each -> each.getMessages() + more).orElse(1)));
            return all;
        }

        private List<GatheredAlert> gatheredForOthers(String provider) {
            List<GatheredAlert> all = new ArrayList<>(now.getGathered());
            all.removeIf(each -> each.getProvider().equals(provider));
            return all;
        }

        private List<ToldAtOnce> atOnceWith(String provider) {
            Instant at = next(provider);
            List<ToldAtOnce> all = new ArrayList<>(now.getAtOnce());
            all.removeIf(
                    each ->
                            each.getProvider().equals(provider)
                                    || each.getAt().isBefore(at.minus(KEPT)));
            all.add(new ToldAtOnce(provider, at));
            return all;
        }

        /** How far digests of this provider have told of the canary. */
        private Instant until(String provider) {
            return Gathered.until(kept.known(), Gathered.record(canary, provider), canary);
        }

        /** Later than all that the provider was or is to be told of it, whatever a clock says. */
        private Instant next(String provider) {
            Stream<Instant> gathered =
                    now.getGathered().stream()
                            .filter(each -> each.getProvider().equals(provider))
                            .map(GatheredAlert::getAt);
            Stream<Instant> atOnce =
                    now.getAtOnce().stream()
                            .filter(each -> each.getProvider().equals(provider))
                            .map(ToldAtOnce::getAt);
            return Gathered.next(
                    clock.instant(),
                    Stream.of(gathered, atOnce, Stream.of(until(provider)))
                            .flatMap(each -> each)
                            .max(Instant::compareTo));
        }

        private List<DeliveredAlert> deliveredWith(String key, AlertResults.Outcome outcome) {
            var at = clock.instant();
            List<DeliveredAlert> all = new ArrayList<>(now.getDelivered());
            all.removeIf(told -> told.getAt().isBefore(at.minus(KEPT)));
            all.add(new DeliveredAlert(key, at, outcome.word()));
            return last(all, MOST);
        }

        private @Nullable LastSaid saidTo(String receiver, Saying saying) {
            LastSaid last = now.getLast();
            if (saying.words().isEmpty()) {
                return last;
            }
            if (last == null || !saying.repeats(last)) {
                return new LastSaid(
                        saying.words(), saying.sequence(), saying.at(), List.of(receiver));
            }
            List<String> receivers = new ArrayList<>(last.getReceivers());
            receivers.add(receiver);
            return new LastSaid(last.getWords(), saying.sequence(), last.getAt(), receivers);
        }

        /** The keys of trouble that this receiver was told and that is not over. */
        List<String> incidents(String receiver) {
            return now.getIncidents().stream()
                    .filter(each -> each.getReceiver().equals(receiver))
                    .map(OpenIncident::getKey)
                    .toList();
        }

        /** Notes one more, of the last fifty. */
        void opened(String receiver, String key) throws InterruptedException {
            if (!incidents(receiver).contains(key)) {
                List<OpenIncident> all = new ArrayList<>(now.getIncidents());
                all.add(new OpenIncident(receiver, key));
                keep(
                        AlertDeliveries.newBuilder(now)
                                .setIncidents(last(all, MOST_INCIDENTS))
                                .build());
            }
        }

        void closed(String receiver, String key) throws InterruptedException {
            List<OpenIncident> all = new ArrayList<>(now.getIncidents());
            all.removeIf(each -> each.equals(new OpenIncident(receiver, key)));
            keep(AlertDeliveries.newBuilder(now).setIncidents(all).build());
        }

        /** Commits of earlier runs whose status there is not their last one. */
        List<OpenCommit> commitsBefore(String receiver, String uid, long run) {
            return now.getCommits().stream()
                    .filter(each -> each.getReceiver().equals(receiver) && each.getRun() < run)
                    .filter(each -> isOf(each, uid))
                    .toList();
        }

        /** Notes one more, of the last twenty; what is of a former Canary of the name is over. */
        void commitOpened(OpenCommit commit) throws InterruptedException {
            if (!now.getCommits().contains(commit)) {
                List<OpenCommit> all = commitsBut(commit);
                all.removeIf(each -> !isOf(each, commit.getUid()));
                all.add(commit);
                keep(AlertDeliveries.newBuilder(now).setCommits(last(all, MOST_COMMITS)).build());
            }
        }

        /** Another revision came, and it was told so. */
        void commitClosed(OpenCommit commit) throws InterruptedException {
            keep(AlertDeliveries.newBuilder(now).setCommits(commitsBut(commit)).build());
        }

        private List<OpenCommit> commitsBut(@Nullable OpenCommit commit) {
            List<OpenCommit> all = new ArrayList<>(now.getCommits());
            all.removeIf(
                    each ->
                            commit != null
                                    && isOf(
                                            each,
                                            commit.getReceiver(),
                                            commit.getUid(),
                                            commit.getRun()));
            return all;
        }

        /** True where the commit of this run has a status there that is not its last one. */
        boolean hasCommit(String receiver, String uid, long run) {
            return now.getCommits().stream().anyMatch(each -> isOf(each, receiver, uid, run));
        }

        /** Its last status could not be set. */
        void commitGivenUp(String receiver, String uid, long run) throws InterruptedException {
            var commit = new OpenCommit(receiver, run, "", uid);
            keep(
                    AlertDeliveries.newBuilder(now)
                            .setCommits(commitsBut(commit))
                            .setEnded(endedWith(commit))
                            .build());
        }

        /** True where the commit of this run is told no status there but its last one. */
        boolean hasEnded(String receiver, String uid, long run) {
            return now.getEnded().contains(new EndedCommit(receiver, run, uid));
        }

        private List<EndedCommit> endedWith(@Nullable OpenCommit commit) {
            List<EndedCommit> all = new ArrayList<>(now.getEnded());
            if (commit != null) {
                all.removeIf(each -> each.getReceiver().equals(commit.getReceiver()));
                all.add(new EndedCommit(commit.getReceiver(), commit.getRun(), commit.getUid()));
            }
            return last(all, MOST_COMMITS);
        }

        private static boolean isOf(OpenCommit commit, String receiver, String uid, long run) {
            return commit.getReceiver().equals(receiver)
                    && commit.getRun() == run
                    && isOf(commit, uid);
        }

        /** A release that did not say the UID is taken to mean this one. */
        private static boolean isOf(OpenCommit commit, String uid) {
            return commit.getUid().isEmpty() || commit.getUid().equals(uid);
        }

        /** What this receiver did not take since it took something last. */
        List<MissedAlert> missed(String receiver) {
            return now.getMissed().stream()
                    .filter(each -> each.getReceiver().equals(receiver))
                    .toList();
        }

        /** True where this pager waits for something that it is told late. */
        boolean owes(String receiver) {
            return missed(receiver).stream().anyMatch(each -> each.getAlert() != null);
        }

        /** The same without what a digest has told, which it has taken. */
        List<MissedAlert> untold(Receiver receiver) {
            List<MissedAlert> all = missed(receiver.name());
            if (!receiver.gathers()) {
                return all;
            }
            var known = kept.known().get(Gathered.record(canary, receiver.provider()));
            if (known != null && known.getDigest() != null) {
                return all;
            }
            Instant until = until(receiver.provider());
            return all.stream().filter(each -> each.getAt().isAfter(until)).toList();
        }

        /**
         * Notes that it did not take this. Where it has a digest, that is the newest state there is
         * to tell.
         *
         * @param message names it for a digest
         * @param late it is told all of it late, not only its text
         */
        void missed(Receiver receiver, String key, String message, ChatAlert alert, boolean late)
                throws InterruptedException {
            Instant at = receiver.gathers() ? next(receiver.provider()) : clock.instant();
            List<MissedAlert> all = new ArrayList<>(now.getMissed());
            all.removeIf(
                    each ->
                            each.getReceiver().equals(receiver.name())
                                    && key.equals(each.getKey()));
            all.add(
                    new MissedAlert(
                            receiver.name(), alert.getMessage(), at, key, late ? alert : null));
            keep(
                    AlertDeliveries.newBuilder(now)
                            .setMissed(last(all, MOST_MISSED))
                            .setGathered(
                                    receiver.gathers()
                                            ? gatheredWith(receiver.provider(), message, alert, at)
                                            : now.getGathered())
                            .build());
        }

        /** Notes that it took late what it had missed. */
        void toldLate(MissedAlert late) throws InterruptedException {
            List<MissedAlert> all = new ArrayList<>(now.getMissed());
            all.remove(late);
            keep(
                    AlertDeliveries.newBuilder(now)
                            .setDelivered(
                                    deliveredWith(late.getKey(), AlertResults.Outcome.DELIVERED))
                            .setMissed(all)
                            .build());
        }

        /** What it missed is of no interest any more. */
        void forgetMissed(String receiver) throws InterruptedException {
            if (!missed(receiver).isEmpty()) {
                keep(AlertDeliveries.newBuilder(now).setMissed(missedByOthers(receiver)).build());
            }
        }

        /** It took a message that told it of what it missed. */
        private List<MissedAlert> missedByOthers(String receiver) {
            List<MissedAlert> all = new ArrayList<>(now.getMissed());
            all.removeIf(each -> each.getReceiver().equals(receiver));
            return all;
        }

        /** What was released in this run; empty when nobody has looked. */
        Optional<Release> release(long run) {
            return Optional.ofNullable(now.getRelease())
                    .filter(each -> each.getRun() == run)
                    .map(each -> new Release(each.getImages(), each.getCommit()));
        }

        void released(long run, Release release) throws InterruptedException {
            keep(
                    AlertDeliveries.newBuilder(now)
                            .setRelease(new ReleasedTarget(run, release.images(), release.commit()))
                            .build());
        }

        /** The same of an event, of which there are many more. */
        void addEvent(String key) throws InterruptedException {
            List<String> all = new ArrayList<>(now.getEvents());
            all.add(key);
            keep(AlertDeliveries.newBuilder(now).setEvents(last(all, MOST_EVENTS)).build());
        }

        private void keep(AlertDeliveries next) throws InterruptedException {
            AlertDeliveries open = next;
            if (!next.getGathered().isEmpty()) {
                // What a digest told would be looked at for ever.
                List<GatheredAlert> waiting = new ArrayList<>(next.getGathered());
                waiting.removeIf(each -> !each.getAt().isAfter(until(each.getProvider())));
                open = AlertDeliveries.newBuilder(next).setGathered(waiting).build();
            }
            kept.put(canary, open);
            now = open;
        }
    }

    private static <T> List<T> last(List<T> all, int most) {
        return List.copyOf(all.subList(Math.max(0, all.size() - most), all.size()));
    }
}
