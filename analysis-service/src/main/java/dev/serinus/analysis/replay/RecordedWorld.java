package dev.serinus.analysis.replay;

import dev.serinus.analysis.records.Inputs;
import dev.serinus.analysis.rollout.Effect;
import dev.serinus.analysis.rollout.Rollout;
import dev.serinus.analysis.rollout.RolloutEvent;
import dev.serinus.analysis.rollout.RolloutEvent.GroupAnswered;
import dev.serinus.analysis.rollout.RolloutEvent.GroupOutcome;
import dev.serinus.analysis.rollout.RolloutEvent.HookAnswered;
import dev.serinus.analysis.rollout.RolloutEvent.MetricsAnswered;
import dev.serinus.analysis.rollout.RolloutEvent.PermitAnswered;
import dev.serinus.analysis.rollout.RolloutEvent.RouterAnswered;
import dev.serinus.analysis.rollout.RolloutEvent.TimerFired;
import dev.serinus.analysis.rollout.RolloutMachine;
import dev.serinus.analysis.rollout.Stage;
import dev.serinus.analysis.rollout.gate.GroupState;
import dev.serinus.analysis.rollout.judge.Measurement;
import dev.serinus.schemas.events.Action;
import dev.serinus.schemas.events.CanaryObserved;
import dev.serinus.schemas.events.Change;
import dev.serinus.schemas.events.FleetRulesSeen;
import dev.serinus.schemas.events.MetricResult;
import dev.serinus.schemas.events.Permit;
import dev.serinus.schemas.events.RolloutSpec;
import dev.serinus.schemas.events.WebhookResult;
import dev.serinus.schemas.hook.HookType.Meaning;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * A past run in virtual time, with another manifest: pods and people are as they were, routes are
 * set at once, and metrics and webhooks answer what they answered nearest to the time at which they
 * are asked now. What nobody asked then is not known, and the run ends so. Used once.
 */
final class RecordedWorld {

    /** More than any run takes. */
    private static final int MOST_EVENTS = 50_000;

    private record Scheduled(Instant at, long order, Function<Instant, RolloutEvent> event) {}

    private final PriorityQueue<Scheduled> queue =
            new PriorityQueue<>(
                    Comparator.comparing(Scheduled::at).thenComparingLong(Scheduled::order));
    private final List<MetricsAnswered> measured = new ArrayList<>();
    private final List<HookAnswered> hooks = new ArrayList<>();
    private final OtherManifest other;
    private final List<Instant> granted = new ArrayList<>();
    private final RolloutSpec spec;
    private final Instant began;
    private final Instant last;

    private Rollout rollout;
    private Instant now;
    private long order;
    private OtherRun.@Nullable Ending ending;

    /**
     * @param before the run, its first input being the one with which it begins
     */
    RecordedWorld(
            Rollout before, OtherManifest other, RolloutSpec spec, List<OtherRuns.Taken> taken) {
        this.other = other;
        this.spec = spec;
        this.began = taken.getFirst().at();
        this.last = taken.getLast().at();
        this.now = began;
        this.rollout = before;
        taken.forEach(this::remember);
    }

    private void remember(OtherRuns.Taken taken) {
        switch (taken.input()) {
            case MetricResult result ->
                    measured.add((MetricsAnswered) Inputs.event(result, taken.at()));
            case WebhookResult result -> hooks.add((HookAnswered) Inputs.event(result, taken.at()));
            case Change change -> {
                Change seen = asIf(change);
                at(taken.at(), at -> Inputs.event(seen, at));
            }
            case Action action -> at(taken.at(), at -> Inputs.event(action, at));
            case FleetRulesSeen rules -> at(taken.at(), at -> Inputs.event(rules, at));
            case Permit permit -> {
                if (Inputs.event(permit, taken.at()) instanceof PermitAnswered answer
                        && answer.granted()) {
                    granted.add(taken.at());
                }
            }
            default -> {} // timers and answers of the router are this world's own
        }
    }

    /** A Canary that was seen, with what is otherwise; all else of it is as it was. */
    private Change asIf(Change change) {
        return change.getBody() instanceof CanaryObserved seen
                ? Change.newBuilder(change)
                        .setBody(
                                CanaryObserved.newBuilder(seen)
                                        .setSpec(other.apply(seen.getSpec()))
                                        .build())
                        .build()
                : change;
    }

    OtherRun.Ending play() {
        rollout = rollout.asIf(Inputs.spec(spec));
        for (int events = 0; events < MOST_EVENTS && ending == null; events++) {
            Instant due = rollout.due().orElse(Instant.MAX);
            Scheduled head = queue.peek();
            boolean timer = head == null || due.isBefore(head.at());
            Instant next = timer ? due : head.at();
            if (next.isAfter(last.plus(patience()))) {
                break;
            }
            now = next.isAfter(now) ? next : now;
            take(
                    timer
                            ? new TimerFired(now, rollout.timerStep(), due)
                            : queue.remove().event().apply(now));
            if (rollout.stage() instanceof Stage.Gone) {
                break;
            }
        }
        return Objects.requireNonNullElseGet(
                ending,
                () ->
                        new OtherRun.Ending(
                                OtherRun.How.GOES_ON,
                                Duration.between(began, now),
                                rollout.traffic().canaryWeight(),
                                rollout.traffic().failedChecks(),
                                "the record of the run ends before it does"));
    }

