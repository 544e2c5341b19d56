package dev.serinus.router.workload;

import dev.serinus.router.objects.ClusterObject;
import dev.serinus.schemas.cluster.Kind;

import java.util.List;
import java.util.Optional;

/**
 * What differs between the kinds of workload that can be released. All of it is computed from the
 * object: reading and writing is done around it.
 */
public interface ReleaseTarget {

    /** The kind that a Canary's targetRef names. */
    Kind kind();

    /** Fields of the spec that the primary takes from the target, beside template and replicas. */
    List<String> copied();

    /** How many pods serve, and are to go on serving. */
    int available(ClusterObject workload);

    /** How many pods are wanted. */
    int desired(ClusterObject workload);

    /** True when its number of pods can be chosen. */
    boolean isSized();

    /** True when the workload wants no pods at all. */
    boolean isScaledDown(ClusterObject workload);

    /** True when every wanted pod runs the newest template and serves. */
    boolean isComplete(ClusterObject workload);

    /** The workload without pods. */
    ClusterObject scaledDown(ClusterObject workload);

    /** The workload with this many pods, or with as many as it has where none can be chosen. */
    ClusterObject scaledUp(ClusterObject workload, int replicas);

    /**
     * True when names that begin with the target's, in the pod template, are the primary's in its
     * copy, as Flagger has it for Deployments.
     */
    boolean renamesInTemplate();

    /** Why a primary of its kind would never run what is promoted; empty when it would. */
    default Optional<String> neverRolls(ClusterObject target) {
        return Optional.empty();
    }
}
