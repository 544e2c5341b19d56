package dev.serinus.schemas.crd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;

import java.util.List;

/** Checks objects as the API server does, and counts a field that it would prune as a mistake. */
public final class ApiServerSchema {
    private final JsonSchema schema;

    private ApiServerSchema(JsonSchema schema) {
        this.schema = schema;
    }

    /** The schema of a kind. */
    public static ApiServerSchema of(String kind) {
        var definition =
                Crds.trees().stream()
                        .filter(tree -> tree.at("/spec/names/kind").textValue().equals(kind))
                        .findFirst()
                        .orElseThrow();
        var openApi = definition.at("/spec/versions/0/schema/openAPIV3Schema").deepCopy();
        convert(openApi);
        // The metadata has a schema of the server's own.
        ((ObjectNode) openApi.at("/properties/metadata")).remove("additionalProperties");
        return new ApiServerSchema(
                JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V7).getSchema(openApi));
    }

    /** What the server would refuse or prune. */
    public List<String> mistakes(JsonNode object) {
        return schema.validate(object).stream().map(ValidationMessage::getMessage).toList();
    }

    private static void convert(JsonNode node) {
        if (node instanceof ObjectNode object) {
            if (object.has("x-kubernetes-int-or-string")) {
                object.remove("x-kubernetes-int-or-string");
                object.putArray("type").add("integer").add("string");
            }
            object.remove("x-kubernetes-preserve-unknown-fields");
            // Rules in CEL; nothing here evaluates the others.
            ChoiceRule.asSchema(object);
            if (object.path("type").asText().equals("object")
                    && !object.has("additionalProperties")) {
                object.put("additionalProperties", false);
            }
        }
        node.forEach(ApiServerSchema::convert);
    }
}
