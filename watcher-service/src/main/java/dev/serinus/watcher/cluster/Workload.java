package dev.serinus.watcher.cluster;

import com.fasterxml.jackson.databind.JsonNode;

import dev.serinus.schemas.canary.Revision;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;

import java.util.Map;

/**
 * What the watcher keeps of a Deployment or a DaemonSet.
 *
 * @param template revision of its pod template
 * @param copiedFrom revision that it says it was copied from; empty when it says none
 * @param run run part of its step annotation; 0 when absent
 * @param step step part of its step annotation; 0 when absent
 * @param observed true when its controller has seen the newest generation
 * @param desired pods wanted
 * @param pods pods there are, of whatever template
 * @param deadlinePassed when Kubernetes gave up on its progress, as written; empty when it did not
 * @param configs ConfigMaps and Secrets its pods read, by {@code configmap/NAME} or {@code
 *     secret/NAME}; true for those they cannot do without
 */
public record Workload(
        String kind,
        String template,
        String copiedFrom,
        long run,
        long step,
        boolean observed,
        int desired,
        int pods,
        int updated,
        int available,
        String deadlinePassed,
        Map<String, Boolean> configs) {

    /** Names the step that wrote an object last, as {@code RUN.STEP}. */
    public static final String STEP = "serinus.dev/step";

    /** Names the revision that a primary was copied from. */
    public static final String REVISION = "serinus.dev/revision";

    public Workload {
        configs = Map.copyOf(configs);
    }

    static Workload deployment(GenericKubernetesResource object) {
        var json = Trees.of(object);
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
        var json = Trees.of(object);
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
        String[] step = annotations.getOrDefault(STEP, "").split("\\.", 2);
        var template = json.path("spec").path("template");
        return new Workload(
                object.getKind(),
                Revision.of(template),
                annotations.getOrDefault(REVISION, ""),
                step.length == 2 ? number(step[0]) : 0,
                step.length == 2 ? number(step[1]) : 0,
                json.path("status").path("observedGeneration").asLong(0) >= generation,
                desired,
                pods,
                updated,
                available,
                deadlinePassed,
                ConfigRefs.of(template.path("spec")));
    }

    private static long number(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException _) {
            return 0; // somebody else's annotation value says nothing about our steps
        }
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
