package dev.serinus.router.route.appmesh;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.router.objects.Refusal;
import dev.serinus.schemas.canary.ServiceProtocol;

import java.util.ArrayList;
import java.util.List;

/**
 * Conditions of a Canary in App Mesh's words. A route has one match, so that each entry of a list
 * is a route of its own; Flagger drops all but the first of the service, and asks a request for all
 * of the analysis at once.
 */
final class Matches {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final Version version;
    private final Protocol protocol;

    Matches(Version version, Protocol protocol) {
        this.version = version;
        this.protocol = protocol;
    }

    /** One for each entry of spec.service.match, or one for all requests. */
    List<ObjectNode> ofService(List<JsonNode> entries) {
        List<ObjectNode> matches = new ArrayList<>();
        for (int i = 0; i < entries.size(); i++) {
            var match = JSON.objectNode();
            path(match, entries.get(i), "spec.service.match[%d]".formatted(i));
            JsonNode method = entries.get(i).path("method").path("exact");
            if (method.isTextual() && !version.matchesCalls(protocol)) {
                match.set("method", method);
            }
            headers(match, entries.get(i));
            matches.add(match);
        }
        if (matches.isEmpty()) {
            var all = JSON.objectNode();
            path(all, JSON.objectNode(), "");
            matches.add(all);
        }
        return matches;
    }

    /** Every condition of the analysis with every match of the service. */
    List<ObjectNode> combined(List<JsonNode> conditions, List<ObjectNode> ofService) {
        List<ObjectNode> matches = new ArrayList<>();
        for (JsonNode condition : conditions) {
            for (ObjectNode match : ofService) {
                var both = match.deepCopy();
                headers(both, condition);
                matches.add(both);
            }
        }
        return matches;
    }

    private void path(ObjectNode match, JsonNode entry, String where) {
        JsonNode uri = entry.path("uri");
        if (version.matchesCalls(protocol)) {
            call(match, uri, where);
        } else if (uri.has("exact") || uri.has("regex")) {
            if (version == Version.V1BETA1) {
                throw Refusal.invalid(
                        where
                                + ".uri: App Mesh v1beta1 can match a path by prefix only; use a"
                                + " prefix, or provider appmesh:v1beta2");
            }
            match.set("path", uri.deepCopy());
        } else {
            String prefix = uri.path("prefix").asText();
            match.put("prefix", prefix.isEmpty() ? "/" : prefix);
        }
    }

    /** A path of gRPC is /SERVICE/METHOD. */
    private static void call(ObjectNode match, JsonNode uri, String where) {
        var call =
                ServiceProtocol.call(uri)
                        .orElseThrow(
                                () ->
                                        Refusal.invalid(
                                                where
                                                        + ".uri: App Mesh matches gRPC by prefix:"
                                                        + " /SERVICE/ or by exact:"
                                                        + " /SERVICE/METHOD"));
        if (!call.service().isEmpty()) {
            match.put("serviceName", call.service());
        }
        if (!call.method().isEmpty()) {
            match.put("methodName", call.method());
        }
    }

    private void headers(ObjectNode match, JsonNode entry) {
        if (entry.path("headers").isEmpty()) {
            return;
        }
        String field = version.matchesCalls(protocol) ? "metadata" : "headers";
        var headers = match.withArrayProperty(field);
        for (var header : entry.path("headers").properties()) {
            headers.addObject()
                    .put("name", header.getKey())
                    .set("match", header.getValue().deepCopy());
        }
    }
}
