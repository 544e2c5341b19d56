package dev.serinus.local;

import com.fasterxml.jackson.databind.JsonNode;

import dev.serinus.schemas.canary.Revision;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What Serinus leaves on Canaries and around them that Flagger would not expect, or that would
 * mislead a later Serinus. Nothing that moves a request or starts a pod is touched: only finalizers
 * and annotations, and the records of what was promoted.
 */
final class Handback {

    private static final String CANARIES = "flagger.app/v1beta1";
    private static final String FINALIZER = "finalizer.flagger.app";
    private static final String OURS = "serinus.dev/";
    private static final int NOT_FOUND = 404;

    /** Flagger's hash: a number of 32 bits, its digits spelled in ten letters and digits. */
    private static final Pattern FLAGGERS = Pattern.compile("[4-9bcdf]{1,10}");

    /** What may carry the mark of a step. */
    private static final Map<String, List<String>> MARKED = marked();

    private final KubernetesClient client;

    Handback(KubernetesClient client) {
        this.client = client;
    }

    private static Map<String, List<String>> marked() {
        Map<String, List<String>> kinds = new LinkedHashMap<>();
        kinds.put("apps/v1", List.of("Deployment", "DaemonSet"));
        kinds.put("v1", List.of("Service", "ConfigMap", "Secret"));
        kinds.put("autoscaling/v2", List.of("HorizontalPodAutoscaler"));
        kinds.put("keda.sh/v1alpha1", List.of("ScaledObject"));
        kinds.put("networking.k8s.io/v1", List.of("Ingress"));
        kinds.put("networking.istio.io/v1beta1", List.of("VirtualService", "DestinationRule"));
        kinds.put("gateway.networking.k8s.io/v1", List.of("HTTPRoute"));
        kinds.put("projectcontour.io/v1", List.of("HTTPProxy"));
        kinds.put("gateway.solo.io/v1", List.of("RouteTable"));
        kinds.put("gloo.solo.io/v1", List.of("Upstream"));
        kinds.put("split.smi-spec.io/v1alpha1", List.of("TrafficSplit"));
        kinds.put("traefik.io/v1alpha1", List.of("TraefikService"));
        kinds.put("apisix.apache.org/v2", List.of("ApisixRoute"));
        kinds.put(
                "appmesh.k8s.aws/v1beta2",
                List.of("VirtualNode", "VirtualService", "VirtualRouter"));
        kinds.put("serving.knative.dev/v1", List.of("Service"));
        return kinds;
    }

    /**
     * One Canary as it was found.
     *
     * @param deleted somebody asked for its deletion, which Serinus has not finished
     * @param startsRollout Flagger would take what its target runs for news
     */
    record Found(
            String namespace,
            String name,
            boolean deleted,
            boolean releasable,
            boolean startsRollout) {

        String sentence(boolean check) {
            if (deleted) {
                return "is being deleted; let Serinus finish that first";
            }
            String would = check ? "would be " : "";
            return "%shanded back%s"
                    .formatted(
                            would,
                            startsRollout
                                    ? ", and Flagger starts a rollout of what its target runs:"
                                            + " the status holds no hash of Flagger's for it,"
                                            + " since Serinus met it first"
                                    : "");
        }
    }

    /** All Canaries of a namespace, or of the cluster, as they are now. */
    List<Found> look(@Nullable String namespace) {
        return canaries(namespace).stream()
                .map(this::found)
                .sorted(Comparator.comparing(Found::namespace).thenComparing(Found::name))
                .toList();
    }

    private List<GenericKubernetesResource> canaries(@Nullable String namespace) {
        var all = client.genericKubernetesResources(CANARIES, "Canary");
        return namespace == null
                ? all.inAnyNamespace().list().getItems()
                : all.inNamespace(namespace).list().getItems();
    }

