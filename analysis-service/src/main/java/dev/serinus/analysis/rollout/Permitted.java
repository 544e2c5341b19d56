package dev.serinus.analysis.rollout;

import dev.serinus.analysis.rollout.RolloutEvent.Action;
import dev.serinus.analysis.rollout.gate.Freeze;
import dev.serinus.analysis.rollout.gate.WaitingGate;
import dev.serinus.schemas.hook.HookType.Meaning;
import dev.serinus.schemas.hook.Point;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Which actions make sense at a stage, and in words why the others do not. */
final class Permitted {

    private Permitted() {}

    /** All that would not be refused, but for what is so already. */
    static List<Action> actions(Rollout r) {
        return r.uid().isEmpty() || r.gone()
                ? List.of()
                : Stream.of(Action.values())
                        .filter(action -> refusal(r, action, "").isEmpty())
                        .filter(action -> !isSo(r, action))
                        .toList();
    }

    /** True where it would change nothing. */
    static boolean isSo(Rollout r, Action action) {
        return switch (action) {
            case PAUSE -> r.pause() != null;
            case RESUME -> r.pause() == null && !isUndecided(r) && !isDecided(r);
            case PROMOTE, ABORT, RETRY, SKIP, APPROVE -> false;
        };
    }

    /** The analysis failed, and people are to decide what comes of it. */
    private static boolean isDecided(Rollout r) {
        return HeldFailure.waits(r) && !r.held();
    }

    static boolean isUndecided(Rollout r) {
        return r.stage().part() == Part.ANALYSIS && Undecided.of(r).isPresent();
    }

    /** Why it cannot be done, in words; empty where it can. */
    static Optional<String> refusal(Rollout r, Action action, String gate) {
        if (r.manifest().deleting()) {
            return Optional.of("the Canary is being deleted");
        }
        if (r.spec() == null) {
            return Optional.of("its manifest has mistakes that have to be mended first");
        }
        return Optional.of(
                        switch (action) {
                            case PAUSE -> "";
                            case RESUME -> resume(r);
                            case ABORT -> abort(r);
                            case PROMOTE -> promote(r);
                            case RETRY -> retry(r);
                            case SKIP -> skip(r);
                            case APPROVE -> approve(r, gate);
                        })
                .filter(because -> !because.isEmpty());
    }

    private static String resume(Rollout r) {
        return isSo(r, Action.RESUME) && r.isSuspended()
                ? "nobody paused it, it is suspended by its manifest: take spec.suspend away there"
                : "";
    }

    /** Also of a run that waits to begin: whoever stops a release does not wait until it runs. */
    private static String abort(Rollout r) {
        boolean runs =
                r.stage().part() == Part.START
                        || (r.stage().part() == Part.ANALYSIS && !r.promoting());
        return HeldFailure.waits(r) || runs ? "" : "there is no run to abort: " + present(r);
    }

    private static String promote(Rollout r) {
        if (r.held()) {
            return held(r);
        }
        var group = GroupPermits.gate(r);
        if (group.isPresent() && r.stage().part() == Part.ANALYSIS) {
            return "it is promoted together with others: approve %s first".formatted(group.get());
        }
        Workload target = r.target();
        boolean waits =
                r.stage().part() == Part.ANALYSIS
                        && (waits(r)
                                || isChecked(r)
                                || r.stage().awaited() instanceof Awaited.FreezeEnd);
        if (!waits) {
            return "only a canary that waits at a step can be promoted at once: " + present(r);
        }
        if (target == null || !target.releasable()) {
            return "only a canary that serves can be promoted, and its pods are not ready";
        }
        var at = r.at();
        return at == null
                ? ""
                : Freezes.holding(r, Point.PROMOTE, at).map(Permitted::frozen).orElse("");
    }

    private static String frozen(Freeze freeze) {
        return "it is held until %s: approve %s first".formatted(freeze.words(), freeze.gate());
    }

