package dev.serinus.analysis.rollout;

import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.Objects;

/** What the target shows, against what a run is about and what was promoted. */
final class Revisions {

    private Revisions() {}

    /** In the middle of a run: the target or its configs are no longer what the run is about. */
    static boolean superseded(Rollout r) {
        Workload target = r.target();
        return target != null
                && target.exists()
                && (!target.revision().equals(r.run().revision())
                        || otherConfigs(r.run().configs(), target.configs()));
    }

    /** In the middle of a run: the target shows again what the primary runs. */
    static boolean reverted(Rollout r) {
        Workload target = r.target();
        KnownRevisions b = r.revisions();
        return target != null
                && target.exists()
                && target.revision().equals(b.promoted())
                && primaryRuns(r, target.revision())
                && (target.configs() == null || sameConfigs(b.promotedConfigs(), target.configs()));
    }

    /** At rest: the target shows something else than what was applied last. */
    static boolean isDue(Rollout r) {
        Workload target = r.target();
        KnownRevisions b = r.revisions();
        return target != null
                && target.exists()
                && b.applied() != null
                && ((!isPromoted(r, target) && !target.revision().equals(b.applied()))
                        || otherConfigs(b.configs(), target.configs()));
    }

    /** The target shows what was promoted last, and the primary runs it. */
    static boolean isPromoted(Rollout r, Workload target) {
        return target.revision().equals(r.revisions().promoted())
                && primaryRuns(r, target.revision());
    }

    /** False when a failed promotion left another template in the primary. */
    static boolean primaryRuns(Rollout r, String revision) {
        Workload primary = r.primary();
        return primary == null
                || primary.revision().isEmpty()
                || primary.revision().equals(revision);
    }

    /**
     * Both are known, and differ. An installation whose tracking is switched off says nothing of
     * configs, and one where it is switched on says it for the first time: neither is a change.
     */
    static boolean otherConfigs(
            @Nullable Map<String, String> before, @Nullable Map<String, String> after) {
        return before != null && after != null && !before.equals(after);
    }

    /** What was never known is not the same as what is there. */
    static boolean sameConfigs(
            @Nullable Map<String, String> before, @Nullable Map<String, String> after) {
        return Objects.equals(before == null ? Map.of() : before, after == null ? Map.of() : after);
    }
}
