package dev.serinus.watcher.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;

/** Objects as the API server wrote them, as JSON trees. */
public final class JsonObjects {

    private static final ObjectMapper JSON = JsonMapper.builder().build();

    private JsonObjects() {}

    /** Everything of an object but its apiVersion, kind and metadata. */
    public static JsonNode of(GenericKubernetesResource object) {
        return JSON.valueToTree(object.getAdditionalProperties());
    }

    /** Everything of an object. */
    static JsonNode whole(GenericKubernetesResource object) {
        return JSON.valueToTree(object);
    }

    /** An object's status; an empty object when it has none. */
    public static JsonNode status(GenericKubernetesResource object) {
        var status = object.getAdditionalProperties().get("status");
        return status == null ? JSON.createObjectNode() : JSON.valueToTree(status);
    }
}