    private static String retry(Rollout r) {
        boolean failed = HeldFailure.waits(r) && !HeldFailure.isBeforeStart(r);
        if (!failed && !(r.stage() instanceof Stage.Resting)) {
            return "a run can be tried again only at rest: " + present(r);
        }
        if (r.held()) {
            return held(r);
        }
        Workload target = r.target();
        return target == null || !target.exists() ? "there is no target to roll out" : "";
    }

    private static String skip(Rollout r) {
        if (r.held()) {
            return held(r);
        }
        if (r.stage().awaited() instanceof Awaited.StepBack) {
            return "";
        }
        if (r.stage().awaited() instanceof Awaited.FreezeEnd(var _, var freeze)) {
            return frozen(freeze);
        }
        var gate = waitingGate(r);
        if (gate.isPresent()) {
            return "it waits at gate %s, which has to be approved".formatted(gate.get().hook());
        }
        boolean waits = r.stage().part() == Part.ANALYSIS && (waits(r) || isChecked(r));
        if (!waits) {
            return "there is no step to skip: " + present(r);
        }
        if (!Baseline.isPairReady(r)) {
            return "no step is skipped while the canary's pods are not ready";
        }
        if (!isPrimaryReady(r)) {
            return "no step is skipped while the primary's pods are not ready";
        }
        return r.run().reached() > 0 || r.stage().awaited() instanceof Awaited.FirstStep
                ? ""
                : "it has no traffic yet, and its pre-rollout checks have to pass first";
    }

    /** It serves with all of its pods, or the run is judged where nobody needs it to. */
    static boolean isPrimaryReady(Rollout r) {
        Workload primary = r.primary();
        return r.run().stays() || (primary != null && primary.servesReady());
    }

    /** True where an approval means that a run is promoted without the others of its group. */
    static boolean isOfGroup(Rollout r, String gate) {
        boolean waits = r.stage().awaited() instanceof Awaited.GroupReady;
        return !HeldFailure.waits(r)
                && GroupPermits.gate(r)
                        .filter(own -> own.equals(gate) || (waits && gate.isEmpty()))
                        .isPresent();
    }

    private static String approve(Rollout r, String gate) {
        if (isOfGroup(r, gate)) {
            return "";
        }
        if (gate.equals(WaitingGate.START)) {
            return begin(r);
        }
        if (r.stage().awaited() instanceof Awaited.Turn && !gate.startsWith(Freeze.GATE)) {
            return !gate.isEmpty()
                    ? "it waits for %s, and not at gate %s"
                            .formatted(Permits.behind(r).orElse("a budget"), gate)
                    : r.held() ? held(r) : "";
        }
        boolean frozen = r.stage().awaited() instanceof Awaited.FreezeEnd;
        if (gate.startsWith(Freeze.GATE) || (frozen && gate.isEmpty())) {
            return passFreeze(r, gate);
        }
        if (gateAfterFreeze(r, gate).isPresent()) {
            return "";
        }
        return waitingGate(r)
                .map(
                        it ->
                                gate.isEmpty() || gate.equals(it.hook())
                                        ? ""
                                        : "the gate that waits is %s, not %s"
                                                .formatted(it.hook(), gate))
                .orElseGet(() -> "no gate waits: " + present(r));
    }

    /** What may not let pass a freeze may let a run begin; both wait in the same phase. */
    private static String begin(Rollout r) {
        if (r.stage().awaited() instanceof Awaited.Turn) {
            return r.held() ? held(r) : "";
        }
        if (r.stage().awaited() instanceof Awaited.FreezeEnd(var _, var freeze)) {
            return "it waits for %s, which is let pass by its own name alone"
                    .formatted(freeze.words());
        }
        boolean waits =
                !HeldFailure.waits(r)
                        && waitingGate(r).filter(it -> it.point() == Point.START).isPresent();
        return waits ? "" : "it waits for nobody to begin: " + present(r);
    }

