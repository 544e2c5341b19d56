package dev.serinus.watcher.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;

import dev.serinus.schemas.canary.CanaryScheduling;
import dev.serinus.schemas.canary.Revision;
import dev.serinus.schemas.canary.StepAnnotation;
import dev.serinus.schemas.config.ConfigRef;
import dev.serinus.schemas.targets.KnativeService;
import dev.serinus.schemas.targets.ReleasedService;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;

/**
 * What the watcher keeps of a Deployment or a DaemonSet, and of what serves in their place: a
 * Service or a revision of Knative, of which there is one.
 *
 * @param template revision of its pod template, or of what else it releases
 * @param copiedFrom revision that it says it was copied from; empty when it says none
 * @param written the step that changed it last; null when none did
 * @param observed true when its controller has seen the newest generation
 * @param desired pods wanted
 * @param pods pods there are, of whatever template
 * @param deadlinePassed when Kubernetes gave up on its progress, as written; empty when it did not,
 *     or did so by a deadline that nobody set
 * @param trouble why it does not serve, as it says itself; empty where pods are counted
 * @param configs ConfigMaps and Secrets its pods read; true for those they cannot do without
 * @param release what it is of in every region; empty where it does not say
 * @param images of its containers; empty where they are not told
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
        String trouble,
        Map<ConfigRef, Boolean> configs,
        String release,
        List<String> images) {

    /** Names the revision that a primary was copied from. */
    public static final String REVISION = "serinus.dev/revision";

    /** What the API server puts into a Deployment that says none. */
    private static final int DEFAULT_DEADLINE_SECONDS = 600;

    public Workload {
        configs = Map.copyOf(configs);
        images = List.copyOf(images);
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
                deadlineIsOwn(json) ? deadlinePassed(status.path("conditions")) : "");
    }

    /** False where nobody set one: then the Canary's counts, which may be later. */
    private static boolean deadlineIsOwn(JsonNode deployment) {
        return deployment.path("spec").path("progressDeadlineSeconds").asInt(0)
                != DEFAULT_DEADLINE_SECONDS;
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
        Map<String, String> annotations = annotations(object);
        long generation = meta.getGeneration() == null ? 0 : meta.getGeneration();
        var template =
                CanaryScheduling.usersTemplate(
                        json.path("spec").path("template"),
                        annotations.get(CanaryScheduling.ANNOTATION));
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
                "",
                ConfigRef.mandatory(template.path("spec")),
                Release.of(annotations, template.path("spec")),
                Release.imagesOf(template.path("spec")));
    }

    /** A Service, which serves when it is there, as in Flagger. */
    static Workload service(GenericKubernetesResource object) {
        var spec = JsonObjects.of(object).path("spec");
        return single(object, ReleasedService.revision(spec), 1, "", MissingNode.getInstance());
    }

    /** A revision of Knative, which serves when it is ready, however many pods it has. */
    static Workload revision(GenericKubernetesResource object) {
        var json = JsonObjects.whole(object);
        boolean ready = KnativeService.isReady(json);
        String because = KnativeService.because(json);
        String trouble =
                "revision %s is not ready%s"
                        .formatted(
                                object.getMetadata().getName(),
                                because.isEmpty() ? "" : ": " + because);
        return single(
                object,
                object.getMetadata().getName(),
                ready ? 1 : 0,
                ready ? "" : trouble,
                json.path("spec"));
    }

    private static Workload single(
            GenericKubernetesResource object,
            String revision,
            int available,
            String trouble,
            JsonNode podSpec) {
        Map<String, String> annotations = annotations(object);
        return new Workload(
                object.getKind(),
                revision,
                annotations.getOrDefault(REVISION, ""),
                StepAnnotation.parse(annotations.get(StepAnnotation.NAME)).orElse(null),
                true,
                1,
                1,
                1,
                available,
                "",
                trouble,
                Map.of(),
                Release.of(annotations, podSpec),
                Release.imagesOf(podSpec));
    }

    /** The same, written by another step and said to be of another revision. */
    Workload with(@Nullable StepAnnotation step, String copied) {
        return new Workload(
                kind,
                template,
                copied,
                step,
                observed,
                desired,
                pods,
                updated,
                available,
                deadlinePassed,
                trouble,
                configs,
                release,
                images);
    }

    /** The same, of which nobody knows yet whether it is the newest. */
    Workload unobserved() {
        return new Workload(
                kind,
                template,
                copiedFrom,
                written,
                false,
                desired,
                pods,
                updated,
                available,
                deadlinePassed,
                trouble,
                configs,
                release,
                images);
    }

    /** The same, whose canary's side is not ready for this reason. */
    Workload waitingFor(String because, boolean serves) {
        return new Workload(
                kind,
                template,
                copiedFrom,
                written,
                observed,
                desired,
                pods,
                0,
                serves ? available : 0,
                deadlinePassed,
                because,
                configs,
                release,
                images);
    }

    private static Map<String, String> annotations(GenericKubernetesResource object) {
        var annotations = object.getMetadata().getAnnotations();
        return annotations == null ? Map.of() : annotations;
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
