package dev.serinus.analysis.rollout;

import dev.serinus.analysis.rollout.gate.Claim;
import dev.serinus.analysis.rollout.gate.Freeze;
import dev.serinus.analysis.rollout.gate.Gate;
import dev.serinus.analysis.rollout.gate.GateFacts;
import dev.serinus.analysis.rollout.gate.Opinion;
import dev.serinus.analysis.rollout.gate.WaitingGate;
import dev.serinus.analysis.rollout.plan.Exposure;
import dev.serinus.analysis.rollout.plan.Stop;
import dev.serinus.analysis.rollout.tell.Severity;
import dev.serinus.schemas.hook.HookType.Meaning.Confirms;
import dev.serinus.schemas.hook.HookType.Meaning.DemandsRollback;
import dev.serinus.schemas.hook.Point;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The three gates of a run: who is asked, what follows, and how a closed one is told. */
final class Gates {

    /** Of a permit: answers are not lost, unless their topic is, and who is silent is dropped. */
    private static final Duration ASKED_AGAIN_AFTER = Claim.SAID_AGAIN_AFTER;

    private static final Duration ASKED_AGAIN_AT_ONCE = Duration.ofSeconds(1);

    /** Beyond the place of every hook. */
    private static final int AFTER_ALL = Integer.MAX_VALUE;

    private Gates() {}

    /**
     * Asks a gate.
     *
     * @param after the place of the hook that has just said yes; {@link Hooks#NONE_YET} at first
     */
    static TransitionBuilder ask(TransitionBuilder before, Point point, int after) {
        var t = Freezes.passedByAnnotation(Freezes.tried(before, point), point);
        List<Integer> hooks =
                asksHooks(t.now(), point)
                        ? t.spec().hooks(new Confirms(point)).stream()
                                .filter(place -> place > after)
                                .filter(place -> !isApproved(t, point, place))
                                .toList()
                        : List.of();
        return switch (Gate.ask(
                new GateFacts(
                        point,
                        hooks,
                        hold(t.now()),
                        Freezes.holding(t.now(), point, t.at()),
                        Permits.isNeeded(t.now()),
                        GroupPermits.isAwaited(t.now())))) {
            case Opinion.Open() -> {
                var passed = t.now().run().passing(point);
                yield t.with(isAnother(t.now(), point) ? passed : passed.gateClosed(null))
                        .then(opened(t.now(), point));
            }
            case Opinion.Closed(var _, var _) -> t.then(new Next.Park(asking(point)));
            case Opinion.Frozen(var freeze) -> frozen(t, point, freeze);
            case Opinion.Unknown(var hook) ->
                    GateTimeouts.asked(t, point, hook).ask(Hooks.call(t.spec(), hook));
            // The gate is open: what it was closed for, and how long, is over.
            case Opinion.Ungrouped() -> ungrouped(t.with(t.now().run().gateClosed(null)));
            case Opinion.Unpermitted() ->
                    unpermitted(WaveTimeouts.asked(t.with(t.now().run().gateClosed(null))));
        };
    }

    // ---- its group

    /** Nothing else keeps it: it says so, and waits for the others. */
    private static TransitionBuilder ungrouped(TransitionBuilder t) {
        return GroupPermits.timedOut(t).orElseGet(() -> waitsForGroup(t));
    }

    private static TransitionBuilder waitsForGroup(TransitionBuilder t) {
        Phase before = t.now().phase();
        boolean news = GroupPermits.isNews(t.now());
        var ready = GroupPermits.ready(t).with(Phase.WAITING_PROMOTION);
        var later = t.at().plus(t.spec().interval());
        var due =
                GroupPermits.limit(ready.now())
                        .filter(end -> t.at().isBefore(end) && end.isBefore(later))
                        .orElse(later);
        var waits = ready.awaitUntil(new Awaited.GroupReady(), due);
        if (!news) {
            return waits;
        }
        String words = GroupPermits.words(waits.now());
        return waits.tell(
                        false,
                        "Halt %s advancement waiting for %s".formatted(t.canary(), words),
                        before)
                .happened("GroupWaits", "It waits for " + words + ".");
    }

