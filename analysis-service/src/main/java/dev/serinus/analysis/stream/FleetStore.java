package dev.serinus.analysis.stream;

import static java.util.Objects.requireNonNullElse;

import dev.serinus.analysis.fleet.HeardClusters.Signs;
import dev.serinus.analysis.journal.FleetDecision;
import dev.serinus.analysis.journal.StoredFleet;
import dev.serinus.analysis.permit.Fleet;
import dev.serinus.analysis.permit.Holder;
import dev.serinus.analysis.permit.SilentCluster;
import dev.serinus.analysis.records.PermitRecords;
import dev.serinus.analysis.telemetry.DecisionMetrics;
import dev.serinus.schemas.events.Permit;
import dev.serinus.schemas.runtime.Trouble;
import dev.serinus.schemas.topic.CanaryKey;

import org.apache.kafka.streams.state.KeyValueStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Decides for the scopes of one task: loads, asks the machine, keeps, and hands out what follows.
 * One writer for each scope: its key puts all that is said to it on one task, whichever cluster
 * said it.
 */
final class FleetStore {

    private static final Logger log = LoggerFactory.getLogger(FleetStore.class);

    private final ReadThrough<String, StoredFleet> fleets;
    private final DecisionWriter writer;
    private final Consumer<OutgoingRecord> out;
    private final BiFunction<ReceivedRecord, String, InputResult> setAside;
    private final Clusters clusters;
    private final SizeLimits limits;
    private final String changelog;
    private final DecisionMetrics metrics;
    private final InstantSource time;
    private final SilenceSource silence;
    private final Set<String> scopes = new HashSet<>();

    /** Those in which somebody runs or waits; asked for with each record. */
    private final Set<String> busy = new HashSet<>();

    private boolean silenceWasKnown;

    FleetStore(
            KeyValueStore<String, StoredFleet> fleets,
            DecisionWriter writer,
            Consumer<OutgoingRecord> out,
            BiFunction<ReceivedRecord, String, InputResult> setAside,
            Clusters clusters,
            SizeLimits limits,
            String changelog,
            DecisionMetrics metrics,
            InstantSource time,
            SilenceSource silence) {
        this.fleets = new ReadThrough<>(fleets);
        this.writer = writer;
        this.out = out;
        this.setAside = setAside;
        this.clusters = clusters;
        this.limits = limits;
        this.changelog = changelog;
        this.metrics = metrics;
        this.time = time;
        this.silence = silence;
        try (var all = fleets.all()) {
            all.forEachRemaining(
                    kept -> {
                        remember(kept.key, kept.value.fleet());
                        metrics.known(kept.key, kept.value.fleet());
                    });
        }
    }

    /** Decides upon what a rollout says. What cannot be written leaves the scope as it was. */
    InputResult take(Permit said, ReceivedRecord arrival) {
        String scope = said.getScope();
        switch (clusters.sharing(arrival.cluster())) {
            case POSSIBLE -> {}
            case IMPOSSIBLE -> {
                return setAside.apply(arrival, "its cluster has no permit-journal");
            }
            case UNKNOWN -> {
                return new InputResult.Later("it is not known whether its cluster is complete");
            }
        }
        silenceWasKnown = silenceWasKnown || silence.silent().isPresent();
        if (!silenceWasKnown) {
            return new InputResult.Later("it is not known yet which clusters are silent");
        }
        // First what is known of clusters by now: nobody is to go on upon the last word of one.
        boolean told = look(scope);
        var decided = decide(said, arrival.cluster(), reason -> setAside.apply(arrival, reason));
        // Where there was nobody, nothing was told.
        boolean toldAfter = look(scope);
        return decided instanceof InputResult.Quiet && (told || toldAfter)
                ? new InputResult.Todo()
                : decided;
    }

    /** Tells all scopes which clusters are silent by now; true where something follows. */
    boolean look() {
        boolean todo = false;
        for (String scope : List.copyOf(busy)) {
            todo |= look(scope);
        }
        return todo;
    }

    /** True while somebody runs or waits, to whom silence matters. */
    boolean hasSomebody() {
        return !busy.isEmpty();
    }

    private void remember(String scope, Fleet fleet) {
        scopes.add(scope);
        if (fleet.isEmpty()) {
            busy.remove(scope);
        } else {
            busy.add(scope);
        }
    }

    private Fleet fleet(String scope) {
        return requireNonNullElse(fleets.get(scope), StoredFleet.NOTHING).fleet();
    }

    private boolean look(String scope) {
        var now = silence.silent();
        if (!busy.contains(scope) || now.isEmpty()) {
            return false;
        }
        var fleet = fleet(scope);
        boolean todo = false;
        for (Permit news : news(scope, fleet, now.get())) {
            var journal = journal(CanaryKey.parse(news.getCanary()).cluster(), fleet);
            if (journal.isEmpty()) {
                continue; // nobody can write it down yet
            }
            var decided = decide(news, journal.get(), because -> new InputResult.Later(because));
            todo |= decided instanceof InputResult.Todo;
        }
        return todo;
    }

