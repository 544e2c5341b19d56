package dev.serinus.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.router.LeftAutoscaler;
import dev.serinus.schemas.canary.CanaryScheduling;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * What Serinus notes on objects, its annotations, and the records of what was promoted. Nothing
 * that moves a request or starts a pod is among them, but that one alone says how an apex Service
 * is led back from pods of the canary ({@link Canaries#steeredApex}); an autoscaler whose minimum
 * was raised for a while has its own again, and a target the nodes that its user wrote.
 */
final class OwnMarks {

    /** How all keys of Serinus begin. */
    private static final String OURS = "serinus.dev/";

    /** On the record of a promoted template: the UID of its Canary. */
    private static final String OF_CANARY = OURS + "canary";

    private static final int NOT_FOUND = 404;

    /** What becomes of an object's owners. */
    enum Owners {
        /** A target that owns what was made for its Canary keeps it from going with the Canary. */
        AS_THEY_ARE,

        /**
         * Flagger leaves it to the garbage collector to take what a Canary owns, and nobody else.
         */
        CANARY_ALONE
    }

    private final KubernetesClient client;

    OwnMarks(KubernetesClient client) {
        this.client = client;
    }

    /** Takes the annotations off all objects of a namespace but these. */
    void takeOff(String namespace, Owners owners, Predicate<HasMetadata> kept) {
        for (ResourceDefinitionContext kind : Kinds.MARKED) {
            list(namespace, kind).stream()
                    .filter(OwnMarks::isMarked)
                    .filter(kept.negate())
                    .forEach(
                            object ->
                                    takeOff(
                                            owners,
                                            client.genericKubernetesResources(kind)
                                                    .inNamespace(namespace)
                                                    .resource(object)));
        }
        for (ResourceDefinitionContext kind : Kinds.MARKED_OF_CLUSTER) {
            known(() -> client.genericKubernetesResources(kind).list().getItems()).stream()
                    .filter(OwnMarks::isMarked)
                    .filter(object -> isOfCanaryIn(namespace, object))
                    .filter(kept.negate())
                    .forEach(
                            object ->
                                    takeOff(
                                            owners,
                                            client.genericKubernetesResources(kind)
                                                    .resource(object)));
        }
    }

    /** An object of the whole cluster notes whose it is, as NAME.NAMESPACE UID. */
    private static boolean isOfCanaryIn(String namespace, HasMetadata object) {
        String canary = object.getMetadata().getAnnotations().get(OF_CANARY);
        return canary != null && canary.replaceFirst(" .*", "").endsWith("." + namespace);
    }

    private void takeOff(Owners owners, Resource<GenericKubernetesResource> object) {
        var _ =
                object.edit(
                        found -> {
                            var marked = unscheduled(unheld(found));
                            switch (owners) {
                                case AS_THEY_ARE -> {}
                                case CANARY_ALONE -> leaveToTheCanary(marked.getMetadata());
                            }
                            return without(marked);
                        });
    }

    /** Only the note knows what it was before, and it goes. */
    private GenericKubernetesResource unheld(GenericKubernetesResource object) {
        var json = client.getKubernetesSerialization();
        return json.convertValue(
                LeftAutoscaler.of(json.convertValue(object, ObjectNode.class)),
                GenericKubernetesResource.class);
    }

    /** What only a canary's pods had: Flagger would take it for what is released. */
    private GenericKubernetesResource unscheduled(GenericKubernetesResource object) {
        if (!object.getMetadata().getAnnotations().containsKey(CanaryScheduling.ANNOTATION)) {
            return object;
        }
        var json = client.getKubernetesSerialization();
        return json.convertValue(
                CanaryScheduling.withoutScheduling(json.convertValue(object, ObjectNode.class)),
                GenericKubernetesResource.class);
    }

    private static void leaveToTheCanary(ObjectMeta metadata) {
        var canaries =
                metadata.getOwnerReferences().stream()
                        .filter(owner -> owner.getKind().equals("Canary"))
                        .toList();
        if (!canaries.isEmpty()) {
            metadata.setOwnerReferences(canaries);
        }
    }

    private List<GenericKubernetesResource> list(String namespace, ResourceDefinitionContext kind) {
        return known(
                () ->
                        client.genericKubernetesResources(kind)
                                .inNamespace(namespace)
                                .list()
                                .getItems());
    }

    private static List<GenericKubernetesResource> known(
            Supplier<List<GenericKubernetesResource>> asking) {
        try {
            return asking.get();
        } catch (KubernetesClientException trouble) {
            if (trouble.getCode() == NOT_FOUND) {
                return List.of(); // the cluster does not know this kind
            }
            throw trouble;
        }
    }

    /** Deletes the records of what was promoted for a Canary. */
    void forgetPromoted(String namespace, String uid) {
        var _ =
                client.genericKubernetesResources(Kinds.CONTROLLER_REVISION)
                        .inNamespace(namespace)
                        .withLabel(OF_CANARY, uid)
                        .delete();
    }

    static boolean isMarked(HasMetadata object) {
        var annotations = object.getMetadata().getAnnotations();
        return annotations != null
                && annotations.keySet().stream().anyMatch(key -> key.startsWith(OURS));
    }

    /** The same object without the annotations. */
    static <T extends HasMetadata> T without(T object) {
        if (isMarked(object)) {
            var kept = new LinkedHashMap<>(object.getMetadata().getAnnotations());
            kept.keySet().removeIf(key -> key.startsWith(OURS));
            object.getMetadata().setAnnotations(kept);
        }
        return object;
    }
}
