package dev.serinus.watcher.observe;

import dev.serinus.schemas.events.CanaryObserved;
import dev.serinus.schemas.events.CanaryRejected;
import dev.serinus.schemas.events.PriorStatus;
import dev.serinus.schemas.events.Role;
import dev.serinus.schemas.events.WorkloadObserved;
import dev.serinus.watcher.cluster.Workload;

import org.jspecify.annotations.Nullable;

import java.util.EnumMap;
import java.util.Map;

/**
 * What was last published about one Canary object, so that only news is published. Empty after a
 * restart: then everything is published again. Used by one thread at a time.
 */
final class PublishedFacts {

    /** A deadline that passed, and the revision it belonged to. */
    private record Deadline(String passed, String template) {}

    final String uid;
    long generation;
    private @Nullable Object spec;
    private final Map<Role, WorkloadObserved> workloads = new EnumMap<>(Role.class);
    private final Map<Role, Deadline> deadlines = new EnumMap<>(Role.class);

    PublishedFacts(String uid) {
        this.uid = uid;
    }

    /** True when this says more than the last one; a change of the status alone is no news. */
    boolean isNews(CanaryObserved canary) {
        return !comparable(canary).equals(spec);
    }

    boolean isNews(CanaryRejected canary) {
        return !canary.equals(spec);
    }

    boolean isNews(WorkloadObserved workload) {
        return !workload.equals(workloads.get(workload.getRole()));
    }

    /** True when the last that was said of a workload is that it is ready. */
    boolean isReady(Role role) {
        var last = workloads.get(role);
        return last != null && last.getReady();
    }

    /** True when the last that was said of the target is that this config of it is missing. */
    boolean isMissing(String config) {
        var target = workloads.get(Role.TARGET);
        return target != null && target.getMissingConfigs().contains(config);
    }

    void published(CanaryObserved canary) {
        spec = comparable(canary);
        generation = canary.getGeneration();
    }

    void published(CanaryRejected canary) {
        spec = canary;
        generation = canary.getGeneration();
    }

    void published(WorkloadObserved workload) {
        workloads.put(workload.getRole(), workload);
    }

    /** The checksum last published for a config of the target; null when none was. */
    @Nullable String config(String name, @Nullable PriorStatus prior) {
        var target = workloads.get(Role.TARGET);
        if (target != null && target.getConfigs() != null) {
            return target.getConfigs().get(name);
        }
        return prior == null || prior.getTrackedConfigs() == null
                ? null
                : prior.getTrackedConfigs().get(name);
    }

    /**
     * True when the deadline that passed was this revision's. Kubernetes leaves the condition of a
     * failed rollout in place until the next one makes progress, and a deadline belongs to one
     * rollout.
     */
    boolean deadlineCounts(Role role, Workload workload) {
        if (workload.deadlinePassed().isEmpty()) {
            deadlines.remove(role);
            return false;
        }
        var first = deadlines.get(role);
        if (first == null || !first.passed().equals(workload.deadlinePassed())) {
            first = new Deadline(workload.deadlinePassed(), workload.template());
        }
        if (workload.desired() == 0) {
            first = new Deadline(workload.deadlinePassed(), ""); // it has ended with its pods
        }
        deadlines.put(role, first);
        return first.template().equals(workload.template());
    }

    private static CanaryObserved comparable(CanaryObserved canary) {
        return CanaryObserved.newBuilder(canary).setPrior(null).build();
    }
}
