package dev.serinus.analysis.stream;

import static java.util.Objects.requireNonNullElseGet;

import dev.serinus.analysis.journal.Decision;
import dev.serinus.analysis.journal.StoredRollout;
import dev.serinus.analysis.records.Outputs;
import dev.serinus.analysis.rollout.Effect;
import dev.serinus.analysis.rollout.Rollout;
import dev.serinus.analysis.telemetry.DecisionMetrics;
import dev.serinus.schemas.canary.Weight;
import dev.serinus.schemas.events.Change;
import dev.serinus.schemas.events.RolloutEvent;
import dev.serinus.schemas.events.TimerFired;
import dev.serinus.schemas.runtime.Trouble;
import dev.serinus.schemas.telemetry.EventLine;
import dev.serinus.schemas.topic.CanaryKey;

import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.streams.state.KeyValueStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Decides for the canaries of one task: loads, asks the machine, keeps, and hands out what follows.
 */
final class DecisionStore {

    private static final Logger log = LoggerFactory.getLogger(DecisionStore.class);

    /** A name of its own: at a terminal these lines are all that is wanted. */
    private static final Logger decisions = LoggerFactory.getLogger("dev.serinus.decisions");

    private final ReadThrough rollouts;
    private final DecisionWriter writer;
    private final Consumer<OutgoingRecord> out;
    private final SizeLimits limits;
    private final String changelog;
    private final DecisionMetrics metrics;
    private final InstantSource time;
    private final DueTimes due = new DueTimes();
    private final Set<CanaryKey> canaries = new HashSet<>();
    private final Set<CanaryKey> postponed = new HashSet<>();

    /**
     * When the watcher last said something of a canary; after a start the time of the last
     * decision, since what it was about is not kept.
     */
    private final Map<CanaryKey, Instant> told = new HashMap<>();

    DecisionStore(
            KeyValueStore<CanaryKey, StoredRollout> rollouts,
            DecisionWriter writer,
            Consumer<OutgoingRecord> out,
            SizeLimits limits,
            String changelog,
            DecisionMetrics metrics,
            InstantSource time) {
        this.rollouts = new ReadThrough(rollouts);
        this.writer = writer;
        this.out = out;
        this.limits = limits;
        this.changelog = changelog;
        this.metrics = metrics;
        this.time = time;
        try (var all = rollouts.all()) {
            all.forEachRemaining(
                    kept -> {
                        remember(kept.value.rollout());
                        told.put(kept.key, kept.value.at());
                    });
        }
    }

    DueTimes due() {
        return due;
    }

    /** Decides upon a fact. What cannot be decided or written leaves the rollout as it was. */
    InputResult take(CanaryKey canary, SpecificRecord input, ReceivedRecord arrival) {
        StoredRollout before =
                requireNonNullElseGet(rollouts.get(canary), () -> StoredRollout.nothing(canary));
        Decision decision;
        List<OutgoingRecord> records;
        try {
            decision = Decision.on(before, input, time.instant());
            records = decision.concernsNobody() ? List.of() : writer.of(decision);
        } catch (RuntimeException | StackOverflowError trouble) {
            if (Trouble.passes(trouble)) {
                return new InputResult.Later(Trouble.reason(trouble));
            }
            log.atError()
                    .setCause(trouble)
                    .addKeyValue("canary", canary)
                    .addKeyValue("input", input.getSchema().getName())
                    .log("a decision failed, which is a bug: the rollout stays as it was");
            return setAside(arrival, "the decision failed: " + Trouble.reason(trouble));
        }
        if (decision.concernsNobody()) {
            return new InputResult.Quiet();
        }
        Optional<String> excess = excess(canary, decision, records);
        if (excess.isPresent()) {
            log.atError()
                    .addKeyValue("canary", canary)
                    .addKeyValue("input", input.getSchema().getName())
                    .addKeyValue("because", excess.get())
                    .log("a decision is too large to be written: the rollout stays as it was");
            return setAside(arrival, excess.get());
        }
        keep(canary, decision);
        records.forEach(out);
        metrics.decided(decision, arrival.producedAt());
        report(canary, input, decision);
        return decision.effects().isEmpty() ? new InputResult.Quiet() : new InputResult.Todo();
    }

    /** Decides that the canaries are gone which a list should name and does not. */
    InputResult takeAsGone(CanaryListing listing, ReceivedRecord arrival) {
        var missed =
                canaries.stream()
                        .map(rollouts::get)
                        .map(StoredRollout::rollout)
                        .filter(rollout -> listing.misses(rollout, told.get(rollout.canary())))
                        .toList();
        boolean todo = false;
        for (Rollout rollout : missed) {
            log.atWarn()
                    .addKeyValue("canary", rollout.canary())
                    .log("the Canary went while no watcher looked");
            switch (take(
                    rollout.canary(), listing.gone(rollout), arrival.about(rollout.canary()))) {
                case InputResult.Quiet() -> {}
                case InputResult.Todo() -> todo = true;
                case InputResult.Later later -> {
                    return later; // those that are done are no longer missed then
                }
            }
        }
        return todo ? new InputResult.Todo() : new InputResult.Quiet();
    }

    /** Tells which record of a decision is too large for its topic, the kept state included. */
    private Optional<String> excess(
            CanaryKey canary, Decision decision, List<OutgoingRecord> records) {
        int state = SizeLimits.size(canary.toString(), decision.stateBytes());
        Stream<String> kept =
                state <= limits.of(changelog)
                        ? Stream.empty()
                        : Stream.of(tooLarge(state, changelog));
        return Stream.concat(
                        kept,
                        records.stream()
                                .filter(record -> !limits.fits(record))
                                .map(each -> tooLarge(SizeLimits.size(each), each.topic())))
                .findFirst();
    }

