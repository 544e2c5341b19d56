package dev.serinus.analysis.rollout;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/**
 * What was promoted last, in the words of all regions.
 *
 * @param release as {@link Workload#release} has it
 * @param at when; null where that is not known
 * @param known since when it is known to be what is promoted; null where that is not asked, since
 *     {@code at} says more
 */
public record Released(String release, @Nullable Instant at, @Nullable Instant known) {

    /** Of which it is known when it was promoted. */
    Released(String release, Instant at) {
        this(release, at, null);
    }

    /**
     * What a target shows of which this revision is promoted now; null where nobody said what it is
     * of, and where it shows another one by now.
     */
    static @Nullable Released of(@Nullable Workload target, String revision, Instant at) {
        return target == null || target.released().isEmpty() || !target.revision().equals(revision)
                ? null
                : new Released(target.released(), at);
    }

    /**
     * What was promoted is of what its target says at rest: also where nobody said so when it was,
     * and where only the words for it changed since.
     */
    static Transition noted(Transition decided) {
        Rollout r = decided.state();
        Workload target = r.target();
        Released had = r.revisions().released();
        if (!isAtRest(r)
                || target == null
                || target.released().isEmpty()
                || (had != null
                        && had.release().equals(target.released())
                        && (had.at() != null || had.known() != null))) {
            return decided;
        }
        var now =
                had == null || (had.at() == null && had.known() == null)
                        ? new Released(target.released(), null, r.at())
                        : new Released(target.released(), had.at(), had.known());
        return new Transition(r.with(r.revisions().releasing(now)), decided.effects());
    }

    /** What was only tried was promoted nowhere. */
    private static boolean isAtRest(Rollout r) {
        Workload target = r.target();
        return !DryRun.isOn(r)
                && r.stage() instanceof Stage.Resting
                && (r.phase() == Phase.SUCCEEDED || r.phase() == Phase.INITIALIZED)
                && target != null
                && target.revision().equals(r.revisions().promoted());
    }
}
