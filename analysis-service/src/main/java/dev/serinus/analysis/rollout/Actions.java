package dev.serinus.analysis.rollout;

import dev.serinus.analysis.rollout.Answer.Outcome;
import dev.serinus.analysis.rollout.Rollout.Pause;
import dev.serinus.analysis.rollout.RolloutEvent.ActionAsked;
import dev.serinus.analysis.rollout.gate.Freeze;
import dev.serinus.analysis.rollout.gate.WaitingGate;
import dev.serinus.analysis.rollout.tell.Severity;
import dev.serinus.schemas.hook.Point;

import org.jspecify.annotations.Nullable;

import java.time.Duration;

/**
 * What people ask for: each is answered, held or not, and they are told when it cannot be. What has
 * an id is answered by exactly one event of the history.
 */
final class Actions {

    /** What was asked for longer ago is not done any more. */
    static final Duration LONGEST_WAY = Duration.ofMinutes(10);

    private Actions() {}

    static TransitionBuilder take(TransitionBuilder before, ActionAsked asked) {
        var by = before.by(asked.actor());
        var t = asked.id().isEmpty() ? by : by.with(by.now().answering(asked.id()));
        if (!isMeant(t.now(), asked)) {
            return refuse(t, asked, Outcome.OUTDATED, outdated(t.now(), asked));
        }
        if (isLate(t.now(), asked)) {
            return refuse(t, asked, Outcome.OUTDATED, late(asked));
        }
        var refusal = Permitted.refusal(t.now(), asked.action(), asked.gate());
        if (Permitted.isSo(t.now(), asked.action())
                && (refusal.isEmpty() || asked.id().isEmpty())) {
            return unchanged(t, asked);
        }
        return refusal.map(because -> refuse(t, asked, Outcome.REFUSED, because))
                .orElseGet(() -> done(t, asked));
    }

    /** The run that the actor means goes on, and nothing happened that he has not seen. */
    static boolean isMeant(Rollout r, ActionAsked asked) {
        return (asked.run() == 0 || asked.run() == r.run().number())
                && (asked.sequence() == 0 || asked.sequence() == r.counters().sequence());
    }

    private static String outdated(Rollout r, ActionAsked asked) {
        return asked.run() != 0 && asked.run() != r.run().number()
                ? "it is meant for run %d, and the present one is %d"
                        .formatted(asked.run(), r.run().number())
                : "it was asked after event %d of the run, and the latest is %d"
                        .formatted(asked.sequence(), r.counters().sequence());
    }

    /**
     * It was on its way for so long that nobody knows whether it is still wanted. Holding leads
     * nobody to a release; to take back or let go on the run that is named is what was asked for,
     * but for one whose failure nobody may have seen then.
     */
    private static boolean isLate(Rollout r, ActionAsked asked) {
        return asked.at().isAfter(asked.askedAt().plus(LONGEST_WAY))
                && switch (asked.action()) {
                    case PAUSE -> false;
                    case RESUME -> asked.run() == 0 || r.run().failure() != null;
                    case ABORT -> asked.run() == 0;
                    case PROMOTE, SKIP, APPROVE, RETRY -> true;
                };
    }

    private static String late(ActionAsked asked) {
        return "it was asked for at %s and could not be taken within %d minutes: ask again"
                .formatted(asked.askedAt(), LONGEST_WAY.toMinutes());
    }

    private static TransitionBuilder done(TransitionBuilder t, ActionAsked asked) {
        return switch (asked.action()) {
            case PAUSE -> pause(t, asked);
            case RESUME -> resume(t, asked);
            case ABORT -> abort(t, asked);
            case PROMOTE -> promote(t, asked);
            case RETRY -> retry(t, asked);
            case SKIP -> skip(t, asked);
            case APPROVE -> approve(t, asked);
        };
    }

    private static String reason(ActionAsked asked) {
        return asked.reason().isBlank() ? "" : ": " + asked.reason();
    }

