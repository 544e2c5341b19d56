package dev.serinus.cli;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.client.KubernetesClient;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Takes everything of Serinus' own off a cluster's Canaries and what is around them. Nothing is
 * restored and no request moves: primaries go on serving, targets stay as they are.
 */
final class Uninstall {

    private final KubernetesClient client;
    private final Canaries canaries;
    private final OwnMarks marks;

    Uninstall(KubernetesClient client) {
        this.client = client;
        this.canaries = new Canaries(client);
        this.marks = new OwnMarks(client);
    }

    /**
     * One Canary as it was found.
     *
     * @param doomed its whole namespace is being deleted
     * @param steered what leads to its canary by the number of pods, if anything
     */
    record Found(GenericKubernetesResource canary, boolean doomed, Optional<String> steered) {

        String namespace() {
            return canary.getMetadata().getNamespace();
        }

        String name() {
            return canary.getMetadata().getName();
        }

        /**
         * Without its finalizer it would go at once, and what it alone owns with it, before its
         * target serves. And what leads to its canary would go on to when its pods go.
         */
        boolean isRisky() {
            return !doomed && (isGoing() || steered.isPresent());
        }

        private boolean isGoing() {
            return Canaries.isDeleted(canary) && Canaries.isHeld(canary);
        }

        String sentence(boolean check, boolean force) {
            String would = check ? "would be " : "";
            if (doomed) {
                return would + "released, with its namespace, which is being deleted";
            }
            if (isRisky() && !isGoing()) {
                return force
                        ? would + "released; " + steered.orElseThrow()
                        : would
                                + "left alone: %s; let the rollout end first, or lead it back yourself and use --force"
                                        .formatted(steered.orElseThrow());
            }
            if (isRisky()) {
                return force
                        ? would + "released: it goes, and with it what it alone owns"
                        : would
                                + "left alone: it is being deleted, and without its finalizer"
                                + " what it alone owns would go before its target serves; let"
                                + " Serinus finish that, or scale the target up and use --force";
            }
            return would + "released";
        }
    }

    /** All Canaries of a namespace, or of the cluster, as they are now. */
    List<Found> look(@Nullable String namespace) {
        return canaries.in(namespace).stream()
                .map(
                        canary ->
                                new Found(
                                        canary,
                                        isDoomed(canary.getMetadata().getNamespace()),
                                        canaries.steeredApex(canary)))
                .toList();
    }

    private boolean isDoomed(String name) {
        Namespace namespace = client.namespaces().withName(name).get();
        return namespace != null && Canaries.isDeleted(namespace);
    }

    /**
     * Takes it all off. Doing it again changes nothing more.
     *
     * @param force to release as well what would go at once
     * @return those whose status still says what Serinus alone says, for want of a right
     */
    List<Found> takeOff(List<Found> found, boolean force) {
        var kept = found.stream().filter(each -> each.isRisky() && !force).toList();
        var released = found.stream().filter(each -> !kept.contains(each)).toList();
        for (String namespace : released.stream().map(Found::namespace).distinct().toList()) {
            var inNamespace = kept.stream().filter(it -> it.namespace().equals(namespace)).toList();
            marks.takeOff(
                    namespace,
                    OwnMarks.Owners.AS_THEY_ARE,
                    object ->
                            inNamespace.stream()
                                    .anyMatch(it -> Canaries.belongs(object, it.canary())));
        }
        List<Found> stale = new ArrayList<>();
        for (Found each : released) {
            marks.forgetPromoted(each.namespace(), each.canary().getMetadata().getUid());
            if (!canaries.release(each.canary(), true)) {
                stale.add(each);
            }
        }
        return stale;
    }
}
