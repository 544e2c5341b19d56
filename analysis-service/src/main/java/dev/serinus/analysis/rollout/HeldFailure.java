package dev.serinus.analysis.rollout;

import dev.serinus.analysis.rollout.gate.WaitingGate;
import dev.serinus.analysis.rollout.plan.Exposure;
import dev.serinus.analysis.rollout.plan.Stop;
import dev.serinus.analysis.rollout.tell.Severity;
import dev.serinus.schemas.canary.Durations;
import dev.serinus.schemas.hook.HookType.Meaning.Confirms;
import dev.serinus.schemas.hook.HookType.Meaning.DemandsRollback;
import dev.serinus.schemas.hook.Point;
import dev.serinus.schemas.topic.CanaryKey;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * An analysis that failed and is not taken back, since its Canary wants people to decide. Nothing
 * advances and traffic stays where it is; what protects it goes on, hooks may demand a rollback,
 * and after a declared time it is taken back.
 */
final class HeldFailure {

    private HeldFailure() {}

    /**
     * True while people are to decide. About an analysis that nobody wants any more nobody needs
     * to; a gate stays closed without one as well.
     */
    static boolean isOn(Rollout r) {
        var failure = r.run().failure();
        return failure != null && (failure.gate() != null || !r.skipsAnalysis());
    }

    /** People are asked to decide; now and then hooks are asked, whether to roll back. */
    static boolean waits(Rollout r) {
        return r.run().failure() != null
                && (r.stage().awaited() instanceof Awaited.Decision
                        || r.stage().question()
                                instanceof
                                Question.AskForRollback(var _, var _, Next.AwaitDecision _));
    }

    /** The gate of the start stayed closed: nothing was scaled up yet. */
    static boolean isBeforeStart(Rollout r) {
        return part(r) == Part.START;
    }

    private static Part part(Rollout r) {
        var failure = r.run().failure();
        return failure != null && failure.gate() != null && failure.gate().point() == Point.START
                ? Part.START
                : Part.ANALYSIS;
    }

    /** When it is taken back unless somebody decides; the timer of a paused one stands still. */
    static Instant until(Rollout r, Run.Failure failure) {
        return failure.since().plus(r.specInForce().ruled().holdTimeout());
    }

    // ---- it begins

    /**
     * The analysis failed: the canary is taken back, or held where its Canary says so.
     *
     * @param what in Flagger's words, after the name of the Canary
     * @param chat in Flagger's words, where it is taken back
     * @param because for the history
     */
    static TransitionBuilder failed(TransitionBuilder t, String what, String chat, String because) {
        return t.spec().ruled().holdsFailed() && !t.now().skipsAnalysis()
                ? begin(t, what, because, null)
                : takenBack(t, what, chat, because);
    }

    /** A gate stayed closed, and so the analysis has failed. */
    static TransitionBuilder failed(TransitionBuilder t, String because, WaitingGate gate) {
        return t.spec().ruled().holdsFailed()
                ? begin(t, because, because, gate)
                : takenBack(t, because);
    }

    private static TransitionBuilder takenBack(TransitionBuilder t, String because) {
        return takenBack(t, because, "Rolled back, " + because, because);
    }

    private static TransitionBuilder takenBack(
            TransitionBuilder t, String what, String chat, String because) {
        return t.warning("Rolling back %s %s".formatted(t.canary(), what))
                .chat(Severity.ERROR, chat)
                .then(new Next.RollBack(because));
    }

    /** Nobody is asked any more but people. */
    static TransitionBuilder begin(
            TransitionBuilder t, String what, String because, @Nullable WaitingGate gate) {
        var failure = new Run.Failure(because, t.at(), gate);
        var held = t.with(t.now().run().doubting(null).gateClosed(null).failing(failure));
        String until =
                "held until people decide, or %s passes".formatted(until(held.now(), failure));
        return await(
                held.warning("Halt %s advancement %s: %s".formatted(t.canary(), what, until))
                        .chat(
                                Severity.ERROR,
                                "Canary analysis failed and is %s: %s".formatted(until, what))
                        .happened("HeldAfterFailure", because));
    }

    /** It was held before it was handed over: people have all of their time again. */
    static TransitionBuilder again(TransitionBuilder t, Run.Failure failure) {
        String because = failure.because();
        return failure.gate() != null || t.spec().ruled().holdsFailed()
                ? begin(t, because, because, failure.gate())
                : await(t.with(t.now().run().failing(failure)));
    }

    // ---- it goes on

    /** What would come next and may not, until somebody has decided. */
    static boolean stops(Rollout r, Next next) {
        return isOn(r)
                && switch (next) {
                    case Next.AskToStart _, Next.ScaleUp _ -> isBeforeStart(r);
                    case Next.AwaitCanary _,
                            Next.AwaitCanaryAgain _,
                            Next.Tick _,
                            Next.FirstStep _,
                            Next.Check _,
                            Next.AskToAdvance _,
                            Next.Shift _,
                            Next.SwitchAll _,
                            Next.AskToPromote _,
                            Next.Copy _ ->
                            true;
                    // Back to where it was, once the primary that had failed serves again.
                    case Next.ShiftAgain _ -> false;
                    case Next.Initialize _,
                            Next.Create _,
                            Next.TakeOver _,
                            Next.CopyFirst _,
                            Next.Adopt _,
                            Next.Rest _,
                            Next.Reshape _,
                            Next.Run _,
                            Next.Restart _,
                            Next.Park _,
                            Next.Release _,
                            Next.AwaitDecision _,
                            Next.RouteBack _,
                            Next.ScaleDown _,
                            Next.EndPromoted _,
                            Next.FailPromotion _,
                            Next.RollBack _,
                            Next.EndRolledBack _,
                            Next.End _,
                            Next.Restore _ ->
                            false;
                };
    }

