package dev.serinus.analysis.rollout;

import dev.serinus.analysis.rollout.Effect.Evidence;
import dev.serinus.analysis.rollout.Effect.Severity;
import dev.serinus.analysis.rollout.Effect.Verdict;
import dev.serinus.analysis.rollout.Rollout.Run;
import dev.serinus.analysis.rollout.Rollout.Traffic;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * From stop to stop: one interval at each, then hooks and metrics, then on (reference 2.8 and
 * 2.11).
 */
final class Analysing {

    private Analysing() {}

    /** The canary is ready, or the interval at a stop is over: what may stop it comes first. */
    static void tick(Turn turn) {
        Workload target = turn.draft.target;
        Workload primary = turn.draft.primary;
        if (target == null || !target.servesReady()) {
            if (target != null) {
                turn.warnOnce(Running.notReady(turn, target));
            }
            turn.await(
                    Stage.CANARY_READY,
                    turn.spec().progressDeadline(),
                    "the canary is to become ready");
            return;
        }
        if (!turn.spec().skipAnalysis()
                && (primary == null || !primary.servesReady())
                && !Running.stays(turn)) {
            primaryNotReady(turn, primary);
            return;
        }
        judge(turn);
    }

    /**
     * A primary that runs what was promoted last is waited for. One left by a failed promotion does
     * not get better by waiting: a newer revision is its way out (invariant 5).
     */
    private static void primaryNotReady(Turn turn, @Nullable Workload primary) {
        turn.warnOnce(
                turn.primary()
                        + " not ready: "
                        + (primary == null ? "not seen yet" : primary.because()));
        boolean lastGood =
                primary == null
                        || primary.revision().isEmpty()
                        || primary.revision().equals(turn.draft.baseline.promoted());
        turn.await(
                Stage.PRIMARY_AWAITED,
                turn.spec().progressDeadline(),
                "the primary is to become ready");
        if (!lastGood) {
            withoutPrimary(turn, "the last promotion to it failed");
        }
    }

    /** The primary did not become ready: the run goes on against what serves. */
    static void withoutPrimary(Turn turn, String because) {
        Workload primary = turn.draft.primary;
        boolean serves = primary != null && primary.serves();
        String words =
                "%s not ready: %s; the analysis goes on %s"
                        .formatted(
                                turn.primary(),
                                because,
                                serves
                                        ? "beside the pods of it that serve"
                                        : "with all traffic at the canary");
        turn.warning(words);
        turn.chat(Severity.ERROR, words, false);
        turn.happened("PrimaryNotReady", words);
        if (!serves && Plan.routes(turn.spec())) {
            Running.replacePrimary(turn);
        }
        judge(turn);
    }

    private static void judge(Turn turn) {
        if (turn.spec().skipAnalysis()) {
            Promoting.copy(turn);
        } else if (!Hooks.first(turn, HookType.ROLLBACK, Stage.ROLLBACK_HOOKS)) {
            afterRollbackHooks(turn);
        }
    }

    static void afterRollbackHooks(Turn turn) {
        if (turn.draft.run.stop() >= 0) {
            if (!Hooks.first(turn, HookType.ROLLOUT, Stage.ROLLOUT_HOOKS)) {
                measure(turn);
            }
            return;
        }
        String starting = "Starting canary analysis for " + turn.target();
        if (turn.draft.traffic.failedChecks() == 0) {
            turn.normal(starting); // once: Flagger says it again on every attempt
            turn.happened("AnalysisStarted", starting);
        }
        if (!Hooks.first(turn, HookType.PRE_ROLLOUT, Stage.PRE_ROLLOUT)) {
            advance(turn);
        }
    }

    static void preRolloutFailed(Turn turn, Spec.Hook hook, String because) {
        failed(
                turn,
                "Halt %s advancement pre-rollout check %s failed %s"
                        .formatted(turn.draft.canary.dotted(), hook.name(), because),
                List.of(new Evidence(hook.name(), null, null, null, Verdict.FAIL, because)));
    }

    static void checkFailed(Turn turn, Spec.Hook hook, String because) {
        failed(
                turn,
                "Halt %s advancement external check %s failed %s"
                        .formatted(turn.draft.canary.dotted(), hook.name(), because),
                List.of(new Evidence(hook.name(), null, null, null, Verdict.FAIL, because)));
    }

    static void measure(Turn turn) {
        if (turn.spec().checks().isEmpty()) {
            passed(turn, List.of());
        } else {
            turn.ask(Stage.METRICS);
        }
    }

    static void measured(Turn turn, List<Measurement> measurements) {
        var judgement = Judge.judge(turn.now(), turn.spec(), measurements);
        switch (judgement.verdict()) {
            case PASS -> passed(turn, judgement.evidence());
            case FAIL -> failed(turn, judgement.words(), judgement.evidence());
            case INCONCLUSIVE -> {
                turn.warnOnce(judgement.words());
                turn.happened("CheckInconclusive", judgement.words(), judgement.evidence());
                turn.await(Stage.INTERVAL, turn.spec().interval(), "a metric that can be judged");
            }
        }
    }

    private static void passed(Turn turn, List<Evidence> evidence) {
        turn.happened("StepPassed", "The analysis passed.", evidence);
        advance(turn);
    }

