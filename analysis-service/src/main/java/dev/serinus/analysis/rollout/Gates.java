package dev.serinus.analysis.rollout;

import dev.serinus.analysis.rollout.gate.Gate;
import dev.serinus.analysis.rollout.gate.GateFacts;
import dev.serinus.analysis.rollout.gate.Opinion;
import dev.serinus.analysis.rollout.gate.Point;
import dev.serinus.analysis.rollout.plan.Exposure;
import dev.serinus.analysis.rollout.plan.Stop;
import dev.serinus.analysis.rollout.tell.Severity;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The three gates of a run: who is asked, what follows, and how a closed one is told. */
final class Gates {

    private Gates() {}

    /**
     * Asks a gate.
     *
     * @param after the place of the hook that has just said yes; {@link Hooks#NONE_YET} at first
     */
    static TransitionBuilder ask(TransitionBuilder t, Point point, int after) {
        var type = confirming(point);
        List<Integer> hooks =
                asksHooks(t.now(), point)
                        ? t.spec().hooks(type).stream().filter(place -> place > after).toList()
                        : List.of();
        return switch (Gate.ask(new GateFacts(point, hooks, hold(t.now())))) {
            case Opinion.Open() ->
                    t.with(t.now().run().gateClosed(null)).then(opened(t.now(), point));
            case Opinion.Closed(var _, var _) -> t.then(new Next.Park(asking(point)));
            case Opinion.Unknown(var hook) -> t.ask(new Question.CallHook(type, hook));
        };
    }

    /** The type whose answers decide a gate. */
    private static HookType confirming(Point point) {
        return Arrays.stream(HookType.values())
                .filter(type -> type.meaning().equals(new HookType.Meaning.Confirms(point)))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no hook type confirms " + point));
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
            case PROMOTE -> r.run().next().isPresent() ? new Next.SwitchAll() : new Next.Copy();
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
            case ADVANCE -> r.phase() == Phase.PROGRESSING && (byWeights(r) || rises(r));
        };
    }

    private static boolean byWeights(Rollout r) {
        return r.run().stops().stream().allMatch(stop -> stop.kind() == Stop.Kind.WEIGHT);
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

    /** A hook said no: the gate is closed until it is asked again. Told once. */
    static TransitionBuilder closed(TransitionBuilder t, Point point, Spec.Hook hook) {
        boolean news = t.now().run().gateClosedSince() == null;
        var told =
                switch (point) {
                    case START -> startClosed(t, hook);
                    case ADVANCE -> news ? advanceClosed(t, hook) : t;
                    case PROMOTE -> promoteClosed(t, hook);
                };
        var run = told.now().run();
        return told.with(news ? run.gateClosed(t.at()) : run)
                .await(
                        new Awaited.OpenGate(point, hook.name(), "its webhook says no"),
                        t.spec().interval());
    }

    private static TransitionBuilder startClosed(TransitionBuilder t, Spec.Hook hook) {
        return t.now().phase() == Phase.WAITING
                ? t
                : phaseClosed(
                        t,
                        Phase.WAITING,
                        "Halt %s advancement waiting for approval %s"
                                .formatted(t.canary(), hook.name()),
                        hook,
                        "Canary is waiting for approval.",
                        "confirm-rollout ");
    }

    private static TransitionBuilder promoteClosed(TransitionBuilder t, Spec.Hook hook) {
        return t.now().phase() == Phase.WAITING_PROMOTION
                ? t
                : phaseClosed(
                        t,
                        Phase.WAITING_PROMOTION,
                        "Halt %s advancement waiting for promotion approval %s"
                                .formatted(t.canary(), hook.name()),
                        hook,
                        "Canary promotion is waiting for approval.",
                        "confirm-promotion ");
    }

    private static TransitionBuilder phaseClosed(
            TransitionBuilder t,
            Phase phase,
            String words,
            Spec.Hook hook,
            String chat,
            String label) {
        Phase before = t.now().phase(); // the event carries it, as Flagger's does
        return loud(t.with(phase).tell(true, words, before), hook, chat)
                .happened("GateClosed", label + hook.name() + " is closed.");
    }

    private static TransitionBuilder advanceClosed(TransitionBuilder t, Spec.Hook hook) {
        var told =
                t.warnOnce(
                        "Halt %s advancement waiting for traffic increase approval %s"
                                .formatted(t.canary(), hook.name()));
        return loud(told, hook, "Canary traffic increase is waiting for approval.")
                .happened("GateClosed", "confirm-traffic-increase " + hook.name() + " is closed.");
    }

    private static TransitionBuilder loud(TransitionBuilder t, Spec.Hook hook, String message) {
        return hook.muteAlert() ? t : t.chat(Severity.WARN, message);
    }
}
