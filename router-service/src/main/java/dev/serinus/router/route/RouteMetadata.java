package dev.serinus.router.route;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Edit;
import dev.serinus.router.objects.Mark;
import dev.serinus.router.objects.Refusal;
import dev.serinus.schemas.canary.Canary;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Labels and annotations of routing objects, and what an object was like before it was taken over.
 * Flagger keeps only the spec of an adopted VirtualService, and overwrites it with every later
 * change; here labels, annotations and spec of everything adopted are kept once and given back.
 */
public final class RouteMetadata {

    /** Where the object as it was found is kept. */
    public static final String ORIGINAL = ClusterObject.OURS + "original";

    /**
     * Where Flagger keeps the spec of a VirtualService it found; so that it can take over again.
     */
    public static final String FLAGGER_ORIGINAL = "flagger.kubernetes.io/original-configuration";

    /** Where kubectl keeps what was last applied. */
    public static final String KUBECTL_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

    /** Tells Flux to leave alone what a controller writes. */
    public static final Map<String, String> FLUX =
            Map.of(
                    "kustomize.toolkit.fluxcd.io/reconcile", "disabled",
                    "helm.toolkit.fluxcd.io/driftDetection", "disabled");

    /** Bytes of all keys and values together, for which Kubernetes looks at the whole object. */
    private static final int MOST_ANNOTATIONS = 256 * 1024;

    /** Bytes that a step and other short notes may need on top. */
    private static final int LATER_NOTES = 1024;

    private static final ObjectMapper JSON = JsonMapper.builder().build();

    private RouteMetadata() {}

    /**
     * Labels of service.apex. Flagger adds the selector label of the apex Service when service.apex
     * is there at all, since both share one map; scripts select routes by it.
     */
    public static Map<String, String> labels(Canary canary, String selectorLabel) {
        var service = canary.getSpec().service();
        if (service == null || service.apex() == null) {
            return Map.of();
        }
        Map<String, String> labels = new LinkedHashMap<>();
        if (service.apex().labels() != null) {
            labels.putAll(service.apex().labels());
        }
        if (!selectorLabel.isEmpty()) {
            labels.put(selectorLabel, canary.apex());
        }
        return labels;
    }

    /**
     * Annotations of service.apex and Flux's, which none of them overrides: it would undo splits.
     */
    public static Map<String, String> annotations(Canary canary) {
        var service = canary.getSpec().service();
        Map<String, String> annotations = new LinkedHashMap<>();
        if (service != null && service.apex() != null && service.apex().annotations() != null) {
            annotations.putAll(service.apex().annotations());
        }
        annotations.putAll(FLUX);
        return annotations;
    }

    /** Notes on an adopted object what it was like, once. */
    public static void keepOriginal(ClusterObject found, Edit edit) {
        if (found.annotation(ORIGINAL) == null) {
            renewOriginal(found, edit);
        }
    }

    /**
     * Notes on an object what it is like without us, in place of what was noted before. What
     * kubectl keeps stays on the object anyway, and annotations have little room.
     */
    public static void renewOriginal(ClusterObject users, Edit edit) {
        var original = JSON.createObjectNode();
        original.set("labels", JSON.valueToTree(users.labels()));
        var annotations = new LinkedHashMap<>(users.annotations());
        annotations.keySet().removeIf(key -> isNoteOfOriginal(key) || key.equals(KUBECTL_APPLIED));
        original.set("annotations", JSON.valueToTree(annotations));
        original.set("spec", users.at("/spec"));
        edit.annotate(ORIGINAL, original.toString());
    }

    /** False for an object with more annotations than an API server takes. */
    static boolean fits(ClusterObject object) {
        long bytes =
                object.annotations().entrySet().stream()
                        .flatMap(it -> Stream.of(it.getKey(), it.getValue()))
                        .mapToLong(it -> it.getBytes(StandardCharsets.UTF_8).length)
                        .sum();
        return bytes <= MOST_ANNOTATIONS - LATER_NOTES;
    }

