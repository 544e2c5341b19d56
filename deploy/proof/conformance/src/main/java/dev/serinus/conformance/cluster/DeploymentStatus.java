package dev.serinus.conformance.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.conformance.json.Json;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;

/**
 * What a Deployment says of its pods. Its deadline is Kubernetes' own: it runs from the last
 * progress, and not at all for a template that was complete before, as one scaled up from zero is.
 *
 * @param written the status
 * @param lookAgain when the deadline may have passed; null when none runs
 */
record DeploymentStatus(ObjectNode written, @Nullable Instant lookAgain) {

    private static final String PROGRESSING = "Progressing";
    private static final String COMPLETE = "NewReplicaSetAvailable";

    /** A condition's time is in whole seconds. */
    private static final Duration ROUNDING = Duration.ofSeconds(1);

    /** How many pods there are. */
    record Count(int pods, int updated, int available) {}

    static DeploymentStatus of(JsonNode object, Count count, boolean created, Instant now) {
        ObjectNode status = Json.object();
        status.put("observedGeneration", object.at("/metadata/generation").asLong());
        put(status, "replicas", count.pods);
        put(status, "updatedReplicas", count.updated);
        put(status, "readyReplicas", count.available);
        put(status, "availableReplicas", count.available);
        put(status, "unavailableReplicas", count.pods - count.available);
        JsonNode before = object.path("status");
        var conditions = new Conditions(before.path("conditions"), now);
        JsonNode spec = object.path("spec");
        int wanted = spec.path("replicas").asInt();
        boolean enough = count.available >= wanted - Rolling.of(spec).missing();
        conditions.set(
                "Available",
                enough,
                enough ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable");
        if (created) {
            conditions.set(PROGRESSING, true, "NewReplicaSetCreated");
        }
        Instant deadline = null;
        if (count.pods != count.updated || !conditions.reason(PROGRESSING).equals(COMPLETE)) {
            boolean complete = count.equals(new Count(wanted, wanted, wanted));
            boolean progress = grew(before, count);
            deadline = progress(conditions, spec, complete, progress, now);
        }
        status.set("conditions", conditions.list());
        return new DeploymentStatus(status, deadline);
    }

    private static @Nullable Instant progress(
            Conditions conditions, JsonNode spec, boolean complete, boolean progress, Instant now) {
        if (complete) {
            conditions.set(PROGRESSING, true, COMPLETE);
            return null;
        }
        if (progress) {
            conditions.renew(PROGRESSING, true, "ReplicaSetUpdated");
        }
        Instant deadline =
                conditions
                        .updated(PROGRESSING)
                        .plusSeconds(spec.path("progressDeadlineSeconds").asLong());
        if (deadline.isAfter(now)) {
            return deadline.plus(ROUNDING);
        }
        conditions.set(PROGRESSING, false, "ProgressDeadlineExceeded");
        return null;
    }

    private static boolean grew(JsonNode before, Count count) {
        int updated = before.path("updatedReplicas").asInt();
        return count.updated > updated
                || count.available > before.path("readyReplicas").asInt()
                || count.pods - count.updated < before.path("replicas").asInt() - updated;
    }

    private static void put(ObjectNode status, String name, int number) {
        if (number > 0) {
            status.put(name, number);
        }
    }
}