    private static void failed(Turn turn, String words, List<Evidence> evidence) {
        Traffic t = turn.draft.traffic;
        int failures = t.failedChecks() + 1;
        turn.draft.traffic =
                new Traffic(
                        t.canaryWeight(),
                        t.mirrored(),
                        t.targetRunning(),
                        t.iterations(),
                        failures);
        turn.warning(words);
        turn.happened("CheckFailed", words, evidence);
        if (failures >= turn.spec().threshold()) {
            turn.warning(
                    "Rolling back %s failed checks threshold reached %d"
                            .formatted(turn.draft.canary.dotted(), failures));
            turn.chat(Severity.ERROR, "Failed checks threshold reached " + failures, false);
            RollingBack.begin(turn, words);
        } else {
            Stage next = turn.draft.run.stop() < 0 ? Stage.PRE_ROLLOUT_AGAIN : Stage.INTERVAL;
            turn.await(next, turn.spec().interval(), "another try after a failed check");
        }
    }

    /**
     * On to the next stop, or to the promotion after the last one; a gate for more traffic comes
     * before either.
     */
    static void advance(Turn turn) {
        tellWhatHasNoRoute(turn);
        boolean weights =
                turn.draft.run.stops().stream().allMatch(stop -> stop.kind() == Stop.Kind.WEIGHT);
        boolean gated =
                weights && !turn.draft.traffic.mirrored() && turn.draft.phase == Phase.PROGRESSING;
        if (!gated
                || !Hooks.first(turn, HookType.CONFIRM_TRAFFIC_INCREASE, Stage.CONFIRM_TRAFFIC)) {
            shift(turn);
        }
    }

    /** Flagger says at every step what a manifest asks for that its provider cannot do. */
    private static void tellWhatHasNoRoute(Turn turn) {
        if (Plan.routes(turn.spec())) {
            return;
        }
        if (turn.spec().strategy().matched() && turn.spec().strategy().iterations() > 0) {
            turn.warning("A/B testing is not supported when using the kubernetes provider");
        }
        if (turn.spec().strategy().iterations() == 0) {
            turn.warning("Progressive traffic is not supported when using the kubernetes provider");
            turn.warning("Setting canaryAnalysis.iterations: " + Plan.ITERATIONS_WITHOUT_ROUTES);
        }
    }

    static void trafficClosed(Turn turn, Spec.Hook hook) {
        String words =
                "Halt %s advancement waiting for traffic increase approval %s"
                        .formatted(turn.draft.canary.dotted(), hook.name());
        if (!words.equals(turn.draft.lastTold)) {
            turn.warnOnce(words);
            if (!hook.muteAlert()) {
                turn.chat(Severity.WARN, "Canary traffic increase is waiting for approval.", false);
            }
            turn.happened("GateClosed", "confirm-traffic-increase " + hook.name() + " is closed.");
        }
        turn.await(
                Stage.TRAFFIC_CLOSED,
                turn.spec().interval(),
                "approval of more traffic by " + hook.name());
    }

    /** Sets the split of the next stop; a canary that does not serve gets no traffic. */
    static void shift(Turn turn) {
        Run r = turn.draft.run;
        if (r.stop() + 1 >= r.stops().size()) {
            Promoting.confirm(turn);
            return;
        }
        Workload target = turn.draft.target;
        if (target == null || !target.servesReady()) {
            tick(turn);
            return;
        }
        Stop next = r.stops().get(r.stop() + 1);
        boolean asIs =
                (next.kind() == Stop.Kind.STAY
                                && next.split().canaryWeight() == turn.draft.traffic.canaryWeight())
                        || (r.stop() >= 0 && r.stops().get(r.stop()).split().equals(next.split()));
        boolean primaryOnly = r.stop() < 0 && next.split().equals(Split.PRIMARY);
        if (asIs || primaryOnly) {
            arrived(turn);
        } else {
            if (next.kind() == Stop.Kind.SWITCH) {
                turn.normal(
                        turn.draft.traffic.mirrored()
                                ? "Stop traffic mirroring and route all traffic to canary"
                                : "Routing all traffic to canary");
            }
            turn.ask(Stage.SHIFTING);
        }
    }

    /** The split of the next stop was read back: its interval begins. */
    static void arrived(Turn turn) {
        Run r = turn.draft.run;
        Stop stop = r.stops().get(r.stop() + 1);
        Traffic t = turn.draft.traffic;
        turn.draft.run = r.at(r.stop() + 1);
        turn.draft.traffic =
                new Traffic(
                        t.canaryWeight(),
                        t.mirrored(),
                        t.targetRunning(),
                        stop.iteration(),
                        t.failedChecks());
        String canary = turn.draft.canary.dotted();
        turn.await(Stage.INTERVAL, turn.spec().interval(), "");
        switch (stop.kind()) {
            case WEIGHT ->
                    turn.normal("Advance %s canary weight %d".formatted(canary, t.canaryWeight()));
            case ITERATION ->
                    turn.normal(
                            "Advance %s canary iteration %d/%d"
                                    .formatted(canary, stop.iteration(), stop.iterations()));
            case SWITCH, STAY -> {}
        }
        turn.happened(
                "WeightShifted",
                "The canary has %d %% of the traffic.".formatted(t.canaryWeight()));
    }
}
