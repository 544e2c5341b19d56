package dev.serinus.conformance.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.conformance.json.Json;
import dev.serinus.conformance.json.Patches;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** What a person does with kubectl, in one namespace. */
public final class Kubectl {

    private static final String LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

    /** An object by kind and name. */
    public record Named(Resource resource, String name) {}

    private final Objects objects;
    private final String namespace;

    public Kubectl(Objects objects, String namespace) {
        this.objects = objects;
        this.namespace = namespace;
    }

    /** Makes the objects of these manifests so. */
    public void apply(String manifests) {
        Json.yaml(manifests).forEach(each -> apply((ObjectNode) each));
    }

    private void apply(ObjectNode manifest) {
        Resource resource =
                Resource.of(manifest.path("apiVersion").asText(), manifest.path("kind").asText())
                        .orElseThrow(() -> ApiError.unknown(manifest.path("kind").asText()));
        ObjectNode object = Json.plain(manifest);
        ObjectNode meta = object.withObjectProperty("metadata");
        if (resource.namespaced() && !meta.has("namespace")) {
            meta.put("namespace", namespace);
        }
        ObjectNode written = object.deepCopy();
        object.remove("apiVersion");
        object.remove("kind");
        meta.withObjectProperty("annotations").put(LAST_APPLIED, written.toString());
        ObjectNode before =
                objects.find(resource, meta.path("namespace").asText(), meta.path("name").asText());
        if (before == null) {
            objects.create(resource, object);
            return;
        }
        String last = before.at("/metadata/annotations").path(LAST_APPLIED).asText();
        ObjectNode patch = object.deepCopy();
        if (!last.isEmpty()) {
            takeAway(Json.read(last), written, patch);
        }
        objects.replace(resource, (ObjectNode) Patches.merge(before, patch), false);
    }

    /** What was applied last and is not any more goes. */
    private static void takeAway(JsonNode last, JsonNode now, ObjectNode patch) {
        last.properties()
                .forEach(
                        each -> {
                            String name = each.getKey();
                            if (!now.has(name) && !name.equals("apiVersion")) {
                                patch.putNull(name);
                            } else if (each.getValue().isObject()
                                    && patch.path(name) instanceof ObjectNode below) {
                                takeAway(each.getValue(), now.path(name), below);
                            }
                        });
    }

    /** A JSON merge patch of an object, or of its status. */
    public void patch(String object, JsonNode patch, boolean status) {
        change(
                named(List.of(object)).getFirst(),
                it -> (ObjectNode) Patches.merge(it, patch),
                status);
    }

    /** Another image for a container. */
    public void setImage(String workload, String container, String image) {
        change(
                named(List.of(workload)).getFirst(),
                it -> {
                    for (JsonNode each : it.at("/spec/template/spec/containers")) {
                        if (each.path("name").asText().equals(container)) {
                            ((ObjectNode) each).put("image", image);
                        }
                    }
                    return it;
                },
                false);
    }

    /** Annotations, {@code NAME=VALUE} or {@code NAME-}, on an object. */
    public void annotate(List<String> words) {
        List<String> changes =
                words.stream().filter(it -> it.contains("=") || it.endsWith("-")).toList();
        List<String> rest = words.stream().filter(it -> !changes.contains(it)).toList();
        change(
                named(rest).getFirst(),
                it -> {
                    var annotations =
                            it.withObjectProperty("metadata").withObjectProperty("annotations");
                    for (String change : changes) {
                        int equals = change.indexOf('=');
                        if (equals < 0) {
                            annotations.remove(change.substring(0, change.length() - 1));
                        } else {
                            annotations.put(
                                    change.substring(0, equals), change.substring(equals + 1));
                        }
                    }
                    return it;
                },
                false);
    }

    /** Deletes an object. */
    public void delete(Named named) {
        objects.delete(named.resource(), namespace, named.name());
    }

    /** True when there is no such object. */
    public boolean isGone(Named named) {
        return objects.find(named.resource(), namespace, named.name()) == null;
    }

    /** The objects of words such as {@code canary podinfo} or {@code canary/podinfo}. */
    public List<Named> named(List<String> words) {
        List<Named> named = new ArrayList<>();
        @Nullable Resource kind = null;
        for (String word : words) {
            int slash = word.indexOf('/');
            if (slash > 0) {
                named.add(new Named(resource(word.substring(0, slash)), word.substring(slash + 1)));
            } else if (kind == null) {
                kind = resource(word);
            } else {
                named.add(new Named(kind, word));
            }
        }
        return named;
    }

    private static Resource resource(String word) {
        return Resource.called(word)
                .orElseThrow(
                        () ->
                                ApiError.unusable(
                                        "the server doesn't have a resource type \"%s\""
                                                .formatted(word)));
    }

    private void change(Named named, UnaryOperator<ObjectNode> change, boolean status) {
        ObjectNode object = objects.get(named.resource(), namespace, named.name());
        objects.replace(named.resource(), change.apply(object.deepCopy()), status);
    }
}
