package dev.serinus.router.route.appmesh;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.time.Duration;
import java.util.Set;

/** The versions of App Mesh's resources, which call the same things by other names. */
enum Version {
    /** Routes by HTTP alone, without time limits of their own. */
    V1BETA1,
    V1BETA2;

    /** Every field that may hold what a route does. */
    private static final Set<String> ROUTES =
            Set.of("http", "tcp", "httpRoute", "http2Route", "grpcRoute", "tcpRoute");

    /** The field of a route for requests of this protocol. */
    String route(Protocol protocol) {
        return switch (this) {
            case V1BETA1 -> "http";
            case V1BETA2 -> protocol.word() + "Route";
        };
    }

    /** True when requests of gRPC are matched by service and method. */
    boolean matchesCalls(Protocol protocol) {
        return this == V1BETA2 && protocol == Protocol.GRPC;
    }

    /** A virtual node with its weight. */
    ObjectNode target(String node, int weight) {
        var target = JsonNodeFactory.instance.objectNode();
        switch (this) {
            case V1BETA1 -> target.put("virtualNodeName", node);
            case V1BETA2 -> target.putObject("virtualNodeRef").put("name", node);
        }
        return target.put("weight", weight);
    }

    /** What a route does, whatever its protocol. */
    static JsonNode targets(JsonNode route) {
        return ROUTES.stream()
                .map(field -> route.path(field).path("action").path("weightedTargets"))
                .filter(JsonNode::isArray)
                .findFirst()
                .orElseGet(JsonNodeFactory.instance::arrayNode);
    }

    /** The virtual node of a target; empty for one that is named by its ARN alone. */
    static String node(JsonNode target) {
        return target.has("virtualNodeName")
                ? target.path("virtualNodeName").asText()
                : target.path("virtualNodeRef").path("name").asText();
    }

    /** Puts the time limit of each try. */
    void limitTries(ObjectNode policy, Duration limit) {
        switch (this) {
            case V1BETA1 -> policy.put("perRetryTimeoutMillis", limit.toMillis());
            case V1BETA2 -> policy.set("perRetryTimeout", millis(limit));
        }
    }

    static ObjectNode millis(Duration duration) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("unit", "ms")
                .put("value", duration.toMillis());
    }
}
