package dev.serinus.router.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Refusal;
import dev.serinus.schemas.canary.ObjectRef;
import dev.serinus.schemas.canary.Revision;
import dev.serinus.schemas.cluster.Kind;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What differs between the kinds of workload that can be released. */
@SuppressWarnings("ImmutableEnumChecker") // a record of strings, and what comes from List.of
public enum WorkloadKind {
    DEPLOYMENT(
            Kind.DEPLOYMENT,
            List.of(
                    "progressDeadlineSeconds",
                    "minReadySeconds",
                    "revisionHistoryLimit",
                    "strategy")),
    DAEMON_SET(
            Kind.DAEMON_SET, List.of("minReadySeconds", "revisionHistoryLimit", "updateStrategy"));

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final Kind kind;
    private final List<String> copied;

    WorkloadKind(Kind kind, List<String> copied) {
        this.kind = kind;
        this.copied = copied;
    }

    /** The kind that a Canary's targetRef names. */
    public static WorkloadKind of(ObjectRef target) {
        return switch (target.kind()) {
            case "Deployment" -> DEPLOYMENT;
            case "DaemonSet" -> DAEMON_SET;
            default ->
                    throw Refusal.invalid(
                            "spec.targetRef.kind %s is not supported by this version; use Deployment"
                                            .formatted(target.kind())
                                    + " or DaemonSet");
        };
    }

    /** The workload kind of an object's; empty for other objects. */
    public static Optional<WorkloadKind> of(Kind kind) {
        return Arrays.stream(values()).filter(it -> it.kind.equals(kind)).findFirst();
    }

    public Kind kind() {
        return kind;
    }

    /** Fields of the spec that the primary takes from the target, beside template and replicas. */
    public List<String> copied() {
        return copied;
    }

    /** How many pods serve, and are to go on serving. */
    public int available(ClusterObject workload) {
        if (isScaledDown(workload)) {
            return 0;
        }
        return workload.at(
                        this == DEPLOYMENT
                                ? "/status/availableReplicas"
                                : "/status/numberAvailable")
                .asInt();
    }

    /** How many pods are wanted; for a Deployment 1 when it does not say. */
    public int desired(ClusterObject workload) {
        return this == DEPLOYMENT
                ? workload.at("/spec/replicas").asInt(1)
                : workload.at("/status/desiredNumberScheduled").asInt();
    }

    /** True when the workload wants no pods at all. */
    public boolean isScaledDown(ClusterObject workload) {
        return this == DEPLOYMENT
                ? desired(workload) == 0
                : workload.at("/spec/template/spec/nodeSelector").has(Revision.SCALE_TO_ZERO);
    }

    /** True when every wanted pod runs the newest template and serves. */
    public boolean isComplete(ClusterObject workload) {
        JsonNode status = workload.at("/status");
        boolean seen =
                status.path("observedGeneration").asLong()
                        >= workload.at("/metadata/generation").asLong();
        int updated =
                status.path(this == DEPLOYMENT ? "updatedReplicas" : "updatedNumberScheduled")
                        .asInt();
        // Pods of an older template count as available too, for as long as there are any.
        boolean onlyUpdated = this == DAEMON_SET || status.path("replicas").asInt() <= updated;
        return seen
                && onlyUpdated
                && updated >= desired(workload)
                && available(workload) >= desired(workload);
    }

    /** The workload without pods. */
    public ClusterObject scaledDown(ClusterObject workload) {
        return workload.edited(
                edit -> {
                    if (this == DEPLOYMENT) {
                        edit.spec("replicas", JSON.numberNode(0));
                    } else {
                        podSpec(edit.spec())
                                .withObjectProperty("nodeSelector")
                                .put(Revision.SCALE_TO_ZERO, "true");
                    }
                });
    }

    /** The workload with this many pods; a DaemonSet has as many as there are nodes. */
    public ClusterObject scaledUp(ClusterObject workload, int replicas) {
        return workload.edited(
                edit -> {
                    if (this == DEPLOYMENT) {
                        edit.spec("replicas", JSON.numberNode(replicas));
                    } else if (podSpec(edit.spec()).path("nodeSelector")
                            instanceof ObjectNode selector) {
                        selector.remove(Revision.SCALE_TO_ZERO);
                        if (selector.isEmpty()) {
                            podSpec(edit.spec()).remove("nodeSelector");
                        }
                    }
                });
    }

    private static ObjectNode podSpec(ObjectNode spec) {
        return spec.withObjectProperty("template").withObjectProperty("spec");
    }
}
