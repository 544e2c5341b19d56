package dev.serinus.analysis.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNullElseGet;

import dev.serinus.analysis.journal.Decision;
import dev.serinus.analysis.journal.Kept;
import dev.serinus.analysis.rollout.Rollout;
import dev.serinus.analysis.telemetry.DecisionMetrics;
import dev.serinus.schemas.events.TimerFired;
import dev.serinus.schemas.runtime.Trouble;
import dev.serinus.schemas.topic.CanaryKey;

import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.streams.state.KeyValueStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Decides for the canaries of one task: loads, asks the machine, keeps, and hands out what follows.
 */
final class Desk {

    private static final Logger log = LoggerFactory.getLogger(Desk.class);

    private final KeyValueStore<CanaryKey, Kept> rollouts;
    private final Outbound outbound;
    private final Consumer<Outgoing> out;
    private final DecisionMetrics metrics;
    private final InstantSource time;
    private final DueTimes due = new DueTimes();
    private final Set<CanaryKey> canaries = new HashSet<>();

    Desk(
            KeyValueStore<CanaryKey, Kept> rollouts,
            Outbound outbound,
            Consumer<Outgoing> out,
            DecisionMetrics metrics,
            InstantSource time) {
        this.rollouts = rollouts;
        this.outbound = outbound;
        this.out = out;
        this.metrics = metrics;
        this.time = time;
        try (var all = rollouts.all()) {
            all.forEachRemaining(kept -> remember(kept.value.rollout()));
        }
    }

    DueTimes due() {
        return due;
    }

    /** Decides upon a fact; true when something is to be done about it. */
    boolean take(CanaryKey canary, SpecificRecord input, Arrival arrival) {
        long began = System.nanoTime(); // measures our own work, decides nothing
        Kept before = requireNonNullElseGet(rollouts.get(canary), () -> Kept.nothing(canary));
        Decision decision;
        try {
            decision = Decision.on(before, input, time.instant());
        } catch (RuntimeException ours) {
            log.atError()
                    .setCause(ours)
                    .addKeyValue("canary", canary)
                    .addKeyValue("input", input.getSchema().getName())
                    .log("a decision failed, which is a bug: the rollout stays as it was");
            setAside(arrival, "the decision failed: " + Trouble.reason(ours));
            return true;
        }
        if (decision.concernsNobody()) {
            return false;
        }
        keep(canary, decision);
        outbound.of(decision).forEach(out);
        metrics.decided(decision, arrival.producedAt(), System.nanoTime() - began);
        report(canary, input, decision);
        return !decision.effects().isEmpty();
    }

    /** Decides upon all that is due; true when something is to be done about it. */
    boolean fire() {
        boolean todo = false;
        for (DueTimes.Due each : due.take(time.instant())) {
            Kept kept = rollouts.get(each.canary());
            if (kept != null) {
                var timer = new TimerFired(kept.rollout().await().step(), each.at());
                todo |= take(each.canary(), timer, timer(each));
                // One that nobody waited for, as while the rollout is held, is spent all the same:
                // the canary's next event sets it again if it is still wanted.
                due.clear(each);
            }
        }
        return todo;
    }

    /** Puts a record where people look for it, instead of stopping. */
    void setAside(Arrival arrival, String reason) {
        metrics.setAside(arrival.topic());
        out.accept(
                outbound.deadLetter(
                        arrival.cluster(),
                        arrival.key(),
                        arrival.setAside(reason, time.instant())));
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
            metrics.forgotten(canary);
        } else {
            rollouts.put(canary, decision.after());
            remember(rollout);
        }
    }

    private void remember(Rollout rollout) {
        due.set(rollout.canary(), rollout.due().orElse(null));
        if (canaries.add(rollout.canary())) {
            metrics.known(rollout);
        }
    }

    private static Arrival timer(DueTimes.Due due) {
        CanaryKey canary = due.canary();
        return new Arrival(
                "serinus." + canary.cluster() + ".timers",
                -1,
                -1,
                due.at().toEpochMilli(),
                canary.toString().getBytes(UTF_8),
                null);
    }

    private static void report(CanaryKey canary, SpecificRecord input, Decision decision) {
        Rollout rollout = decision.after().rollout();
        List<String> effects =
                decision.effects().stream()
                        .map(effect -> effect.getClass().getSimpleName())
                        .toList();
        (decision.matters() ? log.atInfo() : log.atDebug())
                .addKeyValue("canary", canary)
                .addKeyValue("run", rollout.run().number())
                .addKeyValue("step", rollout.counters().step())
                .addKeyValue("phase", rollout.phase().text())
                .addKeyValue("stage", rollout.await().stage())
                .addKeyValue("number", decision.after().number())
                .addKeyValue("input", input.getSchema().getName())
                .addKeyValue("effects", effects)
                .log("decided");
    }
}
