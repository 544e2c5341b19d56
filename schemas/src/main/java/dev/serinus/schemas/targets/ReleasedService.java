package dev.serinus.schemas.targets;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.schemas.canary.Revision;

import java.util.Set;
import java.util.stream.Stream;

/**
 * What of a Kubernetes Service is released: where it leads, and how. Its addresses, node ports and
 * load balancer belong to the one object, whether the server gave them out or its author did: in a
 * copy they would be refused, cost another load balancer, or catch requests that are not meant for
 * it.
 */
public final class ReleasedService {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private static final String HEADLESS = "None";
    private static final String OUTSIDE = "ExternalName";
    private static final String IN_CLUSTER = "ClusterIP";

    /** How requests from outside the cluster come in, and addresses. */
    private static final Set<String> OF_ONE_OBJECT =
            Set.of(
                    "clusterIPs",
                    "ipFamilies",
                    "ipFamilyPolicy",
                    "healthCheckNodePort",
                    "externalTrafficPolicy",
                    "externalIPs",
                    "loadBalancerIP",
                    "loadBalancerClass",
                    "loadBalancerSourceRanges",
                    "allocateLoadBalancerNodePorts");

    private static final Set<String> FROM_OUTSIDE = Set.of("NodePort", "LoadBalancer");

    private ReleasedService() {}

    /** The revision of a Service: the same for the same content. */
    public static String revision(JsonNode spec) {
        return Revision.of(content(spec));
    }

    /** What a copy has of a Service's spec. */
    public static ObjectNode content(JsonNode spec) {
        ObjectNode content =
                spec instanceof ObjectNode found ? found.deepCopy() : JSON.objectNode();
        content.properties().removeIf(field -> OF_ONE_OBJECT.contains(field.getKey()));
        if (!isHeadless(content)) {
            content.remove("clusterIP");
        }
        String type = content.path("type").asText();
        if (type.isEmpty() || FROM_OUTSIDE.contains(type)) {
            content.put("type", IN_CLUSTER);
        }
        for (JsonNode port : content.path("ports")) {
            if (port instanceof ObjectNode each) {
                each.remove("nodePort");
            }
        }
        return content;
    }

    /** A spec with this content in place of its own; what belongs to its object stays. */
    public static ObjectNode with(JsonNode spec, JsonNode content) {
        var own = content(spec);
        ObjectNode result = spec instanceof ObjectNode found ? found.deepCopy() : JSON.objectNode();
        String type = result.path("type").asText();
        JsonNode ports = result.path("ports").deepCopy();
        own.fieldNames().forEachRemaining(result::remove);
        content.properties()
                .forEach(field -> result.set(field.getKey(), field.getValue().deepCopy()));
        if (own.path("type").equals(content.path("type")) && !type.isEmpty()) {
            result.put("type", type);
        }
        keepNodePorts(ports, result.path("ports"));
        JsonNode address = spec.path("clusterIP");
        if (!address.asText().isEmpty()) {
            // An API server never lets it change, from or to none either.
            result.set("clusterIP", address);
        }
        return result;
    }

    /** True for a Service without an address, whose name leads to each pod. */
    public static boolean isHeadless(JsonNode spec) {
        return spec.path("clusterIP").asText().equals(HEADLESS);
    }

    /**
     * True when one of both has an address and the other is headless, so that neither can become
     * like the other. A name outside the cluster has neither.
     */
    public static boolean isOtherwiseFound(JsonNode spec, JsonNode content) {
        boolean isOutside =
                Stream.of(spec, content).anyMatch(it -> it.path("type").asText().equals(OUTSIDE));
        return !isOutside
                && !spec.path("clusterIP").asText().isEmpty()
                && isHeadless(spec) != isHeadless(content);
    }

    private static void keepNodePorts(JsonNode before, JsonNode ports) {
        for (JsonNode port : ports) {
            for (JsonNode old : before) {
                if (port instanceof ObjectNode each
                        && old.has("nodePort")
                        && old.path("name").equals(port.path("name"))) {
                    each.set("nodePort", old.path("nodePort"));
                }
            }
        }
    }
}
