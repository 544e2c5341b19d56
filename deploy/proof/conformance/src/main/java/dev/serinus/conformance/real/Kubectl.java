package dev.serinus.conformance.real;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.conformance.cluster.Resource;
import dev.serinus.conformance.json.Json;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What a person does with kubectl in one namespace, done with the API server's own means. */
final class Kubectl {

    private static final String LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

    private final Api api;
    private final String namespace;

    Kubectl(Api api, String namespace) {
        this.api = api;
        this.namespace = namespace;
    }

    void createNamespace() {
        var object = Json.object().put("apiVersion", "v1").put("kind", "Namespace");
        object.putObject("metadata").put("name", namespace);
        var _ = api.create("/api/v1/namespaces", object);
    }

    /** Creates the object of this manifest, or changes what the manifest says of it. */
    void apply(ObjectNode manifest) {
        Resource resource =
                Resource.of(manifest.path("apiVersion").asText(), manifest.path("kind").asText())
                        .orElseThrow(() -> unknown(manifest.path("kind").asText()));
        ObjectNode object = manifest.deepCopy();
        ObjectNode metadata = object.withObjectProperty("metadata");
        boolean namespaced = resource.scope() == Resource.Scope.NAMESPACED;
        if (namespaced && !metadata.has("namespace")) {
            metadata.put("namespace", namespace);
        }
        ObjectNode said = object.deepCopy();
        ObjectNode annotations = metadata.withObjectProperty("annotations");
        said.withObjectProperty("metadata").withObjectProperty("annotations");
        annotations.put(LAST_APPLIED, said + "\n");
        String version = manifest.path("apiVersion").asText();
        String all =
                "%s/%s%s"
                        .formatted(
                                version.contains("/") ? "/apis/" + version : "/api/" + version,
                                namespaced
                                        ? "namespaces/" + metadata.path("namespace").asText() + "/"
                                        : "",
                                resource.plural());
        String one = all + "/" + metadata.path("name").asText();
        JsonNode before = api.find(one);
        if (before == null) {
            try {
                var _ = api.create(all, object);
                return;
            } catch (Api.Refused raced) {
                // What several scenarios need is made by the first of them.
                before = api.find(one);
                if (before == null) {
                    throw raced;
                }
            }
        }
        String last = before.at("/metadata/annotations").path(LAST_APPLIED).asText();
        if (!last.isEmpty()) {
            takeAway(Json.read(last), said, object);
        }
        var _ = api.merge(one, object);
    }

    /** What was applied last and is not any more goes. */
    private static void takeAway(JsonNode last, JsonNode now, ObjectNode patch) {
        last.properties()
                .forEach(
                        each -> {
                            String name = each.getKey();
                            if (!now.has(name)) {
                                patch.putNull(name);
                            } else if (each.getValue().isObject()
                                    && patch.path(name) instanceof ObjectNode below) {
                                takeAway(each.getValue(), now.path(name), below);
                            }
                        });
    }

    void patch(String object, JsonNode patch, boolean status) {
        var _ = api.merge(path(object) + (status ? "/status" : ""), patch);
    }

    void setImage(String workload, String container, String image) {
        ObjectNode patch = Json.object();
        patch.withObject("/spec/template/spec")
                .putArray("containers")
                .addObject()
                .put("name", container)
                .put("image", image);
        var _ = api.strategicMerge(path(workload), patch);
    }

    /** Words as {@code canary/podinfo a=b c-}. */
    void annotate(List<String> words) {
        ObjectNode patch = Json.object();
        ObjectNode annotations = patch.withObject("/metadata/annotations");
        List<String> object = new ArrayList<>();
        for (String word : words) {
            int equals = word.indexOf('=');
            if (equals > 0) {
                annotations.put(word.substring(0, equals), word.substring(equals + 1));
            } else if (word.endsWith("-")) {
                annotations.putNull(word.substring(0, word.length() - 1));
            } else {
                object.add(word);
            }
        }
        for (String path : paths(object)) {
            var _ = api.merge(path, patch);
        }
    }

    /** Asks for the deletion of what the words name, and returns where it was. */
    List<String> delete(List<String> words) {
        List<String> named = words.stream().filter(word -> !word.startsWith("--")).toList();
        int label = named.indexOf("-l");
        if (label >= 0) {
            String selector = URLEncoder.encode(named.get(label + 1), StandardCharsets.UTF_8);
            var _ =
                    api.delete(
                            "/api/v1/namespaces/%s/%s?labelSelector=%s"
                                    .formatted(namespace, named.getFirst(), selector));
            return List.of();
        }
        List<String> paths = paths(named);
        paths.forEach(api::delete);
        return paths;
    }

    boolean isGone(String path) {
        return api.find(path) == null;
    }

    private String path(String object) {
        return paths(List.of(object)).getFirst();
    }

    /** The addresses of words such as {@code canary podinfo} or {@code canary/podinfo}. */
    private List<String> paths(List<String> words) {
        List<String> paths = new ArrayList<>();
        String kind = "";
        for (String word : words) {
            int slash = word.indexOf('/');
            if (slash > 0) {
                paths.add(path(word.substring(0, slash), word.substring(slash + 1)));
            } else if (kind.isEmpty()) {
                kind = word;
            } else {
                paths.add(path(kind, word));
            }
        }
        return paths;
    }

    private String path(String kind, String name) {
        Resource resource = Resource.called(kind).orElseThrow(() -> unknown(kind));
        String version = resource.versions().getFirst();
        return "%s/%s%s/%s"
                .formatted(
                        resource.group().isEmpty()
                                ? "/api/" + version
                                : "/apis/" + resource.group() + "/" + version,
                        resource.scope() == Resource.Scope.NAMESPACED
                                ? "namespaces/" + namespace + "/"
                                : "",
                        resource.plural(),
                        name);
    }

    private static Api.Refused unknown(String kind) {
        return new Api.Refused(0, "the server doesn't have a resource type \"" + kind + "\"");
    }
}
