package dev.serinus.analysis.rollout;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The state of a target or primary as it was last observed.
 *
 * @param missingConfigs configs its pods cannot start without and that are not there
 * @param release what it is of in every region; null where nobody said
 * @param images of its containers; null where nobody said
 */
public record Workload(
        boolean exists,
        String revision,
        @Nullable Map<String, String> configs,
        List<String> missingConfigs,
        int desired,
        int updated,
        int available,
        boolean ready,
        boolean stuck,
        String because,
        long run,
        long step,
        @Nullable String release,
        @Nullable List<String> images) {

    /** One of which nobody said which images it has. */
    public Workload(
            boolean exists,
            String revision,
            @Nullable Map<String, String> configs,
            List<String> missingConfigs,
            int desired,
            int updated,
            int available,
            boolean ready,
            boolean stuck,
            String because,
            long run,
            long step,
            @Nullable String release) {
        this(
                exists,
                revision,
                configs,
                missingConfigs,
                desired,
                updated,
                available,
                ready,
                stuck,
                because,
                run,
                step,
                release,
                null);
    }

    /** One of which nobody said what it is of. */
    public Workload(
            boolean exists,
            String revision,
            @Nullable Map<String, String> configs,
            List<String> missingConfigs,
            int desired,
            int updated,
            int available,
            boolean ready,
            boolean stuck,
            String because,
            long run,
            long step) {
        this(
                exists,
                revision,
                configs,
                missingConfigs,
                desired,
                updated,
                available,
                ready,
                stuck,
                because,
                run,
                step,
                null);
    }

    public Workload {
        configs = configs == null ? null : new TreeMap<>(configs);
        missingConfigs = List.copyOf(missingConfigs);
        images = images == null || images.isEmpty() ? null : List.copyOf(images);
    }

    /** The same with so many pods of its template, available or not. */
    Workload withUpdated(int pods) {
        return new Workload(
                exists,
                revision,
                configs,
                missingConfigs,
                desired,
                pods,
                available,
                ready,
                stuck,
                because,
                run,
                step,
                release,
                images);
    }

    /** What it is of in every region; empty where nobody said. */
    public String released() {
        return release == null ? "" : release;
    }

    /**
     * How far its pods are: it grows with each that begins and with each that serves, and those of
     * an earlier template do not count.
     */
    int progress() {
        return exists ? updated + Math.min(updated, available) : 0;
    }

    /** Requests sent to it are answered by somebody. */
    public boolean serves() {
        return exists && available > 0;
    }

    /** It serves, and as much of it as its threshold asks for. */
    public boolean servesReady() {
        return serves() && ready;
    }

    /** It serves and could be started again as it is: what may be judged and promoted. */
    public boolean releasable() {
        return servesReady() && missingConfigs.isEmpty();
    }
}
