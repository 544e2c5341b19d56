package dev.serinus.analysis.rollout;

import org.jspecify.annotations.Nullable;

/**
 * Pods that were only just asked for get an interval before anybody is told that they are not ready
 * yet: most are by then. Flagger looks for the first time an interval later, too.
 */
final class FirstLook {

    private FirstLook() {}

    /** True while it is too early to tell. */
    static boolean isAhead(Rollout r) {
        return r.stage() instanceof Stage.Waiting(var _, var timer) && timer.look() != null;
    }

    /** The interval is over: tells what is still waited for. */
    static TransitionBuilder taken(TransitionBuilder t, Awaited awaited, Wait timer) {
        var waits = t.stay(awaited, timer.since(), timer.due());
        String words = words(t, awaited);
        return words == null ? waits : waits.warnOnce(words);
    }

    private static @Nullable String words(TransitionBuilder t, Awaited awaited) {
        if (awaited instanceof Awaited.PromotedPrimary) {
            var primary = t.now().primary();
            return primary == null || primary.because().isEmpty()
                    ? null
                    : NotReady.primary(t, primary.because());
        }
        var target = t.now().target();
        if (target != null && target.releasable() && !Baseline.isReady(t.now())) {
            return NotReady.baseline(t, t.now().baseline());
        }
        return target == null || !NotReady.says(target) ? null : NotReady.words(t, target);
    }
}
