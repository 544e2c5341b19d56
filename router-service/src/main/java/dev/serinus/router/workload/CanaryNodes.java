package dev.serinus.router.workload;

import dev.serinus.router.objects.ClusterObject;
import dev.serinus.schemas.canary.Canary;
import dev.serinus.schemas.canary.CanaryScheduling;

/**
 * The nodes of the canary's pods alone. They are written with the number of pods, so that none
 * starts elsewhere first, and taken away with the last of them.
 */
public final class CanaryNodes {

    private CanaryNodes() {}

    /** A target whose pods are a canary's. */
    public static ClusterObject begun(Canary canary, ClusterObject target) {
        var wanted = canary.getSpec().analysis().canaryPods();
        return new ClusterObject(target.ref(), CanaryScheduling.scheduled(target.json(), wanted));
    }

    /** A target whose pods are no canary's. */
    public static ClusterObject ended(ClusterObject target) {
        return new ClusterObject(target.ref(), CanaryScheduling.withoutScheduling(target.json()));
    }
}
