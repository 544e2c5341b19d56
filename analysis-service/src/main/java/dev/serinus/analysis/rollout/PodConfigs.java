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
                && isEdited(r.revisions().configs(), r.run().configs());
    }

    /**
     * What the target's pods count as begun with where a run begins anew with what it shows. Before
     * pods that are to go have gone some may be of the configs before and some of the run's: if one
     * of both is outdated, they are.
     */
    static @Nullable Map<String, String> atRestart(Rollout r, Workload target) {
        var begunWith = r.revisions().configs();
        if (isEdited(begunWith, target.configs())) {
            return begunWith;
        }
        var latest = r.run().configs();
        return isEdited(latest, target.configs()) ? latest : target.configs();
    }

    /** One of the same name has another content; of another name only other pods read. */
    static boolean isEdited(
            @Nullable Map<String, String> before, @Nullable Map<String, String> after) {
        return before != null
                && after != null
                && before.entrySet().stream()
                        .anyMatch(
                                one ->
                                        !one.getValue()
                                                .equals(
                                                        after.getOrDefault(
                                                                one.getKey(), one.getValue())));
    }

    /** True once the target is known to have none. */
    static boolean haveNoPods(Workload target) {
        return target.desired() == 0 && target.updated() == 0 && target.available() == 0;
    }
}