    private static @Nullable Answer answer(
            TransitionBuilder t, ActionAsked asked, Outcome outcome) {
        return asked.id().isEmpty()
                ? null
                : new Answer(
                        asked.id(),
                        asked.action(),
                        outcome,
                        asked.reason(),
                        Permitted.actions(t.now()));
    }

    private static TransitionBuilder did(
            TransitionBuilder t, ActionAsked asked, String type, String words) {
        return t.answered(type, words, answer(t, asked, Outcome.DONE));
    }

    private static TransitionBuilder unchanged(TransitionBuilder t, ActionAsked asked) {
        if (asked.id().isEmpty()) {
            return t;
        }
        String words =
                "%s by %s changes nothing: it is %s"
                        .formatted(
                                asked.action(),
                                asked.actor(),
                                t.now().pause() == null ? "not paused" : "paused already");
        return t.answered("ActionUnchanged", words, answer(t, asked, Outcome.UNCHANGED));
    }

    private static TransitionBuilder pause(TransitionBuilder t, ActionAsked asked) {
        String words = "Paused by " + asked.actor() + reason(asked);
        var paused =
                t.with(t.now().withPause(new Pause(asked.actor(), asked.reason(), t.at())))
                        .normal(words);
        return did(paused, asked, "Paused", words);
    }

    private static TransitionBuilder resume(TransitionBuilder t, ActionAsked asked) {
        boolean paused = t.now().pause() != null;
        boolean failed = !paused && HeldFailure.waits(t.now());
        String words = "Resumed by " + asked.actor() + reason(asked);
        var resumed = t.with(t.now().withPause(null)).with(t.now().run().settled()).normal(words);
        var told = did(resumed, asked, "Resumed", words);
        if (failed) {
            return HeldFailure.resumed(told);
        }
        return paused && !told.now().held() ? told.then(new Next.Release()) : told;
    }

    private static TransitionBuilder abort(TransitionBuilder t, ActionAsked asked) {
        String words =
                "Rolling back %s aborted by %s%s"
                        .formatted(t.canary(), asked.actor(), reason(asked));
        var told = t.with(t.now().withPause(null)).warning(words).chat(Severity.WARN, words);
        return did(told, asked, "Aborted", words).then(new Next.RollBack(words));
    }

    private static TransitionBuilder promote(TransitionBuilder t, ActionAsked asked) {
        String words =
                "Promotion of %s asked for by %s%s"
                        .formatted(t.canary(), asked.actor(), reason(asked));
        return HeldFailure.forgiven(did(t.normal(words), asked, "PromotionForced", words))
                .then(new Next.Copy());
    }

    private static TransitionBuilder retry(TransitionBuilder t, ActionAsked asked) {
        String words =
                "Retry of %s asked for by %s%s".formatted(t.canary(), asked.actor(), reason(asked));
        var told = did(t.normal(words), asked, "Retried", words);
        return told.then(t.stage() instanceof Stage.Resting ? new Next.Run() : new Next.Restart());
    }

    /**
     * The step is neither waited for nor judged. What may demand a rollback is asked all the same,
     * and so are the gates before the next one.
     */
    private static TransitionBuilder skip(TransitionBuilder t, ActionAsked asked) {
        String words =
                "Step of %s skipped by %s%s".formatted(t.canary(), asked.actor(), reason(asked));
        var told = did(t.normal(words), asked, "StepSkipped", words);
        if (t.stage().awaited() instanceof Awaited.StepBack) {
            return told.then(new Next.RouteBack());
        }
        if (t.stage().awaited() instanceof Awaited.FirstStep) {
            return told.then(new Next.FirstStep());
        }
        var on = HeldFailure.forgiven(told);
        var run = on.now().run().settled();
        return Hooks.demand(
                on.with(run.with(run.readiness().anew(Baseline.isPairReady(t.now()), t.at()))),
                new Next.AskToAdvance());
    }

    private static TransitionBuilder approve(TransitionBuilder t, ActionAsked asked) {
        var freeze = Freezes.approved(t.now(), asked.gate());
        if (freeze.isPresent()) {
            return passFreeze(t, asked, freeze.get());
        }
        if (Permitted.isOfGroup(t.now(), asked.gate())) {
            return passGroup(t, asked);
        }
        var later = Permitted.gateAfterFreeze(t.now(), asked.gate());
        if (later.isPresent()) {
            return openLater(t, asked, later.get());
        }
        return t.stage().awaited() instanceof Awaited.Turn ? pass(t, asked) : open(t, asked);
    }

