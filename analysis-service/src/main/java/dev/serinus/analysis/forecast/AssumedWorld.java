package dev.serinus.analysis.forecast;

import dev.serinus.analysis.records.Inputs;
import dev.serinus.analysis.rollout.Effect;
import dev.serinus.analysis.rollout.Rollout;
import dev.serinus.analysis.rollout.RolloutEvent;
import dev.serinus.analysis.rollout.RolloutEvent.BaselineSeen;
import dev.serinus.analysis.rollout.RolloutEvent.HookAnswered;
import dev.serinus.analysis.rollout.RolloutEvent.MetricsAnswered;
import dev.serinus.analysis.rollout.RolloutEvent.PrimarySeen;
import dev.serinus.analysis.rollout.RolloutEvent.RouterAnswered;
import dev.serinus.analysis.rollout.RolloutEvent.TargetSeen;
import dev.serinus.analysis.rollout.RolloutEvent.TimerFired;
import dev.serinus.analysis.rollout.RolloutMachine;
import dev.serinus.analysis.rollout.Stage;
import dev.serinus.analysis.rollout.Workload;
import dev.serinus.analysis.rollout.judge.Measurement;
import dev.serinus.analysis.rollout.plan.Exposure;
import dev.serinus.analysis.rollout.plan.Split;
import dev.serinus.schemas.canary.PassFreeze;
import dev.serinus.schemas.canary.Weight;
import dev.serinus.schemas.events.CanaryObserved;
import dev.serinus.schemas.events.Change;
import dev.serinus.schemas.events.FreezePassAsked;
import dev.serinus.schemas.events.MetricLimits;
import dev.serinus.schemas.events.RolloutSpec;
import dev.serinus.schemas.hook.HookType.Meaning;
import dev.serinus.schemas.topic.CanaryKey;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Whom the machine asks, in virtual time: a cluster in which all that is asked for is done, and
 * checks that pass or fail as a {@link Course} says. What the rest of the fleet says is for {@link
 * Others}. Used once.
 */
final class AssumedWorld {

    /** The only value of a metric that passes. */
    static final double PASSES = 1;

    private static final double FAILS = 0;

    private static final String UID = "forecast";
    private static final String BEFORE = "before";
    private static final String NEW = "new";

    static final Duration LONGEST = Duration.ofDays(366);

    /** Before a deadline that still is in time. */
    private static final Duration JUST = Duration.ofSeconds(1);

    private record Scheduled(Instant at, long order, Function<Instant, RolloutEvent> event) {}

    private final PriorityQueue<Scheduled> queue =
            new PriorityQueue<>(
                    Comparator.comparing(Scheduled::at).thenComparingLong(Scheduled::order));
    private final List<ForecastStep> steps = new ArrayList<>();
    private final RolloutSpec spec;
    private final Course course;
    private final Others others;

    /** So many failed checks do not end a run, one more does. */
    private final int tolerated;

    private Rollout rollout;
    private Instant now;
    private Instant began;
    private final @Nullable PassFreeze pass;
    private boolean begun;
    private long order;
    private String waitingFor = "";
    private int checks;
    private final int[] calls;
    private Weight most = Weight.NONE;

    private final boolean byReplicas;

    /** The share that the canary has the pods for. */
    private Weight sized = Weight.NONE;

    /** When the pods of the next share are there; null while none are waited for. */
    private @Nullable Instant sizedAt;

    private String targetRuns = BEFORE;
    private String primaryRuns = "";
    private boolean targetRunning = true;
    private boolean baselineRunning;

    /**
     * A canary that is made and promoted once, so that it rests.
     *
     * @param pass what an annotation asks for that is to let it pass freezes; null for none
     * @param start when
     */
    AssumedWorld(
            CanaryKey canary,
            RolloutSpec spec,
            @Nullable PassFreeze pass,
            Course course,
            Others others,
            Instant start) {
        this.spec = spec;
        this.pass = pass;
        this.course = course;
        this.others = others;
        this.tolerated = tolerated(spec);
        var rules = spec.getRules();
        this.byReplicas = rules != null && rules.getByReplicas();
        this.calls = new int[spec.getWebhooks().size()];
        this.rollout = Rollout.of(canary);
        now = start;
        began = start;
        schedule(Duration.ZERO, this::canary);
        schedule(Duration.ZERO, this::target);
        play(Horizon.WHOLE);
    }