    /** The group has news for one that takes part in it. */
    static TransitionBuilder answered(TransitionBuilder t, RolloutEvent.GroupAnswered answer) {
        var noted = t.with(GroupPermits.answered(t.now(), answer));
        return switch (answer.outcome()) {
            case WAITS ->
                    t.stage().awaited() instanceof Awaited.GroupReady
                            ? sooner(noted, answer.until())
                            : noted;
            case OPEN ->
                    t.stage().awaited() instanceof Awaited.GroupReady
                            // Its webhooks said yes, and are not asked what the others wait for.
                            ? ask(noted, Point.PROMOTE, AFTER_ALL)
                            : noted;
            case FAILED -> GroupPermits.failed(noted, answer.because());
        };
    }

    private static TransitionBuilder unpermitted(TransitionBuilder t) {
        return WaveTimeouts.timedOut(t)
                .orElseGet(
                        () ->
                                Permits.ask(
                                        t.awaitUntil(
                                                new Awaited.Turn(t.now().generation()),
                                                askedAgainAt(t))));
    }

    /** Sooner where a promotion is waited for no longer than that. */
    private static Instant askedAgainAt(TransitionBuilder t) {
        var later = t.at().plus(ASKED_AGAIN_AFTER);
        return WaveTimeouts.limit(t.now())
                .filter(end -> t.at().isBefore(end) && end.isBefore(later))
                .orElse(later);
    }

    /** Between two questions to the promotion's gate the checks pass that of more traffic. */
    private static boolean isAnother(Rollout r, Point point) {
        return point == Point.ADVANCE && r.phase() == Phase.WAITING_PROMOTION;
    }

    /**
     * The fleet answered. Whoever said yes to the start an interval ago, or to another manifest, is
     * asked again.
     *
     * @param known people were told before that it stands in the line
     */
    static TransitionBuilder answered(
            TransitionBuilder t, RolloutEvent.PermitAnswered answer, boolean known) {
        if (!answer.granted()) {
            var told = sooner(known ? t : toldOfTurn(t), answer.until());
            return sooner(told, WaveTimeouts.limit(told.now()).orElse(null));
        }
        boolean fresh =
                t.stage() instanceof Stage.Waiting(Awaited.Turn(var generation), var timer)
                        && generation == t.now().generation()
                        && t.at().isBefore(timer.since().plus(t.spec().interval()));
        return ask(t, Point.START, fresh ? AFTER_ALL : Hooks.NONE_YET);
    }

    /** Where time alone is waited for, it is asked again once that has passed. */
    private static TransitionBuilder sooner(TransitionBuilder t, @Nullable Instant until) {
        if (until == null || !(t.stage() instanceof Stage.Waiting(var turn, var timer))) {
            return t;
        }
        // The clock of who answered may be behind ours.
        var soonest = t.at().plus(ASKED_AGAIN_AT_ONCE);
        var due = until.isBefore(soonest) ? soonest : until;
        return due.isBefore(timer.due()) ? t.stay(turn, timer.since(), due) : t;
    }

    private static TransitionBuilder toldOfTurn(TransitionBuilder t) {
        String words =
                "Halt %s advancement waiting for %s".formatted(t.canary(), t.now().waitingFor());
        return t.with(Phase.WAITING)
                .tell(false, words, t.now().phase())
                .happened(
                        Permits.behind(t.now()).isPresent() ? "WaveWaits" : "BudgetFull",
                        "It waits for " + t.now().waitingFor() + ".");
    }

    /** Still waiting: the place in the line is asked for, so that a lost answer holds up nobody. */
    static TransitionBuilder waitsOn(TransitionBuilder t) {
        // Whom a freeze holds needs no place in the line.
        if (Freezes.holding(t.now(), Point.START, t.at()).isPresent()) {
            return t.then(new Next.AskToStart());
        }
        return WaveTimeouts.timedOut(t)
                .orElseGet(
                        () ->
                                t.stage() instanceof Stage.Waiting(var turn, var timer)
                                        ? Permits.ask(t.stay(turn, timer.since(), askedAgainAt(t)))
                                        : t);
    }

    // ---- freezes

    /** A freeze of the installation closed it: webhooks are asked when it is over, and anew. */
    private static TransitionBuilder frozen(TransitionBuilder t, Point point, Freeze freeze) {
        Phase before = t.now().phase();
        var phase = closing(point).phase();
        var closed = GroupPermits.anew(t.with(t.now().run().gateClosed(null)));
        var waits =
                (phase == null ? closed : closed.with(phase))
                        .awaitUntil(
                                new Awaited.FreezeEnd(point, freeze), lookedAt(t, point, freeze));
        if (Freezes.isTold(t.now(), freeze)) {
            return waits;
        }
        String words = "Halt %s advancement waiting for %s".formatted(t.canary(), freeze.words());
        return Freezes.telling(waits, freeze)
                .tell(false, words, before)
                .happened("Frozen", "It waits for " + freeze.words() + ".");
    }

