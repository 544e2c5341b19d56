package dev.serinus.analysis.rollout;

import dev.serinus.analysis.rollout.plan.Exposure;
import dev.serinus.analysis.rollout.plan.Split;
import dev.serinus.schemas.hook.HookType.Meaning.DemandsRollback;

import java.time.Duration;
import java.time.Instant;

/**
 * People hold a rollout: it goes on nowhere, and everything else goes on. Traffic leaves what does
 * not serve, hooks may demand a rollback, a deletion restores, actions are answered.
 */
final class Holding {

    private Holding() {}

    /** What would come next waits until the rollout is released. */
    static TransitionBuilder park(TransitionBuilder t, Next then) {
        return t.await(new Awaited.Release(then), patience(t.spec(), then));
    }

    /** While somebody may demand a rollback it is asked each interval; else it is only watched. */
    private static Duration patience(Spec spec, Next then) {
        boolean asks = then.part() == Part.ANALYSIS && !spec.hooks(new DemandsRollback()).isEmpty();
        return asks || spec.interval().compareTo(spec.progressDeadline()) > 0
                ? spec.interval()
                : spec.progressDeadline();
    }

    /**
     * It is still held after a while: hooks are asked whether to roll back, and people are reminded
     * once.
     */
    static TransitionBuilder due(TransitionBuilder t, Next then) {
        if (then.part() == Part.ANALYSIS) {
            var hook = Hooks.after(t.spec(), new DemandsRollback(), Hooks.NONE_YET);
            if (hook.isPresent()) {
                return t.ask(Hooks.demand(t.spec(), hook.get(), new Next.Park(then)));
            }
        }
        return park(reminded(t), then);
    }

    private static TransitionBuilder reminded(TransitionBuilder t) {
        var exposed = Exposure.of(t.now().traffic().split());
        return exposed.isAbove(Exposure.of(Split.PRIMARY))
                ? t.warnOnce(
                        "%s is held with %s %% of the traffic at the canary"
                                .formatted(t.canary(), t.now().traffic().canaryWeight()))
                : t;
    }

    /** It was suspended just now, in Flagger's words. */
    static TransitionBuilder suspended(TransitionBuilder t) {
        String words = "skipping canary run as object is suspended";
        return t.normal(words).happened("Suspended", words);
    }

    /** Nobody holds it any longer: what was parked goes on, and readiness counts anew. */
    static TransitionBuilder released(TransitionBuilder t) {
        var run = countedAnew(t.now().run(), t.at());
        var counted =
                GroupPermits.anew(
                        WaveTimeouts.anew(
                                t.with(
                                        run.with(
                                                run.readiness()
                                                        .anew(
                                                                Baseline.isPairReady(t.now()),
                                                                t.at())))));
        if (t.stage().awaited() instanceof Awaited.Decision) {
            return HeldFailure.await(counted);
        }
        if (!(t.stage().awaited() instanceof Awaited.Release(var then))) {
            return counted;
        }
        return resumed(counted, then);
    }

    /** People, and gates with a time-out, have all of their time again, whatever goes on. */
    private static Run countedAnew(Run run, Instant at) {
        var settled = run.settled().with(run.gates().countedFrom(at));
        var failure = settled.failure();
        return failure == null ? settled : settled.failing(failure.countedFrom(at));
    }

    /**
     * What waited goes on. What was measured while it was held does not count: a whole interval is
     * spent.
     */
    static TransitionBuilder resumed(TransitionBuilder t, Next then) {
        boolean measures = then instanceof Next.Tick && t.now().run().reached() > 0;
        return measures
                ? t.await(new Awaited.Interval(new Awaited.Reason.Arrived()), t.spec().interval())
                : t.then(then);
    }
}
