package dev.serinus.analysis.rollout;

import dev.serinus.schemas.hook.Point;

/**
 * A gate that is asked again, or that somebody else opened than who keeps it closed: people, or its
 * time-out.
 */
final class OpenedGate {

    private OpenedGate() {}

    /**
     * What its webhooks say counts, but for one that was opened by others, and so do the pods and
     * what may demand a rollback. What was opened is kept where it goes on with a check, and counts
     * when the gate is asked.
     */
    static TransitionBuilder goOn(TransitionBuilder t, Point point) {
        return switch (point) {
            case START -> t.then(new Next.AskToStart());
            case ADVANCE -> after(t, new Next.AskToAdvance());
            case PROMOTE -> after(t, new Next.AskToPromote());
        };
    }

    private static TransitionBuilder after(TransitionBuilder t, Next gate) {
        if (Baseline.isPairReady(t.now()) && Permitted.isPrimaryReady(t.now())) {
            return Hooks.demand(t, gate);
        }
        // A delay was spent before the gate was asked.
        return t.then(t.now().run().reached() == 0 ? new Next.FirstStep() : new Next.Tick());
    }
}
