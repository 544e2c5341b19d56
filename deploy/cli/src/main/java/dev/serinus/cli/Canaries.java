package dev.serinus.cli;

import dev.serinus.schemas.cluster.Claims;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;

import org.jspecify.annotations.Nullable;

import java.net.HttpURLConnection;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** A cluster's Canaries, and what of them is Serinus' alone. */
final class Canaries {

    /** Holds a deleted Canary until its target serves again. */
    static final String FINALIZER = Claims.FINALIZER;

    /** On an apex Service while it selects pods of the canary. */
    private static final String APEX_SPLIT = "serinus.dev/apex-split";

    private final KubernetesClient client;

    Canaries(KubernetesClient client) {
        this.client = client;
    }

    /** Those of a namespace, or of the cluster, by namespace and name. */
    List<GenericKubernetesResource> in(@Nullable String namespace) {
        var all = client.genericKubernetesResources(Kinds.CANARY);
        var found =
                namespace == null
                        ? all.inAnyNamespace().list().getItems()
                        : all.inNamespace(namespace).list().getItems();
        return found.stream()
                .sorted(
                        Comparator.comparing(
                                        (GenericKubernetesResource it) ->
                                                it.getMetadata().getNamespace())
                                .thenComparing(it -> it.getMetadata().getName()))
                .toList();
    }

    /**
     * Takes the annotations of Serinus off, and the finalizer if wanted; then what it alone says in
     * the status of a Canary that nobody would keep true. False where that stays, for want of the
     * right to patch the status: it keeps nothing from being let go.
     */
    boolean release(GenericKubernetesResource found, boolean finalizer) {
        String namespace = found.getMetadata().getNamespace();
        String name = found.getMetadata().getName();
        var _ =
                resource(namespace, name)
                        .edit(
                                canary -> {
                                    if (finalizer) {
                                        var kept =
                                                new ArrayList<>(
                                                        canary.getMetadata().getFinalizers());
                                        kept.remove(FINALIZER);
                                        canary.getMetadata().setFinalizers(kept);
                                    }
                                    return OwnMarks.without(canary);
                                });
        return !OwnStatus.isIn(found) || isStatusCleared(namespace, name);
    }

    private boolean isStatusCleared(String namespace, String name) {
        try {
            var resource = resource(namespace, name);
            if (resource.get() != null) { // without a finalizer a deleted one is gone by now
                var _ = resource.editStatus(OwnStatus::without);
            }
            return true;
        } catch (KubernetesClientException refused) {
            if (refused.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
                return true;
            }
            if (refused.getCode() == HttpURLConnection.HTTP_FORBIDDEN) {
                return false;
            }
            throw refused;
        }
    }

    private Resource<GenericKubernetesResource> resource(String namespace, String name) {
        return client.genericKubernetesResources(Kinds.CANARY)
                .inNamespace(namespace)
                .withName(name);
    }

    static boolean isDeleted(HasMetadata object) {
        return object.getMetadata().getDeletionTimestamp() != null;
    }

    static boolean isHeld(GenericKubernetesResource canary) {
        return canary.getMetadata().getFinalizers().contains(FINALIZER);
    }

    /** True for what a Canary owns, and for what bears a name that it gives or speaks of. */
    static boolean belongs(HasMetadata object, GenericKubernetesResource canary) {
        String uid = canary.getMetadata().getUid();
        String name = object.getMetadata().getName();
        boolean owned =
                object.getMetadata().getOwnerReferences().stream()
                        .anyMatch(owner -> owner.getUid().equals(uid));
        return owned
                || isSteered(object, canary)
                || Stream.of(
                                target(canary),
                                canary.<String>get("spec", "service", "name"),
                                canary.<String>get("spec", "autoscalerRef", "name"),
                                canary.<String>get("spec", "ingressRef", "name"))
                        .filter(Objects::nonNull)
                        .anyMatch(
                                base ->
                                        name.equals(base)
                                                || name.equals(base + "-primary")
                                                || name.equals(base + "-canary"));
    }

    /** True for a route of the user's own that a Canary names. */
    private static boolean isSteered(HasMetadata object, GenericKubernetesResource canary) {
        return canary.get("spec", "service", "routeRefs") instanceof List<?> routes
                && routes.stream()
                        .anyMatch(
                                it ->
                                        it instanceof Map<?, ?> route
                                                && object.getKind().equals(route.get("kind"))
                                                && object.getMetadata()
                                                        .getName()
                                                        .equals(route.get("name")));
    }

    /**
     * What there is to say of its apex Service where that leads to pods of the canary, since they
     * make the share of a rollout that has not ended; empty where it does not.
     */
    Optional<String> steeredApex(GenericKubernetesResource canary) {
        String named = canary.get("spec", "service", "name");
        String apex = named == null || named.isEmpty() ? target(canary) : named;
        String namespace = canary.getMetadata().getNamespace();
        return Optional.ofNullable(apex)
                .map(name -> client.services().inNamespace(namespace).withName(name).get())
                .filter(
                        it ->
                                it.getMetadata().getAnnotations() != null
                                        && it.getMetadata()
                                                .getAnnotations()
                                                .containsKey(APEX_SPLIT))
                .map(
                        it ->
                                "Service %s leads to pods of the canary (spec.selector), and nobody would lead it back to the primary"
                                        .formatted(it.getMetadata().getName()));
    }

    /** The name of its target. */
    static @Nullable String target(GenericKubernetesResource canary) {
        return canary.get("spec", "targetRef", "name");
    }

    static @Nullable String targetKind(GenericKubernetesResource canary) {
        return canary.get("spec", "targetRef", "kind");
    }
}