    /** The target shows the new revision from this time on. */
    void release(Instant at) {
        now = at.isAfter(now) ? at : now;
        begun = true;
        began = now;
        steps.clear();
        checks = 0;
        Arrays.fill(calls, 0);
        targetRuns = NEW;
        schedule(Duration.ZERO, this::target);
    }

    /** Lets happen what follows, until the rollout rests or nothing more will happen. */
    Forecast played(Horizon horizon) {
        play(horizon);
        return forecast();
    }

    private void play(Horizon horizon) {
        Instant last = now.plus(LONGEST);
        int followed = 0;
        for (int left = horizon.events();
                left > 0 && !isOver();
                left -= horizon.counts(rollout.run().stops().size())) {
            if (next().isAfter(last)) {
                return;
            }
            step();
            followed++;
        }
        if (!isOver()) {
            String more = "more than %d events come before its end".formatted(followed);
            waitingFor = waitingFor.isEmpty() ? more : waitingFor + "; " + more;
        }
    }

    /** What happened since the release. */
    Forecast forecast() {
        boolean ended = rollout.stage() instanceof Stage.Resting;
        return new Forecast(
                steps,
                ended ? rollout.phase().text() : "",
                ended ? "" : waitingFor,
                checks,
                IntStream.of(calls).boxed().toList(),
                most);
    }

    Rollout rollout() {
        return rollout;
    }

    /** It rests, and nothing is on its way to it. */
    boolean isOver() {
        return queue.isEmpty() && rollout.stage() instanceof Stage.Resting;
    }

    /** When something happens next; far away where nothing does. */
    Instant next() {
        Instant due = rollout.due().orElse(Instant.MAX);
        Scheduled head = queue.peek();
        Instant next = head == null || due.isBefore(head.at()) ? due : head.at();
        return next.isBefore(now) ? now : next;
    }

    /** What happens next. */
    void step() {
        Instant due = rollout.due().orElse(Instant.MAX);
        Scheduled head = queue.peek();
        boolean timer = head == null || due.isBefore(head.at());
        now = next();
        var rules = others.rules(rollout, now);
        if (!rules.equals(rollout.rules())) {
            take(new RolloutEvent.RulesSeen(now, rules));
        }
        if (timer && !rollout.due().filter(due::equals).isPresent()) {
            return; // the rules have changed what is waited for
        }
        take(
                timer
                        ? new TimerFired(now, rollout.timerStep(), due)
                        : queue.remove().event().apply(now));
    }

    /** Others say something to it. */
    void hear(Duration in, Function<Instant, RolloutEvent> event) {
        schedule(in, event);
    }

    /** The same at a time of others. */
    void hearAt(Instant at, Function<Instant, RolloutEvent> event) {
        queue.add(new Scheduled(at, order++, event));
    }

    private void take(RolloutEvent event) {
        var transition = RolloutMachine.next(rollout, event);
        rollout = transition.state();
        transition.effects().forEach(this::carryOut);
    }

    private void schedule(Duration in, Function<Instant, RolloutEvent> event) {
        queue.add(new Scheduled(now.plus(in), order++, event));
    }

    // ---- what is asked

    private void carryOut(Effect effect) {
        switch (effect) {
            case Effect.Route route -> route(route);
            case Effect.AskMetrics ask -> {
                checks += ask.availabilityOnly() ? 0 : 1;
                double value = ask.availabilityOnly() || passes() ? PASSES : FAILS;
                schedule(
                        Duration.ZERO,
                        at -> new MetricsAnswered(at, ask.step(), 1, measured(value)));
            }
            case Effect.CallHook call -> call(call);
            case Effect.Happened happened -> steps.add(step(happened));
            case Effect.Announce announce -> {
                var status = announce.status();
                waitingFor = status == null ? waitingFor : status.waitingFor();
            }
            case Effect.AskPermit _,
                    Effect.ReturnPermit _,
                    Effect.TellStanding _,
                    Effect.JoinGroup _,
                    Effect.LeaveGroup _ ->
                    others.hear(this, now, effect);
            case Effect.Chat _, Effect.Notice _ -> {}
        }
    }

