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
                        || !sameConfigs(r.run().configs(), target.configs()));
    }

    /** In the middle of a run: the target shows again what the primary runs. */
    static boolean reverted(Rollout r) {
        Workload target = r.target();
        KnownRevisions b = r.revisions();
        return target != null
                && target.exists()
                && target.revision().equals(b.promoted())
                && primaryRuns(r, target.revision())
                && sameConfigs(b.promotedConfigs(), target.configs());
    }

    /** False when a failed promotion left another template in the primary. */
    static boolean primaryRuns(Rollout r, String revision) {
        Workload primary = r.primary();
        return primary == null
                || primary.revision().isEmpty()
                || primary.revision().equals(revision);
    }

    static boolean sameConfigs(
            @Nullable Map<String, String> before, @Nullable Map<String, String> after) {
        return Objects.equals(before == null ? Map.of() : before, after == null ? Map.of() : after);
    }
}
