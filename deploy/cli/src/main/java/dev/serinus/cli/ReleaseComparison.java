package dev.serinus.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.schemas.canary.CanaryScheduling;
import dev.serinus.schemas.canary.Revision;
import dev.serinus.schemas.targets.KnativeService;
import dev.serinus.schemas.targets.ReleasedService;
import dev.serinus.schemas.targets.TargetKind;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Compares what a Canary's target is to run with what its primary runs. They differ while a rollout
 * is under way and after one that failed.
 */
final class ReleaseComparison {

    private static final String PRIMARY = "-primary";

    /** On a primary: the revision of the target that it was copied from. */
    private static final String REVISION = "serinus.dev/revision";

    /** Changes with every promotion, so that the primary's pods always roll. */
    private static final String FLAGGER_ID = "flagger-id";

    /** Flux's keys are not copied to primaries. */
    private static final String FLUX = "toolkit.fluxcd.io";

    private final KubernetesClient client;

    ReleaseComparison(KubernetesClient client) {
        this.client = client;
    }

    /** The revision that a Canary's target is to run; null for none that is known. */
    @Nullable String revision(GenericKubernetesResource canary) {
        return target(canary, "").map(it -> revision(kind(canary), it)).orElse(null);
    }

    private @Nullable String revision(@Nullable TargetKind kind, GenericKubernetesResource target) {
        return switch (kind) {
            case null -> null;
            case DEPLOYMENT, DAEMON_SET -> Revision.of(template(target));
            case SERVICE -> ReleasedService.revision(tree(target).path("spec"));
            case KNATIVE_SERVICE -> new KnativeService(tree(target)).latestCreated().orElse(null);
        };
    }

    /** What differs, in words for after "its target"; empty when nothing does. */
    Optional<String> difference(GenericKubernetesResource canary) {
        return switch (kind(canary)) {
            case null -> Optional.empty();
            case DEPLOYMENT, DAEMON_SET -> ofWorkloads(canary);
            case SERVICE -> ofServices(canary);
            case KNATIVE_SERVICE -> ofRevisions(canary);
        };
    }

    private Optional<String> ofServices(GenericKubernetesResource canary) {
        return target(canary, "")
                .map(it -> tree(it).path("spec"))
                .flatMap(
                        wanted ->
                                target(canary, PRIMARY)
                                        .map(it -> tree(it).path("spec"))
                                        .filter(
                                                leads ->
                                                        !ReleasedService.revision(wanted)
                                                                .equals(
                                                                        ReleasedService.revision(
                                                                                leads)))
                                        .map(
                                                leads ->
                                                        "leads to %s, its primary to %s"
                                                                .formatted(
                                                                        wanted.path("selector"),
                                                                        leads.path("selector"))));
    }

    private Optional<String> ofRevisions(GenericKubernetesResource canary) {
        return target(canary, "")
                .map(it -> new KnativeService(tree(it)))
                .flatMap(
                        service ->
                                service.primary(null)
                                        .filter(
                                                it ->
                                                        !service.latestCreated()
                                                                .equals(Optional.of(it)))
                                        .map(
                                                primary ->
                                                        "shows revision %s, its primary is %s"
                                                                .formatted(
                                                                        service.latestCreated()
                                                                                .orElse("none"),
                                                                        primary)));
    }

    private Optional<String> ofWorkloads(GenericKubernetesResource canary) {
        var target = target(canary, "");
        var primary = target(canary, PRIMARY);
        if (target.isEmpty() || primary.isEmpty()) {
            return Optional.empty(); // there is nothing to be compared
        }
        JsonNode wanted = template(target.get());
        JsonNode runs = template(primary.get());
        if (!isCopyOf(wanted, primary.get(), runs)) {
            return Optional.of("runs %s, its primary %s".formatted(images(wanted), images(runs)));
        }
        return configs(canary.getMetadata().getNamespace(), wanted, runs);
    }

    private boolean isCopyOf(JsonNode wanted, GenericKubernetesResource primary, JsonNode runs) {
        var annotations = primary.getMetadata().getAnnotations();
        String copied = annotations == null ? null : annotations.get(REVISION);
        return Revision.of(wanted).equals(copied)
                || Revision.of(plain(wanted)).equals(Revision.of(plain(runs)));
    }

    /** Without what a copy has of its own: names of a primary, an identity, and what Flux notes. */
    private static JsonNode plain(JsonNode template) {
        var copy = template.deepCopy();
        for (String field : List.of("labels", "annotations")) {
            if (copy.path("metadata").path(field) instanceof ObjectNode map) {
                map.properties()
                        .removeIf(
                                each ->
                                        each.getKey().equals(FLAGGER_ID)
                                                || each.getKey().contains(FLUX));
            }
        }
        if (copy.path("metadata") instanceof ObjectNode metadata) {
            metadata.remove("creationTimestamp");
        }
        return unsuffixed(copy);
    }