    /** In the words of the history, but for who meets the canary. */
    private ForecastStep step(Effect.Happened happened) {
        Split split = rollout.traffic().split();
        Weight weight = happened.canaryWeight();
        var meets = Exposure.of(split.canaryWeight().equals(weight) ? split : Split.of(weight));
        return new ForecastStep(
                Duration.between(began, happened.at()),
                happened.type(),
                happened.phase().text(),
                weight,
                weight,
                Meets.of(meets),
                happened.type().equals(ForecastStep.SHIFTED)
                        ? shifted(meets, split.copies(), happened.message())
                        : happened.message());
    }

    /** A share of 100 % or none says little of an A/B test or a Blue/Green release. */
    private static String shifted(Exposure meets, @Nullable Weight copies, String message) {
        return switch (meets.who()) {
            case NOBODY -> "The canary runs beside the primary: no request meets it.";
            case COPIES ->
                    copies == null
                            ? "The canary gets copies of requests, which the primary answers."
                            : "The canary gets copies of %s %% of the requests, which the primary answers."
                                    .formatted(copies);
            case MATCHED -> "Requests that match meet the canary.";
            case SHARE, EVERYBODY -> message;
        };
    }

    private void call(Effect.CallHook call) {
        calls[call.hook()]++;
        if (!call.type().answers()) {
            return;
        }
        boolean passed =
                switch (call.type().meaning()) {
                    case Meaning.Check _ -> !spec.getMetrics().isEmpty() || passes();
                    case Meaning.DemandsRollback _ -> false;
                    case Meaning.BeforeTraffic _,
                            Meaning.Confirms _,
                            Meaning.AfterTheEnd _,
                            Meaning.IsTold _ ->
                            true;
                };
        schedule(
                hookTakes(call.hook()),
                at ->
                        new HookAnswered(
                                at,
                                call.step(),
                                call.hook(),
                                passed,
                                passed ? "" : "as is assumed"));
    }

    /** Whether the check that is asked now passes. */
    private boolean passes() {
        return switch (course) {
            case SOONEST -> true;
            case LATEST -> rollout.traffic().failedChecks() >= tolerated;
            case FAILING -> false;
        };
    }

    /** Each metric fails with every check, one after the other, so that its own limits count. */
    private static int tolerated(RolloutSpec spec) {
        int most = spec.getThreshold() - 1;
        for (var metric : spec.getMetrics()) {
            MetricLimits limits = metric.getLimits();
            if (limits != null && limits.getFailures() != null) {
                most = Math.min(most, limits.getFailures());
            }
            if (limits != null && limits.getConsecutiveFailures() != null) {
                most = Math.min(most, limits.getConsecutiveFailures() - 1);
            }
        }
        return Math.max(0, most);
    }

    private Duration hookTakes(int hook) {
        var known = rollout.spec();
        return course == Course.LATEST && begun && known != null
                ? known.hooks().get(hook).patience().minus(JUST)
                : Duration.ZERO;
    }

    private List<Measurement> measured(double value) {
        List<Measurement> all = new ArrayList<>();
        for (int place = 0; place < spec.getMetrics().size(); place++) {
            all.add(
                    new Measurement(
                            place,
                            spec.getMetrics().get(place).getName(),
                            Measurement.Kind.BUILTIN,
                            Measurement.Outcome.VALUE,
                            value,
                            ""));
        }
        return all;
    }

    // ---- what is done in the cluster

    private void route(Effect.Route route) {
        if (lacksPods(route)) {
            return;
        }
        schedule(Duration.ZERO, at -> routed(at, route));
        switch (route.action()) {
            case INITIALIZE, PROMOTE -> {
                if (!primaryRuns.equals(targetRuns)) {
                    primaryRuns = targetRuns;
                    schedule(Duration.ZERO, at -> primary(at, false));
                    schedule(podsTake(), at -> primary(at, true));
                }
            }
            case TAKE_OVER, SCALE -> scale(route);
            case SHIFT -> {
                var share = route.split().canaryWeight();
                if (begun && Weight.ALL.isAbove(share) && share.isAbove(most)) {
                    most = share;
                }
            }
            case RESTORE -> {}
        }
    }