    /** Where there is something to look at it is looked at each interval, as at any closed gate. */
    private static Instant lookedAt(TransitionBuilder t, Point point, Freeze freeze) {
        boolean looks =
                point != Point.START
                        && (t.now().run().reached() > 0
                                || !t.spec().hooks(new DemandsRollback()).isEmpty());
        var later = t.at().plus(t.spec().interval());
        return looks && later.isBefore(freeze.until()) ? later : freeze.until();
    }

    /** The freeze is over, or it is time to look at what may stop the run meanwhile. */
    static TransitionBuilder whileFrozen(TransitionBuilder t, Point point) {
        // Where nobody wants an analysis, the check before the promotion asks nobody.
        return point == Point.PROMOTE && t.now().run().reached() == 0
                ? Hooks.demand(t, new Next.Tick())
                : again(t, point);
    }

    /** Is it still this freeze that holds it, until then? */
    static TransitionBuilder look(TransitionBuilder before, Point point, Freeze freeze) {
        var t = Freezes.passedByAnnotation(before, point);
        return Freezes.holding(t.now(), point, t.at())
                        .filter(now -> now.until().equals(freeze.until()))
                        .filter(now -> now.words().equals(freeze.words()))
                        .isPresent()
                ? t
                : again(t, point);
    }

    private static boolean isApproved(TransitionBuilder t, Point point, int place) {
        return t.now().run().isApproved(point, t.spec().gateKeys().get(place));
    }

    private static Next asking(Point point) {
        return switch (point) {
            case START -> new Next.AskToStart();
            case ADVANCE -> new Next.AskToAdvance();
            case PROMOTE -> new Next.AskToPromote();
        };
    }

    private static Next opened(Rollout r, Point point) {
        return switch (point) {
            case START -> new Next.ScaleUp();
            case ADVANCE -> new Next.Shift();
            case PROMOTE ->
                    r.skipsAnalysis()
                            ? new Next.Copy()
                            : r.run()
                                    .next()
                                    .<Next>map(
                                            stop ->
                                                    stop.kind() == Stop.Kind.SWITCH
                                                            ? new Next.SwitchAll()
                                                            // Nobody asks any more for its being
                                                            // skipped.
                                                            : new Next.Tick())
                                    .orElseGet(Next.Copy::new);
        };
    }

    /**
     * The promotion's hooks are asked in every strategy, and before all traffic is switched as
     * well. Those for more traffic where more people are to meet the canary, and as in Flagger at
     * each step of weights.
     */
    private static boolean asksHooks(Rollout r, Point point) {
        return switch (point) {
            case START, PROMOTE -> true;
            case ADVANCE ->
                    r.phase() == Phase.PROGRESSING && (rises(r) || (byWeights(r) && !keeps(r)));
        };
    }

    private static boolean byWeights(Rollout r) {
        return r.run().stops().stream().allMatch(stop -> stop.kind() == Stop.Kind.WEIGHT);
    }

    /** Another check where the traffic is already. */
    private static boolean keeps(Rollout r) {
        return r.run().reached() > 0
                && r.run()
                        .next()
                        .filter(stop -> stop.split().equals(r.traffic().split()))
                        .isPresent();
    }

    private static boolean rises(Rollout r) {
        return r.run()
                .next()
                .filter(stop -> Exposure.of(stop.split()).isAbove(Exposure.of(r.traffic().split())))
                .isPresent();
    }

    private static Optional<GateFacts.Hold> hold(Rollout r) {
        if (!r.held()) {
            return Optional.empty();
        }
        var pause = r.pause();
        return Optional.of(
                pause == null
                        ? new GateFacts.Hold("spec.suspend", "the Canary is suspended")
                        : new GateFacts.Hold(pause.by(), pause.reason()));
    }

    /**
     * What a closed gate looks like.
     *
     * @param phase in which the rollout waits; null where it stays in its own
     */
    private record Closing(@Nullable Phase phase, String waitingFor, String chat) {

        /** True where it was told already that this webhook keeps its gate closed. */
        boolean isKnown(Rollout r, String hook) {
            if (phase == null) {
                return r.run().isToldClosed(hook);
            }
            // Between two questions to the promotion's gate others open; the start has one phase
            // with the line for a budget.
            return phase == Phase.WAITING_PROMOTION
                    ? r.phase() == phase && !Freezes.isWaiting(r) && !GroupPermits.isWaiting(r)
                    : r.run().gateClosedSince() != null;
        }
    }

