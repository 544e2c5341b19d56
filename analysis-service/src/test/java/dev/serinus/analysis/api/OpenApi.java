package dev.serinus.analysis.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;

import org.yaml.snakeyaml.Yaml;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.StreamSupport;

/** The description of the API that is checked in, held against what is really answered. */
final class OpenApi {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final ObjectNode description = read();
    private final Set<String> seen = ConcurrentHashMap.newKeySet();

    private static ObjectNode read() {
        try {
            Object yaml = new Yaml().load(Files.readString(Path.of("docs", "openapi.yaml")));
            ObjectNode tree = JSON.valueToTree(yaml);
            // Clients skip what they do not know; here it is missing in the description.
            for (JsonNode schema : tree.at("/components/schemas")) {
                if (schema.has("properties") && !schema.has("additionalProperties")) {
                    ((ObjectNode) schema).put("additionalProperties", false);
                }
            }
            return tree;
        } catch (IOException notThere) {
            throw new UncheckedIOException(notThere);
        }
    }

    /** The answer has a status, a type and a form that the description names. */
    void check(HttpResponse<String> answer) throws IOException {
        String path = answer.uri().getPath();
        if (!path.startsWith("/api/v1/")) {
            return;
        }
        String method = answer.request().method().toLowerCase(Locale.ROOT);
        String template = template(path);
        JsonNode operation = description.path("paths").path(template).path(method);
        JsonNode response = operation.path("responses").path(String.valueOf(answer.statusCode()));
        if (response.has("$ref")) {
            response = description.at(response.path("$ref").asText().substring(1));
        }
        assertThat(response.isObject())
                .as("%s %s answers %d", method, template, answer.statusCode())
                .isTrue();
        seen.add(method + " " + template);
        if (!response.has("content")) {
            return;
        }
        String type = answer.headers().firstValue("Content-Type").orElse("").split(";", -1)[0];
        JsonNode schema = response.path("content").path(type).path("schema");
        assertThat(schema.isObject()).as("%s %s answers %s", method, template, type).isTrue();
        ObjectNode whole = JSON.createObjectNode();
        whole.set("components", description.path("components"));
        whole.putArray("allOf").add(schema);
        var problems =
                JsonSchemaFactory.getInstance(VersionFlag.V202012)
                        .getSchema(whole)
                        .validate(JSON.readTree(answer.body()));
        assertThat(problems).as(answer.body()).isEmpty();
    }

    /** What is taken the description allows, too: clients are made of it. */
    void checkTaken(HttpResponse<String> answer, String body) throws IOException {
        String path = answer.uri().getPath();
        if (!path.startsWith("/api/v1/") || answer.statusCode() >= 300) {
            return;
        }
        JsonNode schema =
                description
                        .path("paths")
                        .path(template(path))
                        .at("/post/requestBody/content/application~1json/schema");
        assertThat(schema.isObject()).as("%s takes a body", path).isTrue();
        ObjectNode whole = JSON.createObjectNode();
        whole.set("components", description.path("components"));
        whole.putArray("allOf").add(schema);
        var problems =
                JsonSchemaFactory.getInstance(VersionFlag.V202012)
                        .getSchema(whole)
                        .validate(JSON.readTree(body));
        assertThat(problems).as(body).isEmpty();
    }

    private String template(String path) {
        List<String> matching =
                StreamSupport.stream(
                                ((Iterable<String>) () -> description.path("paths").fieldNames())
                                        .spliterator(),
                                false)
                        .filter(each -> path.matches(each.replaceAll("\\{\\w+}", "[^/]+")))
                        .toList();
        assertThat(matching).as(path).hasSize(1);
        return matching.getFirst();
    }

    /** Operations that nobody asked for. */
    Set<String> unseen() {
        Set<String> all = new TreeSet<>();
        description
                .path("paths")
                .properties()
                .forEach(
                        (Map.Entry<String, JsonNode> path) ->
                                path.getValue()
                                        .fieldNames()
                                        .forEachRemaining(
                                                field -> {
                                                    if (!field.equals("parameters")) {
                                                        all.add(field + " " + path.getKey());
                                                    }
                                                }));
        all.removeAll(seen);
        return all;
    }
}
