package dev.serinus.router.route.gatewayapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.schemas.canary.CanaryService;
import dev.serinus.schemas.canary.Durations;

import org.jspecify.annotations.Nullable;

import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/** The filters of an HTTPRoute's rules, in Flagger's order. */
record HttpFilters(CanaryService service) {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private static final String TYPE = "type";
    private static final String MIRROR = "RequestMirror";

    /** What the API server fills in for CORS without a maxAge. */
    private static final int DEFAULT_CORS_AGE = 5;

    ArrayNode all() {
        var filters = JSON.arrayNode();
        if (service.headers() != null) {
            headers(
                    filters,
                    "RequestHeaderModifier",
                    "requestHeaderModifier",
                    service.headers().path("request"));
            headers(
                    filters,
                    "ResponseHeaderModifier",
                    "responseHeaderModifier",
                    service.headers().path("response"));
        }
        if (service.rewrite() != null) {
            filters.add(rewrite(service.rewrite()));
        }
        for (JsonNode mirror : service.mirror() == null ? List.<JsonNode>of() : service.mirror()) {
            filters.addObject().put(TYPE, MIRROR).set("requestMirror", mirror(mirror));
        }
        if (service.corsPolicy() != null) {
            filters.add(cors(service.corsPolicy()));
        }
        return filters;
    }

    /**
     * The same, and those of a user's rule of whose type there is none: a log-in, a redirect,
     * copies to somebody else.
     *
     * @param candidate the Service to which copies are made by us
     */
    ArrayNode among(JsonNode users, String candidate) {
        var filters = all();
        Set<String> types = new HashSet<>();
        filters.forEach(it -> types.add(it.path(TYPE).asText()));
        for (JsonNode filter : users) {
            if (filter.path(TYPE).asText().equals(MIRROR)) {
                var mirror = mirror(filter.path("requestMirror"));
                boolean known =
                        mirror.at("/backendRef/name").asText().equals(candidate)
                                || filters.findValues("requestMirror").contains(mirror);
                if (!known) {
                    filters.addObject().put(TYPE, MIRROR).set("requestMirror", mirror);
                }
            } else if (!types.contains(filter.path(TYPE).asText())) {
                filters.add(filter.deepCopy());
            }
        }
        return filters;
    }

    /** As written, with what the Canary's schema and the API server would both fill in. */
    private static ObjectNode mirror(JsonNode written) {
        ObjectNode mirror = written.deepCopy();
        if (mirror.path("backendRef") instanceof ObjectNode backend) {
            if (!backend.has("group")) {
                backend.put("group", "");
            }
            if (!backend.has("kind")) {
                backend.put("kind", "Service");
            }
        }
        return mirror;
    }

    private static void headers(ArrayNode filters, String type, String field, JsonNode headers) {
        if (headers.isEmpty()) {
            return;
        }
        var modifier = filters.addObject().put("type", type).putObject(field);
        for (String change : List.of("add", "set")) {
            if (!headers.path(change).isEmpty()) {
                var sorted = new TreeMap<String, String>();
                headers.path(change)
                        .properties()
                        .forEach(it -> sorted.put(it.getKey(), it.getValue().asText()));
                var list = modifier.putArray(change);
                sorted.forEach(
                        (name, value) -> list.addObject().put("name", name).put("value", value));
            }
        }
        copy(modifier, "remove", headers.path("remove"));
    }

    private static ObjectNode rewrite(JsonNode rewrite) {
        var filter = JSON.objectNode().put("type", "URLRewrite");
        var url = filter.putObject("urlRewrite");
        if (!rewrite.path("authority").asText().isEmpty()) {
            url.put("hostname", rewrite.path("authority").asText());
        }
        if (!rewrite.path("uri").asText().isEmpty()) {
            boolean prefix = rewrite.path("type").asText().equals("ReplacePrefixMatch");
            url.putObject("path")
                    .put("type", prefix ? "ReplacePrefixMatch" : "ReplaceFullPath")
                    .put(
                            prefix ? "replacePrefixMatch" : "replaceFullPath",
                            rewrite.path("uri").asText());
        }
        return filter;
    }

    private static ObjectNode cors(JsonNode policy) {
        var filter = JSON.objectNode().put("type", "CORS");
        var cors = filter.putObject("cors");
        copy(cors, "allowOrigins", origins(policy));
        copy(cors, "allowMethods", policy.path("allowMethods"));
        copy(cors, "allowHeaders", policy.path("allowHeaders"));
        copy(cors, "exposeHeaders", policy.path("exposeHeaders"));
        if (policy.path("allowCredentials").asBoolean()) {
            cors.put("allowCredentials", true);
        }
        int seconds =
                Durations.parse(policy.path("maxAge").asText())
                        .map(age -> Math.toIntExact(age.toSeconds()))
                        .orElse(DEFAULT_CORS_AGE);
        cors.put("maxAge", seconds);
        return filter;
    }

    /**
     * In Istio's former spelling and its present one, of which Gateway API has exact ones alone.
     */
    private static ArrayNode origins(JsonNode policy) {
        Set<JsonNode> all = new LinkedHashSet<>();
        policy.path("allowOrigin").forEach(all::add);
        for (JsonNode origin : policy.path("allowOrigins")) {
            if (!origin.path("exact").asText().isEmpty()) {
                all.add(origin.path("exact"));
            }
        }
        return JSON.arrayNode().addAll(all);
    }

    private static void copy(ObjectNode parent, String field, @Nullable JsonNode value) {
        if (value != null && !value.isEmpty()) {
            parent.set(field, value.deepCopy());
        }
    }
}