    /** It is not asked when the freeze is over, which holds the run until then. */
    private static TransitionBuilder openLater(
            TransitionBuilder t, ActionAsked asked, WaitingGate gate) {
        String words =
                "Gate %s of %s approved by %s%s; it goes on after %s"
                        .formatted(
                                gate.hook(),
                                t.canary(),
                                asked.actor(),
                                reason(asked),
                                t.now().waitingFor());
        var run = t.now().run().approving(gate.point(), t.spec().gateKeys(gate));
        return did(t.with(run).normal(words), asked, "GateOpened", words);
    }

    /** This run is promoted without the others of its group. */
    private static TransitionBuilder passGroup(TransitionBuilder t, ActionAsked asked) {
        String words =
                "%s is promoted without the others of %s, approved by %s%s"
                        .formatted(
                                t.canary(),
                                GroupPermits.gate(t.now()).orElse(""),
                                asked.actor(),
                                reason(asked));
        var told = did(GroupPermits.open(t).normal(words), asked, "GateOpened", words);
        return t.stage().awaited() instanceof Awaited.GroupReady && !told.now().held()
                ? OpenedGate.goOn(told, Point.PROMOTE)
                : told;
    }

    /** This run passes the freeze, at each of its gates. */
    private static TransitionBuilder passFreeze(
            TransitionBuilder t, ActionAsked asked, Freeze freeze) {
        String words =
                "%s passes freeze %s, approved by %s%s"
                        .formatted(t.canary(), freeze.name(), asked.actor(), reason(asked));
        var told = did(Freezes.passing(t, freeze).normal(words), asked, "FreezePassed", words);
        return t.stage().awaited() instanceof Awaited.FreezeEnd(var point, var _)
                        && !told.now().held()
                ? OpenedGate.goOn(told, point)
                : told;
    }

    /**
     * The line for a budget, or a wave, is passed. Whoever said yes to the start before is asked
     * again.
     */
    private static TransitionBuilder pass(TransitionBuilder t, ActionAsked asked) {
        String words =
                "%s %s, approved by %s%s"
                        .formatted(
                                t.canary(),
                                Permits.behind(t.now())
                                        .map(first -> "begins without waiting for " + first)
                                        .orElse("passes the line for a budget"),
                                asked.actor(),
                                reason(asked));
        var told = did(t.normal(words), asked, "GateOpened", words);
        return Permits.passed(told).then(new Next.AskToStart());
    }

    /**
     * What the other webhooks of the gate say still counts, and so do the pods and what may demand
     * a rollback.
     */
    private static TransitionBuilder open(TransitionBuilder t, ActionAsked asked) {
        var gate =
                Permitted.waitingGate(t.now())
                        .orElseThrow(() -> new IllegalStateException("no gate waits"));
        String words =
                "Gate %s of %s approved by %s%s"
                        .formatted(gate.hook(), t.canary(), asked.actor(), reason(asked));
        var opened =
                WaveTimeouts.opened(t, gate)
                        .or(() -> GroupPermits.opened(t, gate))
                        .orElseGet(
                                () ->
                                        t.with(
                                                t.now()
                                                        .run()
                                                        .approving(
                                                                gate.point(),
                                                                t.spec().gateKeys(gate))));
        var told = did(opened.normal(words), asked, "GateOpened", words);
        return told.now().held() && !HeldFailure.waits(t.now())
                ? told
                : OpenedGate.goOn(HeldFailure.forgiven(told), gate.point());
    }

    private static TransitionBuilder refuse(
            TransitionBuilder t, ActionAsked asked, Outcome outcome, String because) {
        String words = "%s by %s refused: %s".formatted(asked.action(), asked.actor(), because);
        return t.warning(words).answered("ActionRefused", words, answer(t, asked, outcome));
    }
}
