package dev.serinus.analysis.rollout;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/**
 * A revision that was promoted, with its configs.
 *
 * @param at when; null where that is not known
 */
public record Promoted(
        String revision, @Nullable Map<String, String> configs, @Nullable Instant at) {

    public Promoted {
        configs = configs == null ? null : new TreeMap<>(configs);
    }

    /** True where a target shows the same. */
    boolean is(Workload target) {
        return revision.equals(target.revision())
                && Revisions.sameConfigs(configs, target.configs());
    }

    boolean isSame(Promoted other) {
        return revision.equals(other.revision) && Revisions.sameConfigs(configs, other.configs);
    }
}
