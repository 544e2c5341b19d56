package dev.serinus.watcher.cluster;

import com.fasterxml.jackson.databind.JsonNode;

import dev.serinus.schemas.canary.Revision;
import dev.serinus.schemas.canary.StepAnnotation;
import dev.serinus.schemas.config.ConfigRef;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;

import org.jspecify.annotations.Nullable;

import java.util.Map;

/**
 * What the watcher keeps of a Deployment or a DaemonSet.
 *
 * @param template revision of its pod template
 * @param copiedFrom revision that it says it was copied from; empty when it says none
 * @param written the step that changed it last; null when none did
 * @param observed true when its controller has seen the newest generation
 * @param desired pods wanted
 * @param pods pods there are, of whatever template
 * @param deadlinePassed when Kubernetes gave up on its progress, as written; empty when it did not
 * @param configs ConfigMaps and Secrets its pods read; true for those they cannot do without
 */
public record Workload(
        String kind,
        String template,
        String copiedFrom,
        @Nullable StepAnnotation written,
        boolean observed,
        int desired,
        int pods,
        int updated,
        int available,
        String deadlinePassed,
        Map<ConfigRef, Boolean> configs) {

    /** Names the revision that a primary was copied from. */
    public static final String REVISION = "serinus.dev/revision";

    public Workload {
        configs = Map.copyOf(configs);
    }

    /** Number of the run of this Canary that wrote it last; 0 when none did. */
    public long run(String uid) {
        return written != null && written.isOf(uid) ? written.run() : 0;
    }

    /** Number of the step of this Canary that wrote it last; 0 when none did. */
    public long step(String uid) {
        return written != null && written.isOf(uid) ? written.step() : 0;
    }

    static Workload deployment(GenericKubernetesResource object) {
        var json = JsonObjects.of(object);
        var status = json.path("status");
        return of(
                object,
                json,
                json.path("spec").path("replicas").asInt(1),
                status.path("replicas").asInt(0),
                status.path("updatedReplicas").asInt(0),
                status.path("availableReplicas").asInt(0),
                deadlinePassed(status.path("conditions")));
    }

    static Workload daemonSet(GenericKubernetesResource object) {
        var json = JsonObjects.of(object);
        var status = json.path("status");
        return of(
                object,
                json,
                status.path("desiredNumberScheduled").asInt(0),
                status.path("currentNumberScheduled").asInt(0),
                status.path("updatedNumberScheduled").asInt(0),
                status.path("numberAvailable").asInt(0),
                "");
    }

    private static Workload of(
            GenericKubernetesResource object,
            JsonNode json,
            int desired,
            int pods,
            int updated,
            int available,
            String deadlinePassed) {
        var meta = object.getMetadata();
        Map<String, String> annotations =
                meta.getAnnotations() == null ? Map.of() : meta.getAnnotations();
        long generation = meta.getGeneration() == null ? 0 : meta.getGeneration();
        var template = json.path("spec").path("template");
        return new Workload(
                object.getKind(),
                Revision.of(template),
                annotations.getOrDefault(REVISION, ""),
                StepAnnotation.parse(annotations.get(StepAnnotation.NAME)).orElse(null),
                json.path("status").path("observedGeneration").asLong(0) >= generation,
                desired,
                pods,
                updated,
                available,
                deadlinePassed,
                ConfigRef.mandatory(template.path("spec")));
    }

    private static String deadlinePassed(JsonNode conditions) {
        for (var condition : conditions) {
            if (condition.path("type").asText().equals("Progressing")
                    && condition.path("reason").asText().equals("ProgressDeadlineExceeded")) {
                return condition.path("lastUpdateTime").asText("unknown");
            }
        }
        return "";
    }
}
