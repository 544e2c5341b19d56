package dev.serinus.router.workload;

import dev.serinus.router.objects.ClusterObject;
import dev.serinus.schemas.canary.Canary;
import dev.serinus.schemas.canary.CanaryScheduling;

import java.util.Locale;

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

    /**
     * Why a canary's pods do not run where they are to, in a sentence; empty where they do. What
     * somebody has written since is not written over before pods are asked for again: two who each
     * put back their own would replace pods all the time.
     */
    public static String missed(Canary canary, ReleaseTarget kind, ClusterObject live) {
        return kind.isScaledDown(live) || begun(canary, live).equals(live)
                ? ""
                : "%s %s has not what spec.analysis.canaryAnalysis.templateVariables say, since one of both was written while the canary has pods: these run as its pod template says until the next revision; whoever applies it is to leave nodeSelector and tolerations alone"
                        .formatted(
                                live.ref().kind().name().toLowerCase(Locale.ROOT),
                                live.ref().dotted());
    }

    /** A target whose pods are no canary's. */
    public static ClusterObject ended(ClusterObject target) {
        return new ClusterObject(target.ref(), CanaryScheduling.withoutScheduling(target.json()));
    }
}
