package dev.serinus.cli;

import dev.serinus.analysis.journal.Decision;
import dev.serinus.analysis.journal.StoredRollout;
import dev.serinus.schemas.events.CanaryObserved;
import dev.serinus.schemas.events.Change;
import dev.serinus.schemas.events.JournalEntry;
import dev.serinus.schemas.events.Measurement;
import dev.serinus.schemas.events.MeasurementOutcome;
import dev.serinus.schemas.events.MetricKind;
import dev.serinus.schemas.events.MetricQuery;
import dev.serinus.schemas.events.MetricResult;
import dev.serinus.schemas.events.Role;
import dev.serinus.schemas.events.RolloutSpec;
import dev.serinus.schemas.events.RouterCommand;
import dev.serinus.schemas.events.RouterOutcome;
import dev.serinus.schemas.events.RouterResult;
import dev.serinus.schemas.events.TimerFired;
import dev.serinus.schemas.events.WorkloadObserved;
import dev.serinus.schemas.topic.CanaryKey;

import org.apache.avro.specific.SpecificRecord;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;

/**
 * The journal of one canary over a week: the decisions of the real machine in virtual time, in a
 * cluster in which all is done at once and metrics say what a release is like. Used once.
 */
final class RecordedWeek {

    /** More than the inputs of any week. */
    private static final int MOST_INPUTS = 10_000;

    /**
     * What a release measures.
     *
     * @param revision of its Deployment
     * @param at when it is released
     * @param success share of good answers in percent, give or take {@code scatter}
     * @param millis how long its 99th percentile takes, give or take a tenth
     */
    record Release(String revision, Instant at, double success, double scatter, double millis) {}

    private final CanaryKey canary;
    private final RolloutSpec spec;
    private final Random chance;
    private final List<JournalEntry> journal = new ArrayList<>();
    private final Deque<SpecificRecord> inputs = new ArrayDeque<>();
    private StoredRollout kept;
    private Release released;
    private String primary = "";
    private boolean targetRunning = true;
    private Instant now;

    RecordedWeek(CanaryKey canary, RolloutSpec spec, long seed, Instant begin) {
        this.canary = canary;
        this.spec = spec;
        this.chance = new Random(seed);
        this.kept = StoredRollout.nothing(canary);
        this.now = begin;
        this.released = new Release("v1", begin, 100, 0, 100);
    }

    /** All decisions until the last of these has come to its end. */
    List<JournalEntry> journal(List<Release> releases) {
        inputs.add(
                change(
                        CanaryObserved.newBuilder()
                                .setGeneration(1)
                                .setSpec(spec)
                                .setDeleting(false)
                                .setClaimed(true)
                                .build()));
        inputs.add(seen(Role.TARGET));
        Deque<Release> coming = new ArrayDeque<>(releases);
        while (journal.size() < MOST_INPUTS) {
            SpecificRecord input = inputs.poll();
            if (input != null) {
                take(input);
                continue;
            }
            Instant due = kept.rollout().due().orElse(Instant.MAX);
            Release next = coming.peek();
            if (next != null && next.at().isBefore(due)) {
                released = coming.remove();
                now = next.at();
                inputs.add(seen(Role.TARGET));
            } else if (due.equals(Instant.MAX)) {
                return journal;
            } else {
                now = due;
                inputs.add(
                        TimerFired.newBuilder()
                                .setStep(kept.rollout().timerStep())
                                .setDueAt(due)
                                .build());
            }
        }
        throw new IllegalStateException("the week of " + canary + " does not end");
    }

    private void take(SpecificRecord input) {
        var decision = Decision.on(kept, input, now);
        journal.add(decision.entry());
        kept = decision.after();
        for (SpecificRecord output : decision.outputs()) {
            switch (output) {
                case RouterCommand route -> routed(route);
                case MetricQuery query -> inputs.add(measured(query));
                default -> {}
            }
        }
    }

    private void routed(RouterCommand route) {
        List<SpecificRecord> follows = new ArrayList<>();
        switch (route.getAction()) {
            case INITIALIZE, PROMOTE -> {
                primary = released.revision();
                follows.add(seen(Role.PRIMARY));
            }
            case SCALE, TAKE_OVER -> {
                targetRunning = route.getTargetRunning();
                follows.add(seen(Role.TARGET));
            }
            case SHIFT, RESTORE -> {}
        }
        inputs.add(
                RouterResult.newBuilder()
                        .setCanary(canary.toString())
                        .setStep(route.getStep())
                        .setGeneration(route.getGeneration())
                        .setAction(route.getAction())
                        .setOutcome(RouterOutcome.DONE)
                        .setBecause("")
                        .setCanaryWeight(route.getCanaryWeight())
                        .setMirrored(route.getMirrored())
                        .setWrites(1)
                        .setRevision(primary)
                        .build());
        inputs.addAll(follows);
    }

    private MetricResult measured(MetricQuery query) {
        double success = released.success() - chance.nextDouble() * released.scatter();
        double millis = released.millis() * (0.9 + chance.nextDouble() * 0.2);
        return MetricResult.newBuilder()
                .setCanary(canary.toString())
                .setStep(query.getStep())
                .setGeneration(query.getGeneration())
                .setMeasurements(
                        List.of(
                                measurement(0, "request-success-rate", success),
                                measurement(1, "request-duration", millis)))
                .setAnsweredAt(now)
                .build();
    }

    private static Measurement measurement(int index, String metric, double value) {
        return Measurement.newBuilder()
                .setIndex(index)
                .setMetric(metric)
                .setKind(MetricKind.BUILTIN)
                .setOutcome(MeasurementOutcome.VALUE)
                .setValue(Math.round(value * 100) / 100.0)
                .build();
    }

    private SpecificRecord seen(Role role) {
        boolean runs = role == Role.PRIMARY || targetRunning;
        return change(
                WorkloadObserved.newBuilder()
                        .setRole(role)
                        .setExists(true)
                        .setRevision(role == Role.PRIMARY ? primary : released.revision())
                        .setDesired(runs ? 2 : 0)
                        .setUpdated(runs ? 2 : 0)
                        .setAvailable(runs ? 2 : 0)
                        .setReady(true)
                        .setStuck(false)
                        .setBecause("")
                        .build());
    }

    private SpecificRecord change(SpecificRecord body) {
        return Change.newBuilder()
                .setCanary(canary.toString())
                .setUid("uid-of-" + canary.name())
                .setObservedAt(now)
                .setBody(body)
                .build();
    }
}