    private static Closing closing(Point point) {
        return switch (point) {
            case START -> new Closing(Phase.WAITING, "approval", "Canary is waiting for approval.");
            case ADVANCE ->
                    new Closing(
                            null,
                            "traffic increase approval",
                            "Canary traffic increase is waiting for approval.");
            case PROMOTE ->
                    new Closing(
                            Phase.WAITING_PROMOTION,
                            "promotion approval",
                            "Canary promotion is waiting for approval.");
        };
    }

    /**
     * A hook said no: the gate is closed until it is asked again. People are alerted once, and once
     * for each hook where more traffic is asked for: there another one may be somebody else's.
     */
    static TransitionBuilder closed(TransitionBuilder t, Point point, int place) {
        var hook = t.spec().hooks().get(place);
        var keys = t.spec().gateKeys();
        String key = keys.get(place);
        var closing = closing(point);
        var told =
                closing.isKnown(t.now(), key)
                        ? toldAgain(t, closing, hook)
                        : told(t, closing, hook);
        var run = told.now().run();
        var closed = run.gateClosedSince() == null ? run.gateClosed(t.at()) : run;
        // One that a release before closed did not keep who was told.
        boolean kept = run.gateClosedSince() == null || !run.closedTold().isEmpty();
        var known = kept ? closed.toldClosed(key, keys) : closed;
        var waiting = GateTimeouts.asked(told.with(known), point, place);
        return timedOut(waiting, point).orElseGet(() -> waits(waiting, point, hook));
    }

    private static TransitionBuilder waits(TransitionBuilder t, Point point, Spec.Hook hook) {
        var later = t.at().plus(t.spec().interval());
        var due =
                GateTimeouts.limit(t.now(), point)
                        .filter(end -> end.isBefore(later) && t.at().isBefore(end))
                        .orElse(later);
        return t.awaitUntil(new Awaited.OpenGate(point, hook.name(), "its webhook says no"), due);
    }

    /** A hook said yes: the next one is asked, and a no of this one is another. */
    static TransitionBuilder passed(TransitionBuilder t, Point point, int place) {
        var run = t.now().run();
        var gate = new WaitingGate(point, t.spec().gateKeys().get(place));
        return ask(t.with(run.with(run.gates().without(gate))), point, place);
    }

    // ---- one that stays closed

    /** It is time to ask again, or it was closed for too long. */
    static TransitionBuilder due(TransitionBuilder t, Point point) {
        return timedOut(t, point).orElseGet(() -> again(t, point));
    }

    /** What follows where it was closed for too long; empty where it was not. */
    static Optional<TransitionBuilder> timedOut(TransitionBuilder t, Point point) {
        return GateTimeouts.over(t, point).map(place -> GateTimeouts.timedOut(t, point, place));
    }

    private static TransitionBuilder again(TransitionBuilder t, Point point) {
        return switch (point) {
            case START -> t.then(new Next.AskToStart());
            // The hooks before traffic have passed and are not run again.
            case ADVANCE ->
                    t.now().run().reached() == 0 && !t.now().isBeyondThreshold()
                            ? OpenedGate.goOn(t, point)
                            : t.then(new Next.Tick());
            case PROMOTE -> t.then(new Next.Tick());
        };
    }

    /**
     * What keeps its own phase while it waits is told each time that it is asked, as in Flagger.
     */
    private static TransitionBuilder toldAgain(
            TransitionBuilder t, Closing closing, Spec.Hook hook) {
        return closing.phase() == null ? t.warning(words(t, closing, hook)) : t;
    }

    private static String words(TransitionBuilder t, Closing closing, Spec.Hook hook) {
        return "Halt %s advancement waiting for %s %s"
                .formatted(t.canary(), closing.waitingFor(), hook.name());
    }

    private static TransitionBuilder told(TransitionBuilder t, Closing closing, Spec.Hook hook) {
        String words = words(t, closing, hook);
        Phase before = t.now().phase(); // the event carries it, as Flagger's does
        var told =
                closing.phase() == null
                        ? t.warning(words)
                        : t.with(closing.phase()).tell(true, words, before);
        var loud = hook.muteAlert() ? told : told.chat(Severity.WARN, closing.chat());
        return loud.happened(
                "GateClosed", "%s %s is closed.".formatted(hook.type().word(), hook.name()));
    }
}
