package dev.serinus.router.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.router.objects.ClusterObject;
import dev.serinus.schemas.canary.Revision;
import dev.serinus.schemas.targets.TargetKind;

import java.util.List;
import java.util.Optional;

/**
 * A DaemonSet, which has as many pods as there are nodes, and none where a node selector says so:
 * Flagger's pkg/canary/daemonset_controller.go.
 */
final class DaemonSetTarget implements ReleaseTarget {

    @Override
    public TargetKind target() {
        return TargetKind.DAEMON_SET;
    }

    @Override
    public List<String> copied() {
        return List.of("minReadySeconds", "revisionHistoryLimit", "updateStrategy");
    }

    @Override
    public int available(ClusterObject workload) {
        return isScaledDown(workload) ? 0 : workload.at("/status/numberAvailable").asInt();
    }

    @Override
    public int desired(ClusterObject workload) {
        return workload.at("/status/desiredNumberScheduled").asInt();
    }

    @Override
    public boolean isSized() {
        return false;
    }

    @Override
    public boolean isScaledDown(ClusterObject workload) {
        return workload.at("/spec/template/spec/nodeSelector").has(Revision.SCALE_TO_ZERO);
    }

    @Override
    public boolean isComplete(ClusterObject workload) {
        JsonNode status = workload.at("/status");
        return workload.isObserved()
                && status.path("updatedNumberScheduled").asInt() >= desired(workload)
                && available(workload) >= desired(workload);
    }

    @Override
    public boolean isRolling(ClusterObject workload) {
        JsonNode status = workload.at("/status");
        int updated = workload.isObserved() ? status.path("updatedNumberScheduled").asInt() : 0;
        return status.path("currentNumberScheduled").asInt() > updated;
    }

    @Override
    public ClusterObject scaledDown(ClusterObject workload) {
        return workload.edited(
                edit ->
                        podSpec(edit.spec())
                                .withObjectProperty("nodeSelector")
                                .put(Revision.SCALE_TO_ZERO, "true"));
    }

    @Override
    public ClusterObject scaledUp(ClusterObject workload, int replicas) {
        return workload.edited(edit -> PodTemplates.withoutScaleToZero(podSpec(edit.spec())));
    }

    private static ObjectNode podSpec(ObjectNode spec) {
        return spec.withObjectProperty("template").withObjectProperty("spec");
    }

    @Override
    public boolean renamesInTemplate() {
        return false;
    }

    /** One that waits for its pods to be deleted by hand never shows what was promoted. */
    @Override
    public Optional<String> neverRolls(ClusterObject target) {
        String type = target.at("/spec/updateStrategy/type").asText();
        return type.isEmpty() || type.equals("RollingUpdate")
                ? Optional.empty()
                : Optional.of(
                        "createPrimaryDaemonSet failed: daemonset %s must have RollingUpdate strategy but have %s"
                                .formatted(target.ref().dotted(), type));
    }
}
