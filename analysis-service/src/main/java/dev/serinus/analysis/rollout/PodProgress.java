package dev.serinus.analysis.rollout;

import org.jspecify.annotations.Nullable;

/**
 * A deadline of progress counts from the last progress, as Kubernetes' own: whoever has many pods,
 * or slow ones, gets ready pod by pod. Pods that come and go are none: only more than there ever
 * were in a wait, so that each has an end.
 */
final class PodProgress {

    private PodProgress() {}

    /**
     * The canary was seen, or its baseline, and how long it was not ready is noted: waits for it
     * end accordingly.
     */
    static TransitionBuilder ofCanary(TransitionBuilder t) {
        var readiness = t.now().run().readiness();
        if (!(t.stage() instanceof Stage.Waiting(var awaited, var timer))
                || !isForCanary(t.now(), awaited)
                || readiness.lostAt() == null) {
            return t;
        }
        var due = readiness.deadline(t.spec().progressDeadline(), t.at());
        return due.isAfter(timer.due()) ? t.with(new Stage.Waiting(awaited, timer.until(due))) : t;
    }

    /** Pods that are to go first make no progress in beginning. */
    private static boolean isForCanary(Rollout r, Awaited awaited) {
        return (awaited instanceof Awaited.ReadyCanary || awaited instanceof Awaited.CanaryAgain)
                && !PodConfigs.areOutdated(r);
    }

    /**
     * The primary was seen: waits for it end a deadline after its last progress.
     *
     * @param before as it was seen before; null where it was not
     */
    static TransitionBuilder ofPrimary(TransitionBuilder t, @Nullable Workload before) {
        if (!(t.stage() instanceof Stage.Waiting(var awaited, var timer))
                || !isForPrimary(awaited)) {
            return t;
        }
        Integer known = timer.furthest();
        int past = known == null ? pods(t.now(), awaited, before) : known;
        int pods = pods(t.now(), awaited, t.now().primary());
        var reached = timer.reaching(Math.max(past, pods));
        if (pods <= past) {
            return t.with(new Stage.Waiting(awaited, reached));
        }
        if (awaited instanceof Awaited.Drained) {
            // It is looked at each interval, and whether it is late is counted from then.
            return t.with(new Stage.Waiting(awaited, reached.from(t.at())));
        }
        var due = t.at().plus(t.spec().progressDeadline());
        return t.with(
                new Stage.Waiting(
                        awaited, due.isAfter(timer.due()) ? reached.until(due) : reached));
    }

    /** What goes on when the primary is ready, and ends another way when it is not in time. */
    private static boolean isForPrimary(Awaited awaited) {
        return switch (awaited) {
            // One that comes and goes makes progress each time.
            case Awaited.FirstPrimary(var lost) -> lost == null;
            case Awaited.ReadyPrimary _,
                    Awaited.PrimaryAgain _,
                    Awaited.PromotedPrimary _,
                    Awaited.Drained _ ->
                    true;
            // People are to know in time that a rollback waits.
            case Awaited.PrimaryForRollback _,
                    Awaited.FoundTarget _,
                    Awaited.OpenGate _,
                    Awaited.Turn _,
                    Awaited.GroupReady _,
                    Awaited.FreezeEnd _,
                    Awaited.ReadyCanary _,
                    Awaited.FirstStep _,
                    Awaited.Interval _,
                    Awaited.CanaryAgain _,
                    Awaited.StepBack _,
                    Awaited.Decision _,
                    Awaited.Release _ ->
                    false;
        };
    }

    /** Those of what is waited for: a primary of before makes no progress of a promotion. */
    private static int pods(Rollout r, Awaited awaited, @Nullable Workload primary) {
        boolean promotes = awaited.part() == Part.PROMOTION;
        return primary == null || (promotes && !Promotion.isCopied(r.run(), primary))
                ? 0
                : primary.progress();
    }
}
