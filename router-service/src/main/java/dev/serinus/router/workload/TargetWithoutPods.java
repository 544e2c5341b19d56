package dev.serinus.router.workload;

import dev.serinus.router.objects.ClusterObject;

import java.util.List;

/**
 * A target whose pods somebody else makes and counts: nothing is copied, scaled or renamed here.
 */
interface TargetWithoutPods extends ReleaseTarget {

    @Override
    default List<String> copied() {
        return List.of();
    }

    @Override
    default int desired(ClusterObject workload) {
        return 1;
    }

    @Override
    default boolean isSized() {
        return false;
    }

    @Override
    default boolean isScaledDown(ClusterObject workload) {
        return false;
    }

    /** What serves on after the Canary is what serves now. */
    @Override
    default boolean isComplete(ClusterObject workload) {
        return true;
    }

    @Override
    default boolean isRolling(ClusterObject workload) {
        return false;
    }

    @Override
    default ClusterObject scaledDown(ClusterObject workload) {
        return workload;
    }

    @Override
    default ClusterObject scaledUp(ClusterObject workload, int replicas) {
        return workload;
    }

    @Override
    default boolean renamesInTemplate() {
        return false;
    }
}
