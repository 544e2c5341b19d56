package dev.serinus.conformance.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;

import dev.serinus.conformance.json.Json;
import dev.serinus.schemas.crd.ChoiceRule;
import dev.serinus.schemas.crd.Crds;

import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What the API server does by the definitions of our own resources: fills in defaults, prunes what
 * it does not know, and refuses what breaks the schema. Of the rules in CEL it knows that one of
 * several fields is to be set.
 */
final class Schemas {

    private static final String ANYTHING = "x-kubernetes-preserve-unknown-fields";

    private record Definition(JsonNode written, JsonSchema checked) {}

    private static final Map<String, Definition> BY_KIND = read();

    private Schemas() {}

    private static Map<String, Definition> read() {
        Map<String, Definition> all = new HashMap<>();
        for (JsonNode crd : Json.yaml(Crds.yaml())) {
            JsonNode schema = crd.at("/spec/versions/0/schema/openAPIV3Schema");
            JsonNode converted = schema.deepCopy();
            convert(converted);
            all.put(
                    crd.at("/spec/names/kind").asText(),
                    new Definition(
                            schema,
                            JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V7)
                                    .getSchema(converted)));
        }
        return all;
    }

    private static void convert(JsonNode node) {
        if (node instanceof ObjectNode object) {
            if (object.has("x-kubernetes-int-or-string")) {
                object.putArray("type").add("integer").add("string");
            }
            object.remove("x-kubernetes-int-or-string");
            ChoiceRule.asSchema(object);
        }
        node.forEach(Schemas::convert);
    }

    /** Fills in and prunes an object of a kind that has a definition, and refuses a wrong one. */
    static void enforce(Resource resource, ObjectNode object) {
        Definition definition = BY_KIND.get(resource.kind());
        if (definition == null || !resource.group().equals("flagger.app")) {
            return;
        }
        for (String part : new String[] {"spec", "status"}) {
            if (object.path(part) instanceof ObjectNode it) {
                complete(definition.written.path("properties").path(part), it);
            }
        }
        var wrong = definition.checked.validate(object);
        if (!wrong.isEmpty()) {
            throw ApiError.invalid(
                    resource,
                    object.at("/metadata/name").asText(),
                    wrong.stream()
                            .map(ValidationMessage::getMessage)
                            .collect(Collectors.joining("; ")));
        }
    }

    /** Fills in by a definition that a scenario brings. */
    static void fill(JsonNode definition, ObjectNode object) {
        complete(definition.at("/spec/versions/0/schema/openAPIV3Schema"), object);
    }

    private static void complete(JsonNode schema, JsonNode value) {
        if (value instanceof ObjectNode object) {
            JsonNode properties = schema.path("properties");
            if (schema.has("properties") && !schema.path(ANYTHING).asBoolean()) {
                object.retain(properties.properties().stream().map(Map.Entry::getKey).toList());
            }
            properties
                    .properties()
                    .forEach(
                            each -> {
                                if (!object.has(each.getKey()) && each.getValue().has("default")) {
                                    object.set(
                                            each.getKey(),
                                            each.getValue().get("default").deepCopy());
                                }
                            });
            object.properties()
                    .forEach(
                            each ->
                                    complete(
                                            properties.has(each.getKey())
                                                    ? properties.path(each.getKey())
                                                    : schema.path("additionalProperties"),
                                            each.getValue()));
        } else if (value.isArray()) {
            value.forEach(each -> complete(schema.path("items"), each));
        }
    }
}
