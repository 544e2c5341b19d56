package dev.serinus.analysis.stream;

import static java.util.Objects.requireNonNullElseGet;

import dev.serinus.analysis.fleet.HeardClusters.Signs;
import dev.serinus.analysis.journal.Decision;
import dev.serinus.analysis.journal.StoredRollout;
import dev.serinus.analysis.records.Inputs;
import dev.serinus.analysis.records.Outputs;
import dev.serinus.analysis.records.PermitRecords;
import dev.serinus.analysis.rollout.Effect;
import dev.serinus.analysis.rollout.Rollout;
import dev.serinus.analysis.rollout.gate.Claim;
import dev.serinus.analysis.rollout.gate.FleetRules;
import dev.serinus.analysis.rules.FleetConfig;
import dev.serinus.analysis.stream.Clusters.Sharing;
import dev.serinus.analysis.telemetry.DecisionMetrics;
import dev.serinus.schemas.canary.Weight;
import dev.serinus.schemas.events.Change;
import dev.serinus.schemas.events.RolloutEvent;
import dev.serinus.schemas.events.TimerFired;
import dev.serinus.schemas.runtime.Trouble;
import dev.serinus.schemas.telemetry.EventLine;
import dev.serinus.schemas.topic.CanaryKey;
import dev.serinus.schemas.topic.TopicKind;

import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;
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
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Decides for the canaries of one task: loads, asks the machine, keeps, and hands out what follows.
 */
final class DecisionStore {

    private static final Logger log = LoggerFactory.getLogger(DecisionStore.class);

    /** A name of its own: at a terminal these lines are all that is wanted. */
    private static final Logger decisions = LoggerFactory.getLogger("dev.serinus.decisions");

    private final ReadThrough<CanaryKey, StoredRollout> rollouts;
    private final DecisionWriter writer;
    private final Consumer<OutgoingRecord> out;
    private final SizeLimits limits;
    private final String changelog;
    private final DecisionMetrics metrics;
    private final InstantSource time;
    private final Clusters clusters;
    private final Supplier<FleetConfig> fleet;
    private final SilenceSource silence;
    private final DueTimes due = new DueTimes();
    private final Set<CanaryKey> canaries = new HashSet<>();
    private final Set<CanaryKey> postponed = new HashSet<>();

    /** Those that have a place in a budget. */
    private final Set<CanaryKey> holders = new HashSet<>();

    /** Clusters that budgets cover and that have no topics for them. */
    private final Set<String> ungoverned = new HashSet<>();

    /** When holders last said that they are there; at a start that is to be done at once. */
    private Instant saidAgain = Instant.EPOCH;

    /** When something came last from each cluster; of those not in it nothing came yet. */
    private final Map<String, Instant> heard = new HashMap<>();

    /** From then on it can be known that a cluster is silent. */
    private final Instant listening;

    private boolean built;

    /**
     * When the watcher last said something of a canary; after a start the time of the last
     * decision, since what it was about is not kept.
     */
    private final Map<CanaryKey, Instant> told = new HashMap<>();

    /** By which every canary was told what is asked of it; null where some were not. */
    private @Nullable FleetConfig ruledBy;

    DecisionStore(
            KeyValueStore<CanaryKey, StoredRollout> rollouts,
            DecisionWriter writer,
            Consumer<OutgoingRecord> out,
            SizeLimits limits,
            String changelog,
            DecisionMetrics metrics,
            InstantSource time,
            Clusters clusters,
            Supplier<FleetConfig> fleet,
            SilenceSource silence) {
        this.rollouts = new ReadThrough<>(rollouts);
        this.writer = writer;
        this.out = out;
        this.limits = limits;
        this.changelog = changelog;
        this.metrics = metrics;
        this.time = time;
        this.clusters = clusters;
        this.fleet = fleet;
        this.silence = silence;
        listening = time.instant();
        try (var all = rollouts.all()) {
            all.forEachRemaining(
                    kept -> {
                        if (!kept.value.rollout().gone()) {
                            remember(kept.value.rollout());
                            told.put(kept.key, kept.value.at());
                        }
                    });
        }
        built = true;
    }

    DueTimes due() {
        return due;
    }