    /** How far from the time of a question its answer may have been given. */
    private Duration patience() {
        return Duration.ofMillis(spec.getIntervalMillis()).multipliedBy(2);
    }

    private void take(RolloutEvent event) {
        var transition = RolloutMachine.next(rollout, event);
        rollout = transition.state();
        var found = OtherRuns.end(transition.effects(), began);
        if (found.isPresent()) {
            ending = found.get();
        } else {
            transition.effects().forEach(this::carryOut);
        }
    }

    private void at(Instant time, Function<Instant, RolloutEvent> event) {
        queue.add(new Scheduled(time, order++, event));
    }

    private void carryOut(Effect effect) {
        switch (effect) {
            case Effect.Route route -> at(now, at -> routed(at, route));
            case Effect.AskMetrics ask -> measure(ask);
            case Effect.CallHook call -> {
                if (call.type().answers()) {
                    call(call);
                }
            }
            case Effect.AskPermit ask -> {
                if (!ask.running()) {
                    grant(ask);
                }
            }
            // The others are ready when it is.
            case Effect.JoinGroup join -> {
                if (join.state() == GroupState.READY) {
                    at(now, at -> opened(at, join));
                }
            }
            case Effect.LeaveGroup _,
                    Effect.ReturnPermit _,
                    Effect.TellStanding _,
                    Effect.Happened _,
                    Effect.Announce _,
                    Effect.Chat _,
                    Effect.Notice _ -> {}
        }
    }

    private static GroupAnswered opened(Instant at, Effect.JoinGroup join) {
        return new GroupAnswered(at, join.uid(), join.step(), GroupOutcome.OPEN, "", null);
    }

    /** When it was granted then; at once where it was not asked for then. */
    private void grant(Effect.AskPermit ask) {
        Instant then = granted.stream().filter(time -> !time.isBefore(now)).findFirst().orElse(now);
        at(then, at -> new PermitAnswered(at, ask.uid(), ask.step(), true, 0, ""));
    }

    private void measure(Effect.AskMetrics ask) {
        List<Measurement> answers = new ArrayList<>();
        for (int place = 0; place < spec.getMetrics().size(); place++) {
            String name = spec.getMetrics().get(place).getName();
            var nearest =
                    measured.stream()
                            .filter(result -> isNear(result.at()))
                            .filter(result -> result.measurements().stream().anyMatch(of(name)))
                            .min(Comparator.comparing(result -> distance(result.at())));
            if (nearest.isEmpty()) {
                notKnown("metric %s was not measured around %s".formatted(name, now));
                return;
            }
            for (Measurement found : nearest.get().measurements()) {
                if (of(name).test(found)) {
                    answers.add(at(place, found));
                }
            }
        }
        at(now, at -> new MetricsAnswered(at, ask.step(), rollout.generation(), answers));
    }

    private static Predicate<Measurement> of(String name) {
        return measurement -> measurement.name().equals(name);
    }

    private static Measurement at(int place, Measurement found) {
        return new Measurement(
                place,
                found.name(),
                found.kind(),
                found.outcome(),
                found.value(),
                found.because(),
                found.sides(),
                found.notANumber(),
                found.provider());
    }

    /**
     * A hook that was never called says nothing: neither that it would pass nor that it would not.
     */
    private void call(Effect.CallHook call) {
        Optional<HookAnswered> nearest =
                hooks.stream()
                        .filter(answer -> answer.hook() == call.hook() && !answer.changed())
                        .filter(answer -> isNear(answer.at()))
                        .min(Comparator.comparing(answer -> distance(answer.at())));
        boolean demands = call.type().meaning() instanceof Meaning.DemandsRollback;
        if (nearest.isEmpty() && !demands) {
            notKnown("webhook %s was not called around %s".formatted(call.name(), now));
            return;
        }
        boolean passed = nearest.map(HookAnswered::passed).orElse(false);
        String because = nearest.map(HookAnswered::because).orElse("");
        var report = nearest.map(HookAnswered::report).orElse(null);
        at(now, at -> new HookAnswered(at, call.step(), call.hook(), passed, because, report));
    }

    private void notKnown(String because) {
        if (ending == null) {
            ending =
                    new OtherRun.Ending(
                            OtherRun.How.NOT_KNOWN,
                            Duration.between(began, now),
                            rollout.traffic().canaryWeight(),
                            rollout.traffic().failedChecks(),
                            because);
        }
    }

    private boolean isNear(Instant answered) {
        return distance(answered).compareTo(patience()) <= 0;
    }

    private Duration distance(Instant answered) {
        return Duration.between(answered, now).abs();
    }

    private static RolloutEvent routed(Instant at, Effect.Route route) {
        return RouterAnswered.done(
                at,
                route.step(),
                route.split(),
                switch (route.action()) {
                    case PROMOTE -> route.revision();
                    case INITIALIZE, TAKE_OVER, SCALE, SHIFT, RESTORE -> "";
                });
    }
}