    /** Waits for a decision, or goes on where none is needed any more. */
    static TransitionBuilder await(TransitionBuilder t) {
        var failure = t.now().run().failure();
        if (failure == null || !isOn(t.now())) {
            return t.then(new Next.Tick());
        }
        var gate = failure.gate();
        if (gate != null && !isThere(t.spec(), t.now().canary(), gate)) {
            return resumed(
                    t.normal(
                            "Gate %s of %s is none of its manifest any more: it goes on"
                                    .formatted(gate.hook(), t.canary())));
        }
        if (gate == null && !t.spec().ruled().holdsFailed()) {
            String words =
                    "spec.analysis.onFailure does not hold it any more: " + failure.because();
            return takenBack(t, words);
        }
        var end = until(t.now(), failure);
        var later = t.at().plus(t.spec().interval());
        boolean asks = !t.spec().hooks(new DemandsRollback()).isEmpty() && !isBeforeStart(t.now());
        boolean sooner = t.now().held() ? asks || end.isBefore(later) : asks && later.isBefore(end);
        return t.awaitUntil(new Awaited.Decision(part(t.now())), sooner ? later : end);
    }

    /** True for a gate that the manifest has still: a webhook, a wave or a group. */
    static boolean isThere(Spec spec, CanaryKey canary, WaitingGate gate) {
        var group = spec.ruled().group();
        return WaveTimeouts.isNamed(spec, canary, gate)
                || (group != null
                        && gate.point() == Point.PROMOTE
                        && group.gate().equals(gate.hook()))
                || spec.hooks(new Confirms(gate.point())).stream()
                        .anyMatch(place -> spec.hooks().get(place).name().equals(gate.hook()));
    }

    /** The time is over, or it is time to ask whether to roll back. */
    static TransitionBuilder due(TransitionBuilder t) {
        var failure = t.now().run().failure();
        if (failure == null || !isOn(t.now())) {
            return t.then(new Next.Tick());
        }
        if (isOver(t, failure)) {
            return undecided(t, failure);
        }
        var on = new Next.AwaitDecision();
        return isBeforeStart(t.now()) ? t.then(on) : Hooks.demand(t, on);
    }

    /** What follows where people had no longer to decide; empty where they have. */
    static Optional<TransitionBuilder> undecidedForTooLong(TransitionBuilder t) {
        return Optional.ofNullable(t.now().run().failure())
                .filter(failure -> isOn(t.now()) && isOver(t, failure))
                .map(failure -> undecided(t, failure));
    }

    private static boolean isOver(TransitionBuilder t, Run.Failure failure) {
        return !t.now().held() && !t.at().isBefore(until(t.now(), failure));
    }

    private static TransitionBuilder undecided(TransitionBuilder t, Run.Failure failure) {
        String words =
                "nobody decided within %s: %s"
                        .formatted(
                                Durations.print(t.spec().ruled().holdTimeout()), failure.because());
        return takenBack(t, words);
    }

    // ---- somebody decides

    /** It did not fail: what was counted is forgotten. */
    static TransitionBuilder forgiven(TransitionBuilder t) {
        if (t.now().run().failure() == null) {
            return t;
        }
        var run = t.now().run().failing(null).counting(null).settled();
        var traffic = t.now().traffic();
        return t.with(run.with(run.readiness().anew(Baseline.isPairReady(t.now()), t.at())))
                .with(new Traffic(traffic.split(), traffic.iterations(), 0));
    }

    /** It goes on from where it is, with a whole interval before the next check. */
    static TransitionBuilder resumed(TransitionBuilder t) {
        boolean start = isBeforeStart(t.now());
        boolean below = isBelowItsStop(t.now());
        var on = forgiven(t);
        if (start) {
            return on.then(new Next.AskToStart());
        }
        return below
                ? on.then(new Next.AwaitCanaryAgain())
                : Holding.resumed(on, Analysis.again(on.now()));
    }

    /** Before anything was scaled up there is only the gate to begin with again. */
    static boolean isReset(Rollout r) {
        return waits(r) && isBeforeStart(r) && r.requests().asksToReset() && !r.held();
    }

    static TransitionBuilder reset(TransitionBuilder t) {
        return resumed(t.with(t.now().resetDone()).normal(Start.resetWords(t)));
    }

    /** Traffic was taken from a canary that did not serve. */
    private static boolean isBelowItsStop(Rollout r) {
        List<Stop> stops = r.run().stops();
        int reached = r.run().reached();
        return reached > 0
                && Exposure.of(stops.get(reached - 1).split())
                        .isAbove(Exposure.of(r.traffic().split()));
    }

    /** What people can do about it, in words. */
    static String ways(Rollout r, Run.Failure failure) {
        return failure.gate() == null
                ? "resume, retry, skip, promote or abort"
                : isBeforeStart(r)
                        ? "approve, resume or abort"
                        : "approve, resume, retry, promote or abort";
    }
}
