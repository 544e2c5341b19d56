package dev.serinus.router.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;

import dev.serinus.router.objects.ClusterObject;
import dev.serinus.schemas.targets.TargetKind;

import java.util.List;

/** A Deployment: Flagger's pkg/canary/deployment_controller.go. */
final class DeploymentTarget implements ReleaseTarget {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    @Override
    public TargetKind target() {
        return TargetKind.DEPLOYMENT;
    }

    @Override
    public List<String> copied() {
        return List.of(
                "progressDeadlineSeconds", "minReadySeconds", "revisionHistoryLimit", "strategy");
    }

    @Override
    public int available(ClusterObject workload) {
        return isScaledDown(workload) ? 0 : workload.at("/status/availableReplicas").asInt();
    }

    /** 1 when it does not say. */
    @Override
    public int desired(ClusterObject workload) {
        return workload.at("/spec/replicas").asInt(1);
    }

    @Override
    public boolean isSized() {
        return true;
    }

    @Override
    public boolean isScaledDown(ClusterObject workload) {
        return desired(workload) == 0;
    }

    @Override
    public boolean isComplete(ClusterObject workload) {
        // Pods of an older template count as available too, for as long as there are any.
        return workload.isObserved()
                && !isRolling(workload)
                && workload.at("/status/updatedReplicas").asInt() >= desired(workload)
                && available(workload) >= desired(workload);
    }

    @Override
    public boolean isRolling(ClusterObject workload) {
        JsonNode status = workload.at("/status");
        int updated = workload.isObserved() ? status.path("updatedReplicas").asInt() : 0;
        return status.path("replicas").asInt() > updated;
    }

    @Override
    public ClusterObject scaledDown(ClusterObject workload) {
        return scaledUp(workload, 0);
    }

    @Override
    public ClusterObject scaledUp(ClusterObject workload, int replicas) {
        return workload.edited(edit -> edit.spec("replicas", JSON.numberNode(replicas)));
    }

    @Override
    public boolean renamesInTemplate() {
        return true;
    }
}
