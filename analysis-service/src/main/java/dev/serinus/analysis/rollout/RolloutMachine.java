package dev.serinus.analysis.rollout;

import dev.serinus.analysis.rollout.Rollout.Traffic;
import dev.serinus.analysis.rollout.RolloutEvent.CanaryGone;
import dev.serinus.analysis.rollout.RolloutEvent.CanaryRejected;
import dev.serinus.analysis.rollout.RolloutEvent.CanarySeen;
import dev.serinus.analysis.rollout.RolloutEvent.Commanded;
import dev.serinus.analysis.rollout.RolloutEvent.HookAnswered;
import dev.serinus.analysis.rollout.RolloutEvent.MetricsAnswered;
import dev.serinus.analysis.rollout.RolloutEvent.Outcome;
import dev.serinus.analysis.rollout.RolloutEvent.PrimarySeen;
import dev.serinus.analysis.rollout.RolloutEvent.RouterAnswered;
import dev.serinus.analysis.rollout.RolloutEvent.TargetSeen;
import dev.serinus.analysis.rollout.RolloutEvent.TimerFired;

import java.time.Duration;
import java.util.List;

/**
 * All that a rollout ever does. No clock, no cluster, no broker: time is in the event. Total: an
 * event that nobody waits for changes nothing, since late and repeated answers are normal on a log.
 */
public final class RolloutMachine {

    private RolloutMachine() {}

    /** What follows from an event: the state to keep and the effects to send. */
    public static Transition next(Rollout rollout, RolloutEvent event) {
        if (!concerns(rollout, event)) {
            return new Transition(rollout, List.of());
        }
        Turn turn = new Turn(rollout, event.at());
        switch (event) {
            case CanarySeen seen -> canarySeen(rollout, turn, seen);
            case CanaryRejected rejected -> canaryRejected(turn, rejected);
            case CanaryGone _ -> Ending.gone(turn);
            case TargetSeen seen -> targetSeen(turn, seen.workload());
            case PrimarySeen seen -> primarySeen(turn, seen.workload());
            case RouterAnswered answer -> routerAnswered(turn, answer);
            case MetricsAnswered answer -> metricsAnswered(turn, answer);
            case HookAnswered answer -> hookAnswered(turn, answer);
            case Commanded wish -> Wishes.take(turn, wish);
            case TimerFired _ -> timerFired(turn);
        }
        return turn.end();
    }

    private static boolean concerns(Rollout r, RolloutEvent event) {
        return switch (event) {
            case CanarySeen seen -> !seen.uid().equals(r.uid()) || isNews(r, seen);
            case CanaryRejected rejected ->
                    !rejected.uid().equals(r.uid()) || !rejected.problems().equals(r.problems());
            case CanaryGone gone -> gone.uid().equals(r.uid()) && !r.gone();
            case TargetSeen seen ->
                    seen.uid().equals(r.uid()) && !seen.workload().equals(r.target());
            case PrimarySeen seen ->
                    seen.uid().equals(r.uid()) && !seen.workload().equals(r.primary());
            case RouterAnswered answer ->
                    awaits(r, answer.step()) && r.await().stage().awaitsRouter();
            case MetricsAnswered answer ->
                    awaits(r, answer.step())
                            && (r.await().stage() == Stage.METRICS
                                    || r.await().stage() == Stage.AVAILABILITY);
            case HookAnswered answer ->
                    awaits(r, answer.step())
                            && r.await().stage().awaitsHook()
                            && answer.hook() == r.await().hook();
            case TimerFired timer ->
                    !r.held()
                            && timer.step() == r.await().step()
                            && timer.dueAt().equals(r.await().due());
            case Commanded wish ->
                    r.spec() != null && (wish.run() == 0 || wish.run() == r.run().number());
        };
    }

    private static boolean isNews(Rollout r, CanarySeen seen) {
        return seen.generation() > r.generation()
                || (seen.generation() == r.generation()
                        && (r.spec() == null
                                || !seen.spec().equals(r.spec())
                                || seen.deleting() != r.deleting()));
    }

    private static boolean awaits(Rollout r, StepId step) {
        return step.uid().equals(r.uid())
                && step.run() == r.run().number()
                && step.step() == r.await().step()
                && step.attempt() <= r.await().attempt();
    }

    private static void canarySeen(Rollout before, Turn turn, CanarySeen seen) {
        if (!seen.uid().equals(before.uid()) || before.gone()) {
            turn.anew(seen.uid());
        }
        boolean wasHeld = turn.now().held();
        boolean known = turn.draft.spec != null;
        turn.draft.uid = seen.uid();
        turn.draft.generation = seen.generation();
        turn.draft.spec = seen.spec();
        turn.draft.deleting = seen.deleting();
        turn.draft.problems = List.of();
        if (seen.deleting()) {
            Ending.restore(turn);
        } else if (!known) {
            Beginning.begin(turn, seen.prior());
        } else if (turn.now().held()) {
            if (!wasHeld) {
                Wishes.hold(turn, "skipping canary run as object is suspended", "Suspended");
            }
        } else if (wasHeld) {
            Wishes.release(turn);
        } else if (turn.stage() == Stage.RESTING) {
            Beginning.reshape(turn);
        } else if (turn.stage().awaitsRouter()) {
            turn.again(); // what the manifest made impossible may be possible now
        }
    }

