package dev.serinus.testbed;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Locale;

/** A custom kind, and the definition that lets any field of it pass. */
record KnownKind(
        String group,
        List<String> versions,
        String kind,
        String plural,
        boolean status,
        boolean cluster) {

    KnownKind {
        versions = List.copyOf(versions);
    }

    /** The name of its definition. */
    String name() {
        return plural + "." + group;
    }

    ObjectNode permissive() {
        var definition =
                JsonNodeFactory.instance
                        .objectNode()
                        .put("apiVersion", "apiextensions.k8s.io/v1")
                        .put("kind", "CustomResourceDefinition");
        definition
                .putObject("metadata")
                .put("name", name())
                .putObject("annotations")
                // The API server asks for a word about groups of Kubernetes' own.
                .put("api-approved.kubernetes.io", "unapproved, for tests only");
        var spec = definition.putObject("spec").put("group", group);
        spec.put("scope", cluster ? "Cluster" : "Namespaced");
        spec.putObject("names")
                .put("kind", kind)
                .put("listKind", kind + "List")
                .put("plural", plural)
                .put("singular", kind.toLowerCase(Locale.ROOT));
        var all = spec.putArray("versions");
        for (String version : versions) {
            var one = all.addObject().put("name", version).put("served", true);
            one.put("storage", version.equals(versions.getFirst()));
            if (status) {
                one.putObject("subresources").putObject("status");
            }
            one.set("schema", anything());
        }
        return definition;
    }

    private static JsonNode anything() {
        var schema = JsonNodeFactory.instance.objectNode();
        schema.putObject("openAPIV3Schema")
                .put("type", "object")
                .put("x-kubernetes-preserve-unknown-fields", true);
        return schema;
    }
}
