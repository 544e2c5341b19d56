package dev.serinus.analysis.rollout;

import dev.serinus.analysis.rollout.guard.Readiness;

import org.jspecify.annotations.Nullable;

/**
 * The third workload of a run, which the canary is compared with. It and the canary are a pair:
 * ready is what has both ready, and what one of them cannot answer is taken from both.
 */
final class Baseline {

    private Baseline() {}

    /** The canary is ready, and so is the baseline where the run has one. */
    static boolean isPairReady(Rollout r) {
        Workload target = r.target();
        return target != null && target.releasable() && isReady(r);
    }

    /** The run began with one, and the manifest still asks for it. */
    static boolean isWanted(Rollout r) {
        return r.run().hasBaseline() && r.specInForce().baseline();
    }

    /**
     * What comparisons are with in place of what the manifest asks for: the primary as long as a
     * run goes on that began without a baseline. Null where they are with what it asks for.
     */
    static @Nullable String replacement(Rollout r) {
        return r.specInForce().baseline() && !r.run().hasBaseline() ? "primary" : null;
    }

    /** The baseline is ready where one is wanted. */
    static boolean isReady(Rollout r) {
        Workload baseline = r.baseline();
        return !isWanted(r) || (baseline != null && baseline.servesReady());
    }

    /** Requests go to it, and nobody answers. */
    static boolean isLost(Rollout r) {
        Workload baseline = r.baseline();
        return r.traffic().split().baseline() != null && baseline != null && !baseline.serves();
    }

    /** One is wanted, and it was deleted. */
    static boolean isMissing(Rollout r) {
        Workload baseline = r.baseline();
        return isWanted(r) && baseline != null && !baseline.exists();
    }

    /** How long the pair was not ready. */
    static Readiness seen(TransitionBuilder t, boolean counts) {
        var r = t.now();
        return r.run().readiness().seen(isPairReady(r), counts, progress(r), t.at());
    }

    private static int progress(Rollout r) {
        Workload target = r.target();
        Workload baseline = isWanted(r) ? r.baseline() : null;
        return (target == null ? 0 : target.progress())
                + (baseline == null ? 0 : baseline.progress());
    }

    /** Which of the two is waited for. */
    static String orCanary(Rollout r) {
        Workload target = r.target();
        boolean canaryReady = target != null && target.releasable();
        return canaryReady && !isReady(r) ? "the baseline" : "the canary";
    }

    /**
     * It was asked for: what was known of one that did not exist is past.
     *
     * @param t after the router has done it
     */
    static TransitionBuilder started(TransitionBuilder t) {
        return isMissing(t.now()) ? t.with(t.now().withBaseline(null)) : t;
    }

    /**
     * Its share and its pods are gone. Where it was seen to be gone before the router said so, that
     * stays known: nobody says it again, and a run that comes back to its analysis needs it.
     */
    static TransitionBuilder stopped(TransitionBuilder t) {
        var traffic = t.now().traffic();
        var without = t.with(traffic.at(traffic.split().beside(null)));
        Workload baseline = without.now().baseline();
        return baseline == null || !baseline.exists()
                ? without
                : without.with(without.now().withBaseline(null));
    }

    /** True where the manifest asks for none any more, while a run stands at one of its stops. */
    static boolean isDismissed(Rollout r) {
        boolean has = r.run().hasBaseline() || r.traffic().split().baseline() != null;
        return has && !r.specInForce().baseline() && stands(r.stage());
    }

    private static boolean stands(Stage stage) {
        return stage instanceof Stage.Waiting(var awaited, var _)
                && stage.part() == Part.ANALYSIS
                && (awaited instanceof Awaited.Interval
                        || awaited instanceof Awaited.FirstStep
                        || awaited instanceof Awaited.ReadyCanary
                        || awaited instanceof Awaited.CanaryAgain
                        || awaited instanceof Awaited.ReadyPrimary
                        || awaited instanceof Awaited.OpenGate
                        || awaited instanceof Awaited.Decision
                        || awaited instanceof Awaited.Release);
    }

    /** The run goes on without one, from where it stands. */
    static TransitionBuilder dismiss(TransitionBuilder t) {
        return t.with(t.now().run().withoutBaseline()).ask(new Question.StopBaseline(after(t)));
    }

    /** A held run stays held: nobody watches a share that the manifest asks for no more. */
    private static Next after(TransitionBuilder t) {
        if (t.stage().awaited() instanceof Awaited.Release(var then)) {
            return new Next.Park(then);
        }
        return t.stage().awaited() instanceof Awaited.CanaryAgain
                ? new Next.AwaitCanaryAgain()
                : new Next.AwaitCanary();
    }

    /** What is promoted is compared no more: the baseline goes before the primary changes. */
    static boolean isToGo(Rollout r) {
        boolean runs = r.run().hasBaseline() && r.baseline() != null && r.baseline().exists();
        return runs || r.traffic().split().baseline() != null;
    }
}