    private static void canaryRejected(Turn turn, CanaryRejected rejected) {
        if (!rejected.uid().equals(turn.draft.uid)) {
            turn.anew(rejected.uid());
        }
        turn.draft.uid = rejected.uid();
        turn.draft.problems = rejected.problems();
        Beginning.rejected(turn);
    }

    private static void targetSeen(Turn turn, Workload target) {
        turn.draft.target = target;
        Beginning.takeUp(turn, target);
        if (turn.now().held() || turn.draft.spec == null) {
            return;
        }
        switch (turn.stage()) {
            case RESTING -> {
                Running.considerRevision(turn);
                Guarding.traffic(turn);
            }
            case FIRST_PRIMARY, FIRST_PRIMARY_LATE -> Beginning.targetChanged(turn);
            case CONFIRM_ROLLOUT, WAITING -> Running.follow(turn);
            default -> {
                boolean restarts = turn.stage().analyses() || turn.stage() == Stage.ROLLBACK_WAIT;
                if (turn.stage() == Stage.RESETTING && turn.draft.phase.rests()) {
                    Running.follow(turn); // the run has not begun, its gate may be closed
                } else if (restarts && Running.superseded(turn)) {
                    Running.restart(turn);
                } else {
                    Guarding.traffic(turn);
                    Guarding.proceed(turn);
                }
            }
        }
    }

    private static void primarySeen(Turn turn, Workload primary) {
        turn.draft.primary = primary;
        Beginning.takeUp(turn, primary);
        if (turn.now().held() || turn.draft.spec == null) {
            return;
        }
        Guarding.traffic(turn);
        Guarding.proceed(turn);
    }

    private static void routerAnswered(Turn turn, RouterAnswered answer) {
        if (answer.outcome() == Outcome.DONE && answer.canaryWeight() >= 0) {
            Traffic t = turn.draft.traffic;
            turn.draft.traffic =
                    new Traffic(
                            answer.canaryWeight(),
                            answer.mirrored(),
                            t.targetRunning(),
                            t.iterations(),
                            t.failedChecks());
            turn.draft.cookies = turn.draft.cookies.after(answer.cookies());
        }
        if (turn.now().held() && turn.stage() != Stage.RESTORING) {
            return;
        }
        switch (answer.outcome()) {
            case DONE -> done(turn, answer);
            case RETRY -> retryLater(turn, answer.because(), pause(turn.draft.await.attempt()));
            case INVALID -> retryLater(turn, answer.because(), turn.spec().interval());
            case CHANGED -> {
                if (turn.stage() == Stage.COPYING && Running.superseded(turn)) {
                    Running.restart(turn);
                } else {
                    turn.waitUntil(
                            turn.at()
                                    .plus(
                                            pause(
                                                    turn.draft.await
                                                            .attempt()))); // the watcher is about
                    // to see it
                }
            }
            case STALE -> {
                turn.skipSteps();
                turn.ask(turn.stage());
            }
        }
    }

    private static Duration pause(int attempt) {
        return Duration.ofSeconds(Math.min(30, 1L << Math.min(attempt - 1, 5)));
    }

    private static void retryLater(Turn turn, String because, Duration pause) {
        if (!because.isEmpty()) {
            turn.warnOnce(because);
        }
        turn.waitUntil(turn.at().plus(pause));
    }

    private static void done(Turn turn, RouterAnswered answer) {
        switch (turn.stage()) {
            case INITIALIZING, FIRST_COPY, RESHAPING, TAKING_OVER -> Beginning.done(turn, answer);
            case SCALING_UP, RESETTING -> Running.done(turn);
            case SHIFTING -> Analysing.arrived(turn);
            case RETREATING, RESCUING -> Guarding.done(turn);
            case COPYING, ROUTING_BACK, SCALING_DOWN -> Promoting.done(turn);
            case ROLLING_BACK, ROLLBACK_SCALE -> RollingBack.done(turn);
            case RESTORING -> Ending.restored(turn);
            default -> throw new IllegalStateException("no router is awaited at " + turn.stage());
        }
    }

    private static void metricsAnswered(Turn turn, MetricsAnswered answer) {
        if (turn.now().held()) {
            return;
        }
        if (turn.stage() == Stage.AVAILABILITY) {
            Beginning.available(turn, answer.measurements());
        } else {
            Analysing.measured(turn, answer.measurements());
        }
    }

    private static void hookAnswered(Turn turn, HookAnswered answer) {
        if (!turn.now().held() || turn.stage() == Stage.POST_ROLLOUT) {
            Hooks.answered(turn, answer);
        }
    }

    private static void timerFired(Turn turn) {
        Stage stage = turn.stage();
        if (stage == Stage.AVAILABILITY) {
            Beginning.available(turn, List.of());
        } else if (stage.awaitsRouter() || stage == Stage.METRICS || stage.awaitsHook()) {
            turn.again();
        } else {
            Guarding.due(turn);
        }
    }
}