    private static JsonNode unsuffixed(JsonNode tree) {
        return switch (tree) {
            case ObjectNode object -> {
                var plain = JsonNodeFactory.instance.objectNode();
                object.properties()
                        .forEach(each -> plain.set(each.getKey(), unsuffixed(each.getValue())));
                yield plain;
            }
            case ArrayNode array -> {
                var plain = JsonNodeFactory.instance.arrayNode();
                array.forEach(each -> plain.add(unsuffixed(each)));
                yield plain;
            }
            default ->
                    tree.isTextual() && tree.asText().endsWith(PRIMARY)
                            ? JsonNodeFactory.instance.textNode(
                                    tree.asText()
                                            .substring(
                                                    0, tree.asText().length() - PRIMARY.length()))
                            : tree;
        };
    }

    private static String images(JsonNode template) {
        List<String> images =
                template.path("spec")
                        .path("containers")
                        .valueStream()
                        .map(container -> container.path("image").asText())
                        .toList();
        return String.join(", ", images);
    }

    /** The primary reads copies: a difference is one between a copy and what it was made of. */
    private Optional<String> configs(String namespace, JsonNode wanted, JsonNode runs) {
        Map<String, Config> live = configs(wanted);
        Map<String, Config> copies = configs(runs);
        return live.entrySet().stream()
                .filter(each -> copies.containsKey(each.getKey()))
                .filter(
                        each -> {
                            Config copy = copies.get(each.getKey());
                            return copy != null
                                    && !copy.equals(each.getValue())
                                    && !data(namespace, copy)
                                            .equals(data(namespace, each.getValue()));
                        })
                .map(
                        each ->
                                "reads %s %s, whose copy for the primary differs"
                                        .formatted(each.getValue().kind(), each.getValue().name()))
                .findFirst();
    }

    private record Config(String kind, String name) {}

    /** The configs that a template reads, by where it names them. */
    private static Map<String, Config> configs(JsonNode template) {
        Map<String, Config> found = new TreeMap<>();
        collect("", template.path("spec"), found);
        return found;
    }

    private static void collect(String path, JsonNode tree, Map<String, Config> found) {
        for (String field : List.of("configMap", "configMapRef", "configMapKeyRef")) {
            if (tree.path(field).path("name").isTextual()) {
                found.put(
                        path + "/" + field,
                        new Config("ConfigMap", tree.path(field).path("name").asText()));
            }
        }
        for (String field : List.of("secret", "secretRef", "secretKeyRef")) {
            JsonNode secret = tree.path(field);
            JsonNode name =
                    secret.has("secretName") ? secret.get("secretName") : secret.get("name");
            if (name != null && name.isTextual()) {
                found.put(path + "/" + field, new Config("Secret", name.asText()));
            }
        }
        if (tree.isArray()) {
            for (int i = 0; i < tree.size(); i++) {
                collect(path + "/" + i, tree.get(i), found);
            }
        } else {
            tree.properties()
                    .forEach(each -> collect(path + "/" + each.getKey(), each.getValue(), found));
        }
    }

    /** What a config holds, as text; the same for none and for an empty one. */
    private String data(String namespace, Config config) {
        var object =
                client.genericKubernetesResources(
                                config.kind().equals("Secret") ? Kinds.SECRET : Kinds.CONFIG_MAP)
                        .inNamespace(namespace)
                        .withName(config.name())
                        .get();
        if (object == null) {
            return "";
        }
        JsonNode tree = tree(object);
        return Revision.digest(
                new TreeMap<>(strings(tree.path("data")))
                        + " "
                        + new TreeMap<>(strings(tree.path("binaryData"))));
    }

    private static Map<String, String> strings(JsonNode map) {
        Map<String, String> strings = new TreeMap<>();
        map.properties().forEach(each -> strings.put(each.getKey(), each.getValue().asText()));
        return strings;
    }

    private static @Nullable TargetKind kind(GenericKubernetesResource canary) {
        String kind = Canaries.targetKind(canary);
        return kind == null
                ? null
                : TargetKind.of(canary.get("spec", "targetRef", "apiVersion"), kind).orElse(null);
    }

    private Optional<GenericKubernetesResource> target(
            GenericKubernetesResource canary, String suffix) {
        var kind = kind(canary);
        String name = Canaries.target(canary);
        return kind == null || name == null
                ? Optional.empty()
                : Optional.ofNullable(
                        client.genericKubernetesResources(kind.kind().context())
                                .inNamespace(canary.getMetadata().getNamespace())
                                .withName(name + suffix)
                                .get());
    }

    private JsonNode template(GenericKubernetesResource workload) {
        return CanaryScheduling.usersTemplate(tree(workload));
    }

    private JsonNode tree(GenericKubernetesResource object) {
        return client.getKubernetesSerialization().convertValue(object, JsonNode.class);
    }
}