    /**
     * A step for which the canary lacks pods is asked for again until they are there. With the
     * scaling come those of the first step.
     */
    private boolean lacksPods(Effect.Route route) {
        Weight share = needs(route);
        if (share == null) {
            return false;
        }
        boolean scales = route.action() == Effect.RouteAction.SCALE;
        if (!scales && share.isAbove(sized)) {
            Instant there = sizedAt == null ? now.plus(podsTake()) : sizedAt;
            if (there.isAfter(now)) {
                sizedAt = there;
                schedule(Duration.ZERO, at -> retry(at, route, Duration.between(at, there)));
                return true;
            }
        }
        sized = share;
        sizedAt = null;
        return false;
    }

    /** The share that the canary is to have the pods for; null where that stays as it is. */
    private @Nullable Weight needs(Effect.Route route) {
        var pods = route.pods();
        Weight share = pods == null ? null : pods.share();
        return switch (route.action()) {
            case SHIFT -> share;
            case SCALE -> route.targetRunning() && share == null ? Weight.ALL : share;
            // Behind one Service the canary serves alone while the primary gets the new revision.
            case PROMOTE -> byReplicas ? Weight.ALL : null;
            case INITIALIZE, TAKE_OVER, RESTORE -> null;
        };
    }

    private static RolloutEvent retry(Instant at, Effect.Route route, Duration pause) {
        return new RouterAnswered(
                at,
                route.step(),
                RolloutEvent.Outcome.RETRY,
                "its pods start",
                null,
                "",
                null,
                null,
                pause);
    }

    private RolloutEvent routed(Instant at, Effect.Route route) {
        return RouterAnswered.done(
                at,
                route.step(),
                route.split(),
                switch (route.action()) {
                    case INITIALIZE, PROMOTE -> primaryRuns;
                    case TAKE_OVER, SCALE, SHIFT, RESTORE -> "";
                });
    }

    private void scale(Effect.Route route) {
        if (route.targetRunning() != targetRunning) {
            targetRunning = route.targetRunning();
            schedule(targetRunning ? podsTake() : Duration.ZERO, this::target);
        }
        if (route.baselineRunning() != baselineRunning) {
            baselineRunning = route.baselineRunning();
            schedule(baselineRunning ? podsTake() : Duration.ZERO, this::baseline);
        }
    }

    private Duration podsTake() {
        Duration deadline = Duration.ofSeconds(spec.getProgressDeadlineSeconds());
        return course == Course.LATEST && begun && deadline.compareTo(JUST) > 0
                ? deadline.minus(JUST)
                : Duration.ZERO;
    }

    private RolloutEvent canary(Instant at) {
        return Inputs.event(
                Change.newBuilder()
                        .setCanary(rollout.canary().toString())
                        .setUid(UID)
                        .setObservedAt(at)
                        .setBody(
                                CanaryObserved.newBuilder()
                                        .setGeneration(1)
                                        .setSpec(spec)
                                        .setDeleting(false)
                                        .setClaimed(true)
                                        .setPassFreeze(
                                                pass == null
                                                        ? null
                                                        : new FreezePassAsked(
                                                                pass.names(), pass.reason(), ""))
                                        .build())
                        .build(),
                at);
    }

    private RolloutEvent target(Instant at) {
        return new TargetSeen(at, UID, workload(targetRuns, targetRunning, true));
    }

    private RolloutEvent primary(Instant at, boolean ready) {
        return new PrimarySeen(at, UID, workload(primaryRuns, true, ready));
    }

    private RolloutEvent baseline(Instant at) {
        return new BaselineSeen(at, UID, workload(primaryRuns, baselineRunning, true));
    }

    /** Of one pod where it runs; until the new one is ready that of before serves. */
    private static Workload workload(String revision, boolean running, boolean ready) {
        int pods = running ? 1 : 0;
        return new Workload(
                true,
                revision,
                null,
                List.of(),
                pods,
                ready ? pods : 0,
                pods,
                ready,
                false,
                ready ? "" : "its pods start",
                0,
                0,
                revision);
    }
}
