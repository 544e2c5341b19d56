package dev.serinus.analysis.rollout;

import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.TreeMap;

/** The state of a target or primary as it was last observed. */
public record Workload(
        boolean exists,
        String revision,
        @Nullable Map<String, String> configs,
        int desired,
        int updated,
        int available,
        boolean ready,
        boolean stuck,
        String because,
        long run,
        long step) {

    public Workload {
        configs = configs == null ? null : new TreeMap<>(configs);
    }

    /** Requests sent to it are answered by somebody. */
    public boolean serves() {
        return exists && available > 0;
    }

    /** It serves, and as much of it as its threshold asks for. */
    public boolean servesReady() {
        return serves() && ready;
    }
}