    /** Puts on an object in hand the annotations of ours and Flux's that it was found with. */
    public static void giveBackNotes(ClusterObject found, Edit edit) {
        edit.withoutAnnotations(RouteMetadata::isNote);
        found.annotations()
                .forEach(
                        (key, value) -> {
                            if (isNote(key)) {
                                edit.annotate(key, value);
                            }
                        });
    }

    /** Makes an object in hand what its user had, but for the step that it carries. */
    public static void replace(Edit edit, ClusterObject users) {
        edit.withoutAnnotations(key -> !key.equals(Mark.ANNOTATION))
                .withoutLabels(_ -> true)
                .annotate(users.annotations())
                .label(users.labels())
                .put("spec", users.at("/spec"));
    }

    /** The object as it was found; empty when that is not known. */
    public static Optional<ClusterObject> original(ClusterObject live) {
        String ours = live.annotation(ORIGINAL);
        if (ours != null) {
            var original = parse(live, ORIGINAL, ours);
            return Optional.of(
                    live.edited(
                            edit -> {
                                // Older notes have what kubectl had kept by then.
                                var annotations = texts(original.path("annotations"));
                                annotations.remove(KUBECTL_APPLIED);
                                // Who is given back a note of Flagger's seems in hand still.
                                annotations.remove(FLAGGER_ORIGINAL);
                                edit.withoutAnnotations(key -> !key.equals(KUBECTL_APPLIED));
                                edit.withoutLabels(key -> true);
                                edit.annotate(annotations);
                                edit.label(texts(original.path("labels")));
                                edit.put("spec", original.path("spec"));
                            }));
        }
        return flaggerOriginal(live)
                .map(
                        spec ->
                                live.edited(
                                        edit -> {
                                            withoutNotes(live, edit);
                                            edit.put("spec", spec);
                                        }));
    }

    /**
     * Takes away what says who has an object in hand that goes back to its user; Flux's annotations
     * stay where the user has applied them.
     */
    public static void withoutNotes(ClusterObject live, Edit edit) {
        String text = live.annotation(KUBECTL_APPLIED);
        var applied =
                text == null
                        ? JSON.createObjectNode()
                        : parse(live, KUBECTL_APPLIED, text).at("/metadata/annotations");
        edit.withoutAnnotations(key -> isNote(key) && !applied.has(key));
    }

    private static Optional<JsonNode> flaggerOriginal(ClusterObject live) {
        String applied = live.annotation(KUBECTL_APPLIED);
        if (applied != null) {
            var spec = parse(live, KUBECTL_APPLIED, applied).path("spec");
            return spec.isObject() ? Optional.of(spec) : Optional.empty();
        }
        String kept = live.annotation(FLAGGER_ORIGINAL);
        return kept == null ? Optional.empty() : Optional.of(parse(live, FLAGGER_ORIGINAL, kept));
    }

    /**
     * True while it is noted that we or Flagger hold what somebody else made; false once it was
     * given back. Flux's annotations tell nothing: a user may have put them there.
     */
    public static boolean isInHand(ClusterObject live) {
        return live.annotations().keySet().stream().anyMatch(RouteMetadata::isNoteOfOriginal);
    }

    /** True for what we or Flagger alone write: it never goes back to a user. */
    static boolean isNoteOfOriginal(String key) {
        return key.startsWith(ClusterObject.OURS) || key.equals(FLAGGER_ORIGINAL);
    }

    /** True for annotations that are put on what is in hand. */
    public static boolean isNote(String key) {
        return isNoteOfOriginal(key) || FLUX.containsKey(key);
    }

    private static JsonNode parse(ClusterObject live, String annotation, String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException malformed) {
            throw Refusal.invalid(
                    "annotation %s of %s is not JSON; repair it or take it away"
                            .formatted(annotation, live.ref()));
        }
    }

    private static Map<String, String> texts(JsonNode node) {
        Map<String, String> found = new LinkedHashMap<>();
        if (node instanceof ObjectNode map) {
            map.properties().forEach(entry -> found.put(entry.getKey(), entry.getValue().asText()));
        }
        return found;
    }
}
