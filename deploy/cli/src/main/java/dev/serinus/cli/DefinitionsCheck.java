package dev.serinus.cli;

import dev.serinus.schemas.crd.Crds;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionVersion;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Whether the cluster's definitions have all fields that this version knows. What an older one does
 * not have, the API server drops from a manifest without a word.
 */
final class DefinitionsCheck {

    /** How the definitions of this version are applied. */
    static final String ADVICE =
            "deploy/serinus crds | kubectl apply --server-side --force-conflicts -f -";

    /** So many fields are named, and the others counted. */
    private static final int NAMED = 3;

    private DefinitionsCheck() {}

    /** A sentence for each definition that is missing or older; none for what nobody tells. */
    static List<String> wrong(KubernetesClient client) {
        return wrong(client, new Unanswered());
    }

    /** The same, with what nobody tells put into {@code unanswered}. */
    static List<String> wrong(KubernetesClient client, Unanswered unanswered) {
        List<String> wrong = new ArrayList<>();
        for (CustomResourceDefinition ours : Crds.all()) {
            String name = ours.getMetadata().getName();
            try {
                var theirs =
                        client.apiextensions()
                                .v1()
                                .customResourceDefinitions()
                                .withName(name)
                                .get();
                if (theirs == null) {
                    wrong.add("the cluster has no definition " + name);
                } else {
                    older(ours, theirs).ifPresent(wrong::add);
                }
            } catch (KubernetesClientException untold) {
                // Whose rights are in one namespace only may not ask.
                unanswered.because(untold);
            }
        }
        return wrong;
    }

    static Optional<String> older(CustomResourceDefinition ours, CustomResourceDefinition theirs) {
        List<String> missing = new ArrayList<>();
        List<CustomResourceDefinitionVersion> served =
                theirs.getSpec() == null ? List.of() : theirs.getSpec().getVersions();
        for (CustomResourceDefinitionVersion version : ours.getSpec().getVersions()) {
            served.stream()
                    .filter(each -> each.getName().equals(version.getName()))
                    .findFirst()
                    .ifPresentOrElse(
                            each -> compare("", schema(version), schema(each), missing),
                            () -> missing.add("version " + version.getName()));
        }
        if (missing.isEmpty()) {
            return Optional.empty();
        }
        String named = String.join(", ", missing.subList(0, Math.min(NAMED, missing.size())));
        return Optional.of(
                "the definition %s is older than this version, so the API server drops what manifests say of %s%s"
                        .formatted(
                                ours.getMetadata().getName(),
                                named,
                                missing.size() > NAMED
                                        ? " and %d more fields".formatted(missing.size() - NAMED)
                                        : ""));
    }

    private static @Nullable JSONSchemaProps schema(CustomResourceDefinitionVersion version) {
        return version.getSchema() == null ? null : version.getSchema().getOpenAPIV3Schema();
    }

    private static void compare(
            String path,
            @Nullable JSONSchemaProps ours,
            @Nullable JSONSchemaProps theirs,
            List<String> missing) {
        if (ours == null
                || theirs == null
                || Boolean.TRUE.equals(theirs.getXKubernetesPreserveUnknownFields())) {
            return;
        }
        if (ours.getProperties() != null) {
            new TreeMap<>(ours.getProperties())
                    .forEach(
                            (name, field) -> {
                                String at = path.isEmpty() ? name : path + "." + name;
                                var known =
                                        theirs.getProperties() == null
                                                ? null
                                                : theirs.getProperties().get(name);
                                if (known == null) {
                                    if (!isFree(theirs)) {
                                        missing.add(at);
                                    }
                                } else {
                                    compare(at, field, known, missing);
                                }
                            });
        }
        if (ours.getItems() != null && theirs.getItems() != null) {
            compare(
                    path + "[]",
                    ours.getItems().getSchema(),
                    theirs.getItems().getSchema(),
                    missing);
        }
        if (ours.getAdditionalProperties() != null && theirs.getAdditionalProperties() != null) {
            compare(
                    path + ".*",
                    ours.getAdditionalProperties().getSchema(),
                    theirs.getAdditionalProperties().getSchema(),
                    missing);
        }
    }

    /** A map whose keys are anybody's. */
    private static boolean isFree(JSONSchemaProps schema) {
        return schema.getAdditionalProperties() != null;
    }
}
