package dev.serinus.analysis.rollout;

import org.jspecify.annotations.Nullable;

import java.util.Map;

/**
 * Which configs the target's pods began with. What they have of them in their environment is never
 * read again: pods that began before an edit say nothing of it.
 */
final class PodConfigs {

    private PodConfigs() {}

    /**
     * True where pods may have begun with earlier contents than the run is about: they are to go,
     * and others to begin, before anything of them is judged. Never where traffic stays at them,
     * since nobody else serves.
     */
    static boolean areOutdated(Rollout r) {
        return !DryRun.isOn(r)
                && !r.run().stays()
                && isEdited(
                        r.revisions().applied(),
                        r.revisions().configs(),
                        r.run().revision(),
                        r.run().configs());
    }

    /**
     * True for what would wait for such pods, judge them or lead traffic to them, from wherever it
     * comes: others are to begin first. What people ask for without an analysis is done.
     */
    static boolean stop(Rollout r, Next next) {
        return areOutdated(r)
                && switch (next) {
                    case Next.AwaitCanary _,
                            Next.AwaitCanaryAgain _,
                            Next.Tick _,
                            Next.FirstStep _,
                            Next.Check _,
                            Next.AskToAdvance _,
                            Next.Shift _,
                            Next.SwitchAll _,
                            Next.AskToPromote _ ->
                            true;
                    case Next.Initialize _,
                            Next.Create _,
                            Next.TakeOver _,
                            Next.CopyFirst _,
                            Next.Adopt _,
                            Next.Rest _,
                            Next.Reshape _,
                            Next.Run _,
                            Next.AskToStart _,
                            Next.ScaleUp _,
                            Next.Restart _,
                            Next.Park _,
                            Next.Release _,
                            Next.ShiftAgain _,
                            Next.AwaitDecision _,
                            Next.Copy _,
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

    /**
     * What the target's pods count as begun with where a run begins anew with what it shows. Before
     * pods that are to go have gone some may be of the configs before and some of the run's: if one
     * of both is outdated, they are.
     */
    static @Nullable Map<String, String> atRestart(Rollout r, Workload target) {
        var known = r.revisions();
        var run = r.run();
        return isEdited(known.applied(), known.configs(), target.revision(), target.configs())
                ? known.configs()
                : isEdited(run.revision(), run.configs(), target.revision(), target.configs())
                        ? run.configs()
                        : target.configs();
    }

    /**
     * Pods that began with the one may say nothing of the other. Pods of one revision may read
     * whatever differs: also a config that appears, which they began without where it is optional.
     * A name that another revision brings only its own pods read, which begin anyway.
     */
    private static boolean isEdited(
            @Nullable String revision,
            @Nullable Map<String, String> before,
            String another,
            @Nullable Map<String, String> after) {
        return before != null
                && after != null
                && (another.equals(revision)
                        ? !before.equals(after)
                        : before.entrySet().stream()
                                .anyMatch(one -> isOther(after.get(one.getKey()), one.getValue())));
    }

    private static boolean isOther(@Nullable String content, String before) {
        return content != null && !content.equals(before);
    }

    /**
     * True where it has no pods, and nobody wants any. One of which pods are wanted shows none
     * either until its controller has said so, and has some all the same.
     */
    static boolean hasNone(@Nullable Workload target) {
        return target == null || !target.exists() || (target.desired() == 0 && showsNone(target));
    }

    /**
     * The target was scaled down by this step. What was seen of it before shows none of its pods
     * where its controller had not said them yet, and is no evidence that they are gone.
     */
    static Rollout unseenSince(Rollout r, long step) {
        var target = r.target();
        return target != null && target.desired() > 0 && target.step() < step
                ? r.withTarget(target.withUpdated(target.desired()))
                : r;
    }

    /**
     * The target as it is now, as far as that is known. The answer that it was scaled down may
     * overtake what was seen of it before: while nothing is seen of that step, pods that its
     * controller has not said yet are not gone.
     */
    static Workload seen(Rollout r, Workload target) {
        var before = r.target();
        return before != null
                        && areOutdated(r)
                        && before.desired() > 0
                        && target.desired() > 0
                        && target.step() == before.step()
                        && showsNone(target)
                ? target.withUpdated(target.desired())
                : target;
    }

    /**
     * True where none is left of the pods that it had when it was scaled down, however many are
     * wanted by now: whoever starts it again starts others.
     */
    static boolean haveGone(@Nullable Workload target) {
        return target == null || !target.exists() || showsNone(target);
    }

    private static boolean showsNone(Workload target) {
        return target.updated() == 0 && target.available() == 0;
    }
}
