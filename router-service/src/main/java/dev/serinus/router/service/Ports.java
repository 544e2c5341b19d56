package dev.serinus.router.service;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.workload.Target;
import dev.serinus.schemas.canary.CanaryService;

import io.fabric8.kubernetes.api.model.IntOrString;

import org.jspecify.annotations.Nullable;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The ports of a canary's Services: the one of the manifest and those found in the containers. */
final class Ports {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final Set<String> PROXIES = Set.of("istio-proxy", "envoy");

    private Ports() {}

    /** The main port first, then the discovered ones by number, so that the order never changes. */
    static ArrayNode of(CanaryService service, Target target) {
        var main = JSON.objectNode();
        String name = service.portName();
        main.put("name", name == null || name.isEmpty() ? "http" : name);
        main.put("protocol", "TCP").put("port", service.port());
        main.set("targetPort", targetPort(service));
        if (service.appProtocol() != null && !service.appProtocol().isEmpty()) {
            main.put("appProtocol", service.appProtocol());
        }
        var ports = JSON.arrayNode().add(main);
        if (Boolean.TRUE.equals(service.portDiscovery())) {
            discovered(service, target).entrySet().stream()
                    .sorted(Map.Entry.comparingByValue())
                    .forEach(
                            found ->
                                    ports.addObject()
                                            .put("name", found.getKey())
                                            .put("protocol", "TCP")
                                            .put("port", found.getValue())
                                            .put("targetPort", found.getValue()));
        }
        return ports;
    }

    private static Map<String, Integer> discovered(CanaryService service, Target target) {
        Map<String, Integer> found = new TreeMap<>();
        JsonNode main = targetPort(service);
        for (JsonNode container : target.template().path("spec").path("containers")) {
            int index = 0;
            for (JsonNode port : container.path("ports")) {
                int number = port.path("containerPort").asInt();
                String name = port.path("name").asText();
                boolean isMain =
                        main.isTextual() ? name.equals(main.asText()) : number == main.asInt();
                if (!isMain && !PROXIES.contains(container.path("name").asText())) {
                    found.put(
                            name.isEmpty()
                                    ? "tcp-" + container.path("name").asText() + "-" + index
                                    : name,
                            number);
                }
                index++;
            }
        }
        return found;
    }

    private static JsonNode targetPort(CanaryService service) {
        IntOrString port = service.targetPort();
        if (port == null || isUnset(port)) {
            return JSON.numberNode(service.port());
        }
        return port.getIntVal() != null
                ? JSON.numberNode(port.getIntVal())
                : JSON.textNode(port.getStrVal());
    }

    private static boolean isUnset(IntOrString port) {
        @Nullable Object value = port.getValue();
        return value == null || value.toString().isEmpty() || value.toString().equals("0");
    }

    /** The ports with the node ports that the live Service has under the same names. */
    static ArrayNode keepingNodePorts(ArrayNode ports, ClusterObject live) {
        var kept = ports.deepCopy();
        for (JsonNode port : kept) {
            live.at("/spec/ports")
                    .valueStream()
                    .filter(it -> it.path("name").equals(port.path("name")) && it.has("nodePort"))
                    .forEach(it -> ((ObjectNode) port).set("nodePort", it.path("nodePort")));
        }
        return kept;
    }

    /** The ports and those of an adopted Service that do not collide with them. */
    static ArrayNode keepingOthers(ArrayNode ports, ClusterObject live) {
        var kept = ports.deepCopy();
        for (JsonNode other : live.at("/spec/ports")) {
            boolean collides =
                    ports.valueStream()
                            .anyMatch(
                                    port ->
                                            port.path("name").equals(other.path("name"))
                                                    || port.path("port")
                                                            .equals(other.path("port")));
            if (!collides && other.has("name")) {
                kept.add(other.deepCopy());
            }
        }
        return kept;
    }

    /** True when these are the same ports in any order. */
    static boolean same(JsonNode one, JsonNode other) {
        return sorted(one).equals(sorted(other));
    }

    private static List<JsonNode> sorted(JsonNode ports) {
        return ports.valueStream()
                .sorted(Comparator.comparingInt(port -> port.path("port").asInt()))
                .toList();
    }
}