    /**
     * What a scope is not told yet. That a cluster is silent holds until it is known that it is
     * not: after a start its last sign may not be found any more.
     */
    private List<Permit> news(String scope, Fleet fleet, List<SilentCluster> silent) {
        var known = fleet.silentClusters();
        return Stream.concat(
                        known.stream()
                                .map(SilentCluster::cluster)
                                .filter(one -> silent.stream().noneMatch(it -> it.is(one)))
                                .filter(one -> silence.of(one) != Signs.UNKNOWN)
                                .map(one -> PermitRecords.silence(scope, one, null)),
                        silent.stream()
                                .filter(one -> known.stream().noneMatch(it -> it.is(one.cluster())))
                                .map(
                                        one ->
                                                PermitRecords.silence(
                                                        scope, one.cluster(), one.heard())))
                .toList();
    }

    /**
     * Where it is written down: with the cluster, or where that is gone with one of those there.
     */
    private Optional<String> journal(String cluster, Fleet fleet) {
        return Stream.concat(Stream.of(cluster), fleet.clusters().stream())
                .filter(one -> clusters.sharing(one) == Clusters.Sharing.POSSIBLE)
                .findFirst();
    }

    /**
     * @param cluster in whose journal it is written
     * @param failed what becomes of what cannot be decided or written
     */
    private InputResult decide(Permit said, String cluster, Function<String, InputResult> failed) {
        String scope = said.getScope();
        StoredFleet before = requireNonNullElse(fleets.get(scope), StoredFleet.NOTHING);
        FleetDecision decision;
        List<OutgoingRecord> records;
        try {
            decision = FleetDecision.on(before, said, time.instant());
            records = records(decision, cluster);
        } catch (RuntimeException trouble) {
            if (Trouble.passes(trouble)) {
                return new InputResult.Later(Trouble.reason(trouble));
            }
            log.atError()
                    .setCause(trouble)
                    .addKeyValue("scope", scope)
                    .addKeyValue("canary", said.getCanary())
                    .log("a decision about permits failed, which is a bug: they stay as they were");
            return failed.apply("the decision failed: " + Trouble.reason(trouble));
        }
        Optional<String> excess = excess(scope, decision, records);
        if (excess.isPresent()) {
            log.atError()
                    .addKeyValue("scope", scope)
                    .addKeyValue("canary", said.getCanary())
                    .addKeyValue("because", excess.get())
                    .log("a decision about permits is too large: they stay as they were");
            return failed.apply(excess.get());
        }
        remember(scope, decision.after().fleet());
        fleets.put(scope, decision.after()); // also of one that is empty, for its number
        records.forEach(out);
        metrics.decided(scope, decision);
        decision.unheard().forEach(holder -> dropped(scope, holder));
        log.atDebug()
                .addKeyValue("scope", scope)
                .addKeyValue("canary", said.getCanary())
                .addKeyValue("number", decision.after().number())
                .addKeyValue("running", decision.after().fleet().running().size())
                .addKeyValue("waiting", decision.after().fleet().line().size())
                .log("permits decided");
        return decision.effects().isEmpty() ? new InputResult.Quiet() : new InputResult.Todo();
    }

    private static void dropped(String scope, Holder holder) {
        log.atWarn()
                .addKeyValue("scope", scope)
                .addKeyValue("canary", holder.canary())
                .addKeyValue("since", holder.since())
                .addKeyValue("heard", holder.heard())
                .log("nothing was heard of a rollout: others take its place");
    }

    void leave() {
        scopes.forEach(metrics::forgotten);
    }

    /**
     * An answer to a cluster whose topics went meanwhile would abort every transaction: its
     * rollouts ask again.
     */
    private List<OutgoingRecord> records(FleetDecision decision, String cluster) {
        return Stream.concat(
                        Stream.of(writer.entry(decision, cluster)),
                        decision.effects().stream()
                                .filter(
                                        effect ->
                                                clusters.sharing(
                                                                CanaryKey.parse(effect.canary())
                                                                        .cluster())
                                                        == Clusters.Sharing.POSSIBLE)
                                .map(effect -> writer.answer(decision, effect)))
                .toList();
    }

    private Optional<String> excess(
            String scope, FleetDecision decision, List<OutgoingRecord> records) {
        int state = SizeLimits.size(scope, decision.stateBytes());
        return state > limits.of(changelog)
                ? Optional.of(
                        "%d bytes of those that run and wait do not fit into %s, which takes %d"
                                .formatted(state, changelog, limits.of(changelog)))
                : records.stream()
                        .filter(record -> !limits.fits(record))
                        .map(record -> "a record for %s is too large".formatted(record.topic()))
                        .findFirst();
    }
}