    /**
     * Decides upon a fact, and upon what the installation asks of a canary that was not known
     * before.
     */
    InputResult take(CanaryKey canary, SpecificRecord input, ReceivedRecord arrival) {
        if (Inputs.isOfCluster(input)) {
            heard.put(canary.cluster(), time.instant());
        }
        // First what is asked of it by now, since that changes with time as well; whoever was not
        // known is told afterwards. Rules that cannot be told are looked at with what comes next.
        var before = rule(canary, fleet.get());
        var taken = decide(canary, input, arrival);
        var ruled = taken instanceof InputResult.Later ? taken : rule(canary, fleet.get());
        boolean todo = before instanceof InputResult.Todo || ruled instanceof InputResult.Todo;
        return todo && !(taken instanceof InputResult.Later) ? new InputResult.Todo() : taken;
    }

    /** Tells every canary what the installation asks of it by now, where that is something else. */
    InputResult rule() {
        var config = fleet.get();
        if (config.equals(ruledBy) && ungoverned.isEmpty()) {
            return new InputResult.Quiet();
        }
        boolean todo = false;
        boolean later = false;
        for (CanaryKey canary : List.copyOf(canaries)) {
            var ruled =
                    isConcerned(canary, config) ? rule(canary, config) : new InputResult.Quiet();
            todo |= ruled instanceof InputResult.Todo;
            later |= ruled instanceof InputResult.Later || isUnsure(canary, config);
        }
        ruledBy = later ? null : config;
        return todo ? new InputResult.Todo() : new InputResult.Quiet();
    }

    /** True where every canary was told what was asked of it when that was looked at last. */
    boolean isRuled() {
        return ruledBy != null && ungoverned.isEmpty();
    }

    /** Whoever rests is told of other freezes with what ends the rest. */
    private boolean isConcerned(CanaryKey canary, FleetConfig config) {
        StoredRollout kept = rollouts.get(canary);
        return kept != null
                && (kept.rollout().due().isPresent()
                        || !kept.rollout()
                                .rules()
                                .budgets()
                                .equals(asked(kept, canary, config).budgets()));
    }

    private FleetRules asked(StoredRollout kept, CanaryKey canary, FleetConfig config) {
        return config.rules(canary, kept.rollout().manifest().labels(), time.instant());
    }

    /** Budgets cover it of which it cannot be told yet. */
    private boolean isUnsure(CanaryKey canary, FleetConfig config) {
        StoredRollout kept = rollouts.get(canary);
        return kept != null
                && !asked(kept, canary, config).budgets().isEmpty()
                && clusters.sharing(canary.cluster()) == Sharing.UNKNOWN;
    }

    private InputResult rule(CanaryKey canary, FleetConfig config) {
        StoredRollout kept = rollouts.get(canary);
        if (kept == null || !kept.isKnown() || kept.rollout().gone()) {
            return new InputResult.Quiet();
        }
        var asked = asked(kept, canary, config);
        var sharing = asked.budgets().isEmpty() ? Sharing.POSSIBLE : sharing(canary.cluster());
        var had = kept.rollout().rules();
        // Freezes need nobody's answer: the budgets stay as they were until it is known.
        var rules =
                switch (sharing) {
                    case POSSIBLE -> asked;
                    case IMPOSSIBLE -> asked.withoutBudgets();
                    case UNKNOWN -> asked.withBudgets(had.budgets());
                };
        if (had.equals(rules)) {
            return sharing == Sharing.UNKNOWN
                    ? new InputResult.Later("its cluster is not known to be complete")
                    : new InputResult.Quiet();
        }
        return decide(
                canary,
                PermitRecords.rules(rules),
                ofOurOwn(canary, "fleet-rules", time.instant()));
    }

    /** A cluster without the topics goes on without budgets, and not without decisions. */
    private Sharing sharing(String cluster) {
        var sharing = clusters.sharing(cluster);
        if (sharing == Sharing.IMPOSSIBLE && ungoverned.add(cluster)) {
            log.atError()
                    .addKeyValue("cluster", cluster)
                    .addKeyValue("missing", TopicKind.PERMITS.name(cluster))
                    .addKeyValue("or", TopicKind.PERMIT_JOURNAL.name(cluster))
                    .log(
                            "no budget holds for a cluster before its topics for them are created:"
                                    + " deploy/serinus topics apply makes them");
        } else if (sharing == Sharing.POSSIBLE && ungoverned.remove(cluster)) {
            log.atInfo().addKeyValue("cluster", cluster).log("its topics for budgets are there");
        }
        return sharing;
    }