    private String tooLarge(int size, String topic) {
        return "the decision writes a record of %d bytes to %s, which takes %d: make the Canary smaller"
                .formatted(size, topic, limits.of(topic));
    }

    /** Decides upon all that is due; true when something is to be done about it. */
    boolean fire() {
        boolean todo = false;
        for (DueTimes.Due each : due.take(time.instant())) {
            StoredRollout kept = rollouts.get(each.canary());
            if (kept != null) {
                var timer = new TimerFired(kept.rollout().timerStep(), each.at());
                switch (take(each.canary(), timer, timer(each))) {
                    case InputResult.Quiet() -> {}
                    case InputResult.Todo() -> todo = true;
                    case InputResult.Later(var because) -> postpone(each.canary(), because);
                }
                // One that nobody waited for, as while the rollout is held, is spent all the same:
                // the canary's next event sets it again if it is still wanted.
                due.clear(each);
            }
        }
        return todo;
    }

    private void postpone(CanaryKey canary, String because) {
        postponed.add(canary);
        log.atWarn()
                .addKeyValue("canary", canary)
                .addKeyValue("because", because)
                .log("a timer waits for a schema");
    }

    /** True when timers wait for a schema. */
    boolean hasPostponed() {
        return !postponed.isEmpty();
    }

    /** Makes the timers due again that waited for a schema. */
    void resume() {
        for (CanaryKey canary : postponed) {
            StoredRollout kept = rollouts.get(canary);
            if (kept != null) {
                due.set(canary, kept.rollout().due().orElse(null));
            }
        }
        postponed.clear();
    }

    /** Puts a record where people look for it, instead of stopping. */
    InputResult setAside(ReceivedRecord arrival, String reason) {
        OutgoingRecord letter;
        try {
            letter = letter(arrival, reason);
        } catch (RuntimeException trouble) {
            if (Trouble.passes(trouble)) {
                return new InputResult.Later(Trouble.reason(trouble));
            }
            throw trouble;
        }
        out.accept(letter);
        metrics.setAside(arrival.topic());
        return new InputResult.Todo();
    }

    /** The letter that says most among those that are not too large. */
    private OutgoingRecord letter(ReceivedRecord arrival, String reason) {
        List<OutgoingRecord> letters =
                arrival.setAside(reason, time.instant()).stream()
                        .map(letter -> writer.deadLetter(arrival, letter))
                        .toList();
        return letters.stream().filter(limits::fits).findFirst().orElseGet(letters::getLast);
    }

    void leave() {
        canaries.forEach(metrics::forgotten);
    }

    private void keep(CanaryKey canary, Decision decision) {
        Rollout rollout = decision.after().rollout();
        if (rollout.gone()) {
            rollouts.delete(canary);
            due.set(canary, null);
            canaries.remove(canary);
            told.remove(canary);
            metrics.forgotten(canary);
        } else {
            rollouts.put(canary, decision.after());
            remember(rollout);
            if (decision.entry().getInput() instanceof Change change) {
                told.merge(canary, change.getObservedAt(), (a, b) -> a.isAfter(b) ? a : b);
            }
        }
    }

    private void remember(Rollout rollout) {
        due.set(rollout.canary(), rollout.due().orElse(null));
        if (canaries.add(rollout.canary())) {
            metrics.known(rollout);
        }
    }

    private static ReceivedRecord timer(DueTimes.Due due) {
        String topic = "serinus." + due.canary().cluster() + ".timers";
        return new ReceivedRecord(topic, -1, -1, due.at().toEpochMilli(), null, null)
                .about(due.canary());
    }

    private static void report(CanaryKey canary, SpecificRecord input, Decision decision) {
        Rollout rollout = decision.after().rollout();
        List<String> effects =
                decision.effects().stream()
                        .map(effect -> effect.getClass().getSimpleName())
                        .toList();
        log.atDebug()
                .addKeyValue("canary", canary)
                .addKeyValue("run", rollout.run().number())
                .addKeyValue("step", rollout.counters().step())
                .addKeyValue("phase", rollout.shown().text())
                .addKeyValue("stage", rollout.stage().label())
                .addKeyValue("number", decision.after().number())
                .addKeyValue("input", input.getSchema().getName())
                .addKeyValue("effects", effects)
                .log("decided");
        decision.effects().stream()
                .filter(Effect.Happened.class::isInstance)
                .map(effect -> Outputs.record(canary, decision.uid(), effect))
                .forEach(event -> tell((RolloutEvent) event));
    }

    /** What a person at a terminal reads: one sentence for each thing that happened. */
    private static void tell(RolloutEvent event) {
        (EventLine.isTrouble(event) ? decisions.atWarn() : decisions.atInfo())
                .addKeyValue("canary", event.getCanary())
                .addKeyValue("run", event.getRun())
                .addKeyValue("event", event.getType())
                .addKeyValue("phase", event.getPhase())
                .addKeyValue("revision", event.getRevision())
                .addKeyValue("step", event.getStep())
                .addKeyValue(
                        "weight",
                        Weight.recorded(event.getCanaryWeight(), event.getCanaryBasisPoints()))
                .addKeyValue("failedChecks", event.getFailedChecks())
                .addKeyValue("actor", event.getActor())
                .log(EventLine.of(event));
    }
}