    private static String passFreeze(Rollout r, String gate) {
        boolean runs =
                r.stage().part() == Part.START
                        || (r.stage().part() == Part.ANALYSIS && !r.promoting());
        if (!runs) {
            return "no run goes on that a freeze could hold: " + present(r);
        }
        return Freezes.approved(r, gate).isPresent()
                ? ""
                : "no freeze holds it now%s"
                        .formatted(gate.isEmpty() ? "" : " that is called " + gate);
    }

    /**
     * The gate of this name that is asked when the freeze is over: whoever approves it comes once.
     * Empty where there is none, or where it was approved already.
     */
    static Optional<WaitingGate> gateAfterFreeze(Rollout r, String gate) {
        if (r.spec() == null
                || !(r.stage().awaited() instanceof Awaited.FreezeEnd(var point, var _))) {
            return Optional.empty();
        }
        var spec = r.specInForce();
        return spec.hooks(new Meaning.Confirms(point)).stream()
                .filter(place -> spec.hooks().get(place).name().equals(gate))
                .filter(place -> !r.run().isApproved(point, spec.gateKeys().get(place)))
                .map(_ -> new WaitingGate(point, gate))
                .findFirst();
    }

    /** The gate that is closed, or is just being asked. */
    static Optional<WaitingGate> waitingGate(Rollout r) {
        if (r.spec() == null) {
            return Optional.empty();
        }
        if (r.stage().awaited() instanceof Awaited.OpenGate(var point, var by, var _)) {
            return Optional.of(new WaitingGate(point, by))
                    .filter(gate -> !r.run().isApproved(point, by));
        }
        var failure = r.run().failure();
        if (failure != null && HeldFailure.waits(r)) {
            return Optional.ofNullable(failure.gate());
        }
        return r.stage().question() instanceof Question.CallHook asked
                        && asked.type().meaning() instanceof Meaning.Confirms(var point)
                        && Hooks.isThere(r.specInForce(), asked)
                ? Optional.of(
                        new WaitingGate(point, r.specInForce().hooks().get(asked.hook()).name()))
                : Optional.empty();
    }

    /** For time, for people, or for a check that had no verdict. */
    private static boolean waits(Rollout r) {
        return r.stage().awaited() instanceof Awaited.Interval
                || r.stage().awaited() instanceof Awaited.FirstStep
                || r.stage().awaited() instanceof Awaited.OpenGate
                || HeldFailure.waits(r);
    }

    /** For the answers of a check: the same step, a moment later. */
    private static boolean isChecked(Rollout r) {
        return r.stage().question() instanceof Question.Metrics
                || r.stage().question() instanceof Question.CallHook;
    }

    private static String held(Rollout r) {
        return r.pause() == null
                ? "it is suspended by its manifest (spec.suspend)"
                : "it is paused: resume it first";
    }

    /** Before what is waited for, where that is no sentence of its own. */
    private static String waits(@Nullable Awaited awaited) {
        return awaited instanceof Awaited.FreezeEnd
                        || awaited instanceof Awaited.OpenGate
                        || awaited instanceof Awaited.GroupReady
                ? "it waits for "
                : "";
    }

    /** What goes on, for whoever asked for something else. */
    private static String present(Rollout r) {
        return switch (r.stage().part()) {
            case NONE -> "nothing is known of its target yet";
            case INITIALIZATION -> "it is being initialised";
            case REST -> "nothing is being rolled out";
            case START ->
                    r.stage().awaited() instanceof Awaited.Turn
                                    || r.stage().awaited() instanceof Awaited.FreezeEnd
                            ? "the run has not begun and waits for " + r.waitingFor()
                            : "the run has not begun and waits for its gate";
            case ANALYSIS ->
                    r.promoting()
                            ? "the promotion is under way"
                            : r.waitingFor().isEmpty()
                                    ? "a step is being set or checked"
                                    : waits(r.stage().awaited()) + r.waitingFor();
            case PROMOTION -> "the promotion is under way";
            case ROLLBACK -> "it is being taken back";
            case END -> "the run has ended";
            case DELETION -> "the Canary is being deleted";
        };
    }
}