    /** What cannot be decided or written leaves the rollout as it was. */
    private InputResult decide(CanaryKey canary, SpecificRecord input, ReceivedRecord arrival) {
        StoredRollout before =
                requireNonNullElseGet(rollouts.get(canary), () -> StoredRollout.nothing(canary));
        Decision decision;
        List<OutgoingRecord> records;
        try {
            decision = Decision.on(before, input, time.instant());
            records = decision.concernsNobody() ? List.of() : records(canary, decision);
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
        heard.put(listing.cluster(), time.instant());
        if (listing.isOfNobody()) {
            return new InputResult.Quiet();
        }
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

    /**
     * What is said to others that share its budgets has nowhere to go where these topics went.
     * Nothing waits for that: who waits in a line asks again, and who is silent is dropped.
     */
    private List<OutgoingRecord> records(CanaryKey canary, Decision decision) {
        var records = writer.of(decision);
        return records.stream().noneMatch(OutgoingRecord::toScope)
                        || clusters.sharing(canary.cluster()) == Sharing.POSSIBLE
                ? records
                : records.stream().filter(record -> !record.toScope()).toList();
    }

    /**
     * Says for each that has a place in a budget that it is there; true where there are any. Nobody
     * speaks for one that waits for its cluster, when that is silent itself.
     */
    boolean sayAgain() {
        saidAgain = time.instant();
        boolean said = false;
        for (CanaryKey canary : holders) {
            StoredRollout kept = rollouts.get(canary);
            if (kept == null || isCutOff(kept.rollout())) {
                continue;
            }
            Rollout rollout = kept.rollout();
            var again = rollout.saidAgain();
            if (!again.isEmpty() && clusters.sharing(canary.cluster()) == Sharing.POSSIBLE) {
                again.forEach(effect -> say(canary, rollout.uid(), effect));
                said = true;
            }
        }
        return said;
    }

    /** Signs of life go to one partition of a cluster; where they come they count in all. */
    private boolean isCutOff(Rollout rollout) {
        String cluster = rollout.canary().cluster();
        if (silence.of(cluster) == Signs.COME) {
            heard.put(cluster, time.instant());
        }
        var last = heard.getOrDefault(cluster, listening);
        return rollout.waitsForCluster() && time.instant().isAfter(last.plus(Claim.UNHEARD_AFTER));
    }

    private void say(CanaryKey canary, String uid, Effect effect) {
        try {
            out.accept(writer.saidAgain(canary, uid, effect));
        } catch (RuntimeException trouble) {
            if (!Trouble.passes(trouble)) {
                throw trouble;
            }
            log.atWarn()
                    .addKeyValue("canary", canary)
                    .addKeyValue("because", Trouble.reason(trouble))
                    .log("a rollout could not say that it has its place: it does so later");
        }
    }

    /** When it is to be said again; empty where nobody has a place. */
    Optional<Instant> saysAgainAt() {
        return holders.isEmpty()
                ? Optional.empty()
                : Optional.of(saidAgain.plus(Claim.SAID_AGAIN_AFTER));
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
                metrics.due(each.at());
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
                .log("a timer waits");
    }

    /** True when timers wait, as for a schema. */
    boolean hasPostponed() {
        return !postponed.isEmpty();
    }

    /** Makes the timers due again that waited. */
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
            if (rollout.mayReturn()) {
                rollouts.put(canary, decision.after());
            } else {
                rollouts.delete(canary);
            }
            due.set(canary, null);
            canaries.remove(canary);
            holders.remove(canary);
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
        if (rollout.saidAgain().isEmpty()) {
            holders.remove(rollout.canary());
        } else if (holders.add(rollout.canary()) && holders.size() == 1 && built) {
            saidAgain = time.instant();
        }
        if (canaries.add(rollout.canary())) {
            metrics.known(rollout);
        }
    }

    private static ReceivedRecord timer(DueTimes.Due due) {
        return ofOurOwn(due.canary(), "timers", due.at());
    }

    /** What comes from no topic, but is decided upon as if it did. */
    private static ReceivedRecord ofOurOwn(CanaryKey canary, String what, Instant at) {
        String topic = "serinus.%s.%s".formatted(canary.cluster(), what);
        return new ReceivedRecord(topic, -1, -1, at.toEpochMilli(), null, null).about(canary);
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
