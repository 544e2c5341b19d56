package dev.serinus.cli;

import dev.serinus.schemas.canary.Installation;
import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.mesh.Mesh;
import dev.serinus.schemas.mesh.Meshes;

import io.fabric8.kubernetes.api.model.APIResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Looks whether what the flags speak of is in the cluster. None of it stops the start, since it may
 * be installed later.
 */
final class InstallationCheck {

    private InstallationCheck() {}

    /** A sentence for each thing that is not there. */
    static List<String> missing(KubernetesClient client, Installation installation) {
        return missing(client, installation, new Unanswered());
    }

    /** The same, with what nobody tells put into {@code unanswered}. */
    static List<String> missing(
            KubernetesClient client, Installation installation, Unanswered unanswered) {
        List<String> missing = new ArrayList<>();
        Meshes.find(installation.meshProvider())
                .flatMap(mesh -> unknownKinds(client, mesh, unanswered))
                .ifPresent(missing::add);
        String namespace = installation.namespace();
        if (namespace != null && isMissing(client, namespace, unanswered)) {
            missing.add(
                    "there is no namespace %s: no other is looked at (--namespace)"
                            .formatted(namespace));
        }
        return missing;
    }

    private static Optional<String> unknownKinds(
            KubernetesClient client, Mesh mesh, Unanswered unanswered) {
        // Kinds of one group are told in one answer.
        Map<String, Optional<Set<String>>> served = new HashMap<>();
        List<Kind> unknown =
                Stream.concat(mesh.reads().stream(), mesh.writes().stream())
                        .filter(
                                kind ->
                                        served.computeIfAbsent(
                                                        kind.apiVersion(),
                                                        version ->
                                                                plurals(
                                                                        client,
                                                                        version,
                                                                        unanswered))
                                                .filter(plurals -> !plurals.contains(kind.plural()))
                                                .isPresent())
                        .toList();
        if (unknown.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                "the cluster does not know %s: is %s installed? Canaries without spec.provider wait until it is (--mesh-provider chooses another)"
                        .formatted(
                                unknown.stream()
                                        .map(kind -> kind.name() + " (" + kind.apiVersion() + ")")
                                        .collect(Collectors.joining(", ")),
                                mesh.title()));
    }

    /** What is served of a group; empty where that is not answered: it may be. */
    private static Optional<Set<String>> plurals(
            KubernetesClient client, String apiVersion, Unanswered unanswered) {
        try {
            var found = client.getApiResources(apiVersion);
            return Optional.of(
                    found == null
                            ? Set.of()
                            : found.getResources().stream()
                                    .map(APIResource::getName)
                                    .collect(Collectors.toSet()));
        } catch (KubernetesClientException untold) {
            unanswered.because(untold);
            return Optional.empty();
        }
    }

    private static boolean isMissing(
            KubernetesClient client, String namespace, Unanswered unanswered) {
        try {
            return client.namespaces().withName(namespace).get() == null;
        } catch (KubernetesClientException untold) {
            unanswered.because(untold);
            return false; // whose rights are in one namespace only may not ask
        }
    }
}