    private Found found(GenericKubernetesResource canary) {
        var metadata = canary.getMetadata();
        boolean reverts = Boolean.TRUE.equals(canary.get("spec", "revertOnDeletion"));
        return new Found(
                metadata.getNamespace(),
                metadata.getName(),
                metadata.getDeletionTimestamp() != null,
                !reverts,
                !isFlaggers(canary));
    }

    /** Flagger knows the target by its own hash only, which nobody else can compute. */
    private boolean isFlaggers(GenericKubernetesResource canary) {
        String applied = canary.get("status", "lastAppliedSpec");
        if (applied == null) {
            return canary.get("status", "phase") == null; // Flagger would initialise it anyway
        }
        return FLAGGERS.matcher(applied).matches() && !applied.equals(revision(canary));
    }

    private @Nullable String revision(GenericKubernetesResource canary) {
        String kind = canary.get("spec", "targetRef", "kind");
        String name = canary.get("spec", "targetRef", "name");
        if (name == null || !("Deployment".equals(kind) || "DaemonSet".equals(kind))) {
            return null;
        }
        var target =
                client.genericKubernetesResources("apps/v1", kind)
                        .inNamespace(canary.getMetadata().getNamespace())
                        .withName(name)
                        .get();
        return target == null
                ? null
                : Revision.of(
                        client.getKubernetesSerialization()
                                .convertValue(target, JsonNode.class)
                                .at("/spec/template"));
    }

    /** Takes off what is Serinus' alone. Doing it again changes nothing more. */
    void handBack(List<Found> canaries) {
        List<String> namespaces =
                canaries.stream()
                        .filter(each -> !each.deleted())
                        .map(Found::namespace)
                        .distinct()
                        .toList();
        namespaces.forEach(this::forget);
        for (Found each : canaries) {
            if (!each.deleted()) {
                release(each);
            }
        }
    }

    /** Marks, and what was promoted: Flagger promotes without a word to either. */
    private void forget(String namespace) {
        MARKED.forEach((version, kinds) -> kinds.forEach(kind -> unmark(namespace, version, kind)));
        var _ =
                client.genericKubernetesResources("apps/v1", "ControllerRevision")
                        .inNamespace(namespace)
                        .withLabel(OURS + "canary")
                        .delete();
    }

    private void unmark(String namespace, String version, String kind) {
        for (var object : list(namespace, version, kind)) {
            if (isMarked(object)) {
                var _ = client.resource(object).edit(Handback::withoutMarks);
            }
        }
    }

    private List<GenericKubernetesResource> list(String namespace, String version, String kind) {
        try {
            return client.genericKubernetesResources(version, kind)
                    .inNamespace(namespace)
                    .list()
                    .getItems();
        } catch (KubernetesClientException trouble) {
            if (trouble.getCode() == NOT_FOUND) {
                return List.of(); // the cluster does not know this kind
            }
            throw trouble;
        }
    }

    private void release(Found found) {
        var _ =
                client.genericKubernetesResources(CANARIES, "Canary")
                        .inNamespace(found.namespace())
                        .withName(found.name())
                        .edit(
                                canary -> {
                                    if (found.releasable()) {
                                        var kept =
                                                new ArrayList<>(
                                                        canary.getMetadata().getFinalizers());
                                        kept.remove(FINALIZER);
                                        canary.getMetadata().setFinalizers(kept);
                                    }
                                    return withoutMarks(canary);
                                });
    }

    private static boolean isMarked(HasMetadata object) {
        var annotations = object.getMetadata().getAnnotations();
        return annotations != null
                && annotations.keySet().stream().anyMatch(key -> key.startsWith(OURS));
    }

    private static <T extends HasMetadata> T withoutMarks(T object) {
        if (isMarked(object)) {
            var kept = new LinkedHashMap<>(object.getMetadata().getAnnotations());
            kept.keySet().removeIf(key -> key.startsWith(OURS));
            object.getMetadata().setAnnotations(kept);
        }
        return object;
    }
}
