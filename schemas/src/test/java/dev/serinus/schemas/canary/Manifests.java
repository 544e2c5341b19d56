package dev.serinus.schemas.canary;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.fabric8.kubernetes.client.utils.KubernetesSerialization;

import java.io.IOException;
import java.io.UncheckedIOException;

/** Manifests for tests. */
public final class Manifests {
    private static final KubernetesSerialization YAML = new KubernetesSerialization();

    private Manifests() {}

    /**
     * The least that makes a Canary, with these fields merged over its spec; a null takes a field
     * out.
     */
    public static ObjectNode canary(String specYaml) {
        var canary =
                (ObjectNode)
                        yaml(
                                """
                                apiVersion: flagger.app/v1beta1
                                kind: Canary
                                metadata: {name: podinfo, namespace: shop, uid: 1-2-3, generation: 4}
                                spec:
                                  targetRef: {apiVersion: apps/v1, kind: Deployment, name: podinfo}
                                  service: {port: 9898}
                                  analysis: {interval: 1m, threshold: 5, stepWeight: 10}
                                """);
        if (!specYaml.isBlank()) {
            merge((ObjectNode) canary.path("spec"), (ObjectNode) yaml(specYaml));
        }
        return canary;
    }

    /** Parses YAML. */
    public static JsonNode yaml(String text) {
        // Without the dashes a text that begins with a brace would be taken for JSON.
        return YAML.unmarshal("---\n" + text, JsonNode.class);
    }

    /** A file of the test resources of this package, parsed. */
    public static JsonNode resource(String name) {
        try (var in = Manifests.class.getResourceAsStream(name)) {
            return YAML.unmarshal(in, JsonNode.class);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static void merge(ObjectNode target, ObjectNode changes) {
        for (var change : changes.properties()) {
            if (change.getValue().isNull()) {
                target.remove(change.getKey());
            } else if (change.getValue() instanceof ObjectNode object
                    && target.get(change.getKey()) instanceof ObjectNode inner) {
                merge(inner, object);
            } else {
                target.set(change.getKey(), change.getValue());
            }
        }
    }
}
