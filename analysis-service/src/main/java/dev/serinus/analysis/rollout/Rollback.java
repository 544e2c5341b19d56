package dev.serinus.analysis.rollout;

import dev.serinus.analysis.rollout.plan.Split;
import dev.serinus.analysis.rollout.tell.Severity;

/** Back to the primary, provided that it serves; then the canary goes. Held or not. */
final class Rollback {

    private Rollback() {}

    /** Begins a rollback whose reason was told already. */
    static TransitionBuilder begin(TransitionBuilder t, String because) {
        var run = t.now().run();
        var done = t.with(t.now().requestsOfRunDone());
        // A run that ends before its target was scaled up has been tried all the same.
        var told =
                done.with(done.now().run().takenBack(takenBack(t, because)))
                        .with(t.now().revisions().applied(run.revision(), run.configs()))
                        .happened("RollingBack", because);
        if (t.stage().part() == Part.START && t.now().traffic().split().equals(Split.PRIMARY)) {
            return trafficTaken(told); // neither requests nor copies of them
        }
        Workload primary = t.now().primary();
        boolean reached = t.now().traffic().canaryWeight().isAny();
        return reached && (primary == null || !primary.serves())
                ? told.warning(
                                t.primary()
                                        + " not ready: the rollback waits with traffic where it is,"
                                        + " since the primary does not serve")
                        .await(new Awaited.PrimaryForRollback(), t.spec().progressDeadline())
                : told.ask(new Question.RollBack());
    }

    private static Run.TakenBack takenBack(TransitionBuilder t, String because) {
        return new Run.TakenBack(t.at(), because, t.actor(), t.now().traffic().failedChecks());
    }

    /** A webhook demands it. */
    static TransitionBuilder demanded(TransitionBuilder t, Spec.Hook hook) {
        return t.warning("Rollback check " + hook.name() + " passed")
                .warning("Rolling back %s manual webhook invoked".formatted(t.canary()))
                .chat(Severity.WARN, "Rolling back manual webhook invoked")
                .then(new Next.RollBack("The webhook " + hook.name() + " demanded it."));
    }

    /** A dry run is asked for, and what the run is about is not to be released as it is. */
    static TransitionBuilder beforeDryRun(TransitionBuilder t) {
        String words =
                "Rolling back %s: a dry run is asked for, and what comes next is only tried"
                        .formatted(t.canary());
        return t.warning(words).chat(Severity.WARN, words).then(new Next.RollBack(words));
    }

    /** The primary was waited for: does it serve? */
    static TransitionBuilder look(TransitionBuilder t) {
        Workload primary = t.now().primary();
        return primary != null && primary.serves() ? t.ask(new Question.RollBack()) : t;
    }

    static TransitionBuilder stillWaiting(TransitionBuilder t) {
        String words = "Rollback waits, the primary does not serve";
        return t.alertOnce(words, words)
                .await(new Awaited.PrimaryForRollback(), t.spec().progressDeadline());
    }

    /** The router could not do it yet, and meanwhile the primary went. */
    static boolean waitsForPrimary(Rollout r) {
        Workload primary = r.primary();
        return r.stage() instanceof Stage.Asking(Question.RollBack _, var ask)
                && ask.refused() > 0
                && r.traffic().canaryWeight().isAny()
                && (primary == null || !primary.serves());
    }

    static TransitionBuilder awaitPrimary(TransitionBuilder t) {
        return t.await(new Awaited.PrimaryForRollback(), t.spec().progressDeadline());
    }

    static TransitionBuilder trafficTaken(TransitionBuilder t) {
        return t.tell(true, "Canary failed! Scaling down " + t.canary(), Phase.FAILED)
                .ask(new Question.ScaleDownFailed());
    }

    static TransitionBuilder ended(TransitionBuilder t) {
        return t.with(Phase.FAILED)
                .with(Traffic.NONE)
                .happened(
                        "RolledBack", "All traffic is at the primary; the canary was scaled down.")
                .then(new Next.End());
    }
}
