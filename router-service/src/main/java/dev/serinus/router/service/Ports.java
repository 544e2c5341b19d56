package dev.serinus.router.service;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Refusal;
import dev.serinus.schemas.canary.CanaryService;

import io.fabric8.kubernetes.api.model.IntOrString;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The ports of a canary's Services: the one of the manifest and those found in the containers. */
final class Ports {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final Set<String> PROXIES = Set.of("istio-proxy", "envoy");
    private static final String TCP = "TCP";
    private static final String DEFAULT = "http";
    private static final String NODE_PORT = "nodePort";

    private Ports() {}

    /** A port of a container, as a Service would show it. */
    private record Found(String container, String name, String protocol, int number) {}

    /**
     * Those of the pods that a Service leads to, by their template. The main port first, then the
     * discovered ones by number, so that the order never changes.
     */
    static ArrayNode of(CanaryService service, JsonNode template) {
        var found = found(template);
        JsonNode targetPort = targetPort(service);
        var served = main(found, targetPort);
        List<Found> others =
                Boolean.TRUE.equals(service.portDiscovery())
                        ? found.stream()
                                .filter(port -> !isMain(port, served))
                                .filter(port -> !PROXIES.contains(port.container()))
                                .sorted(
                                        Comparator.comparingInt(Found::number)
                                                .thenComparing(Found::protocol))
                                .toList()
                        : List.of();
        String protocol = served.map(Found::protocol).orElse(TCP);
        var main = JSON.objectNode();
        main.put("name", mainName(service, served, others));
        main.put("protocol", protocol).put("port", service.port());
        main.set("targetPort", targetPort);
        if (service.appProtocol() != null && !service.appProtocol().isEmpty()) {
            main.put("appProtocol", service.appProtocol());
        }
        var ports = JSON.arrayNode().add(main);
        for (Found other : others) {
            if (other.number() == service.port() && other.protocol().equals(protocol)) {
                throw clash(
                        "spec.service.port %d".formatted(service.port()),
                        other,
                        "choose another spec.service.port or name this one by"
                                + " spec.service.targetPort");
            }
            ports.addObject()
                    .put("name", other.name())
                    .put("protocol", other.protocol())
                    .put("port", other.number())
                    .put("targetPort", other.number());
        }
        return ports;
    }

    /**
     * The name that the manifest gives, else http as in Flagger. Where a discovered port is called
     * so, the default gives way to the container port's own name; a name that the author chose does
     * not.
     */
    private static String mainName(
            CanaryService service, Optional<Found> served, List<Found> others) {
        String given = service.portName();
        String name = given == null || given.isEmpty() ? DEFAULT : given;
        var other = others.stream().filter(port -> port.name().equals(name)).findFirst();
        if (other.isEmpty()) {
            return name;
        }
        if (!name.equals(given) && served.isPresent()) {
            return served.get().name();
        }
        throw clash(
                given == null || given.isEmpty()
                        ? "the default name %s of spec.service.portName".formatted(DEFAULT)
                        : "spec.service.portName %s".formatted(given),
                other.get(),
                "choose another spec.service.portName");
    }

    private static Refusal clash(String what, Found other, String advice) {
        return Refusal.invalid(
                "%s is taken: container %s has port %d named %s, which spec.service.portDiscovery adds to the Services; %s, or switch portDiscovery off"
                        .formatted(what, other.container(), other.number(), other.name(), advice));
    }

    /** The container port that the main port leads to; of two of a number the one for TCP. */
    private static Optional<Found> main(List<Found> found, JsonNode targetPort) {
        return found.stream()
                .filter(
                        port ->
                                targetPort.isTextual()
                                        ? port.name().equals(targetPort.asText())
                                        : port.number() == targetPort.asInt())
                .min(Comparator.comparing(port -> !port.protocol().equals(TCP)));
    }

    private static boolean isMain(Found port, Optional<Found> served) {
        return served.filter(
                        main ->
                                main.number() == port.number()
                                        && main.protocol().equals(port.protocol()))
                .isPresent();
    }

    /** Every port of the containers, each once; a name that is taken already is not given again. */
    private static List<Found> found(JsonNode template) {
        List<Found> all = new ArrayList<>();
        for (JsonNode container : template.path("spec").path("containers")) {
            String of = container.path("name").asText();
            int index = 0;
            for (JsonNode port : container.path("ports")) {
                String protocol = port.path("protocol").asText(TCP);
                int number = port.path("containerPort").asInt();
                String name = port.path("name").asText();
                boolean taken =
                        all.stream()
                                .filter(other -> !PROXIES.contains(other.container()))
                                .anyMatch(other -> other.name().equals(name));
                boolean known =
                        all.stream()
                                .anyMatch(
                                        other ->
                                                other.number() == number
                                                        && other.protocol().equals(protocol));
                if (!known) {
                    all.add(
                            new Found(
                                    of,
                                    name.isEmpty() || taken
                                            ? protocol.toLowerCase(Locale.ROOT)
                                                    + "-"
                                                    + of
                                                    + "-"
                                                    + index
                                            : name,
                                    protocol,
                                    number));
                }
                index++;
            }
        }
        return all;
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

    /**
     * The ports with the node ports that the live Service has under the same names, or else under
     * the same numbers: whoever comes by a node port knows no name.
     */
    static ArrayNode keepingNodePorts(ArrayNode ports, ClusterObject live) {
        var kept = ports.deepCopy();
        var found = live.at("/spec/ports").valueStream().filter(it -> it.has(NODE_PORT)).toList();
        for (JsonNode port : kept) {
            found.stream()
                    .filter(it -> it.path("name").equals(port.path("name")))
                    .findFirst()
                    .or(
                            () ->
                                    found.stream()
                                            .filter(it -> isSameNumber(it, port))
                                            .filter(it -> !isNamedOf(it, ports))
                                            .findFirst())
                    .ifPresent(it -> ((ObjectNode) port).set(NODE_PORT, it.path(NODE_PORT)));
        }
        return kept;
    }

    /**
     * The ports of a Service without ours: those that it was found with, but for what somebody has
     * closed or led elsewhere since, and what somebody has opened. Node ports are those of now.
     *
     * @param service the manifest's; null where there is none
     * @param template of the pods that it leads to; of missing ones no port is discovered
     */
    static ArrayNode givenBack(
            JsonNode found,
            @Nullable CanaryService service,
            JsonNode template,
            ClusterObject live) {
        var now = live.at("/spec/ports");
        var ours = service == null ? JSON.arrayNode() : ours(service, template);
        List<ObjectNode> kept = new ArrayList<>();
        for (JsonNode port : found) {
            var present = of(now, port);
            boolean isOurs = of(ours, port).isPresent();
            if (isOurs || present.isPresent()) {
                boolean isEdited = !isOurs && present.filter(it -> !leadsAs(it, port)).isPresent();
                kept.add((isEdited ? present.get() : port).deepCopy());
            }
        }
        for (JsonNode port : now) {
            if (of(ours, port).isEmpty() && of(found, port).isEmpty()) {
                kept.add(port.deepCopy());
            }
        }
        if (kept.isEmpty()) {
            found.forEach(it -> kept.add(it.deepCopy()));
        }
        var ports = JSON.arrayNode();
        for (ObjectNode port : kept) {
            port.remove(NODE_PORT);
            // One that had none was the only one.
            boolean isNameless = kept.size() > 1 && port.path("name").asText().isEmpty();
            ports.add(
                    isNameless || isNamedOf(port, ports)
                            ? port.put("name", freeName(port, ports))
                            : port);
        }
        return keepingNodePorts(ports, live);
    }

    private static ArrayNode ours(CanaryService service, JsonNode template) {
        try {
            return of(service, template);
        } catch (Refusal clash) {
            return JSON.arrayNode().add(JSON.objectNode().put("port", service.port()));
        }
    }

    /**
     * The ports of a Service in hand without those that we put in: as it was found, and with what
     * somebody has changed in them since.
     *
     * @param ours those that we put in
     */
    static ArrayNode merged(JsonNode found, JsonNode ours, JsonNode live) {
        var merged = JSON.arrayNode();
        for (JsonNode port : live) {
            var before = of(found, port);
            if (of(ours, port).filter(it -> isSamePort(it, port)).isPresent()) {
                before.ifPresent(merged::add);
            } else {
                // A name may be one that it was given beside ours.
                merged.add(before.filter(it -> leadsAs(it, port)).orElse(port));
            }
        }
        return merged;
    }

    private static Optional<JsonNode> of(JsonNode ports, JsonNode port) {
        return ports.valueStream().filter(it -> isSameNumber(it, port)).findFirst();
    }

    /** Whatever the server has filled in. */
    private static boolean isSamePort(JsonNode one, JsonNode other) {
        return leadsAs(one, other) && one.path("name").equals(other.path("name"));
    }

    private static boolean leadsAs(JsonNode one, JsonNode other) {
        return ClusterObject.isSame(one.path("targetPort"), other.path("targetPort"));
    }

    private static boolean isNamedOf(JsonNode port, ArrayNode ports) {
        return ports.valueStream().anyMatch(it -> it.path("name").equals(port.path("name")));
    }

    private static boolean isSameNumber(JsonNode one, JsonNode other) {
        return one.path("port").equals(other.path("port"))
                && one.path("protocol").asText(TCP).equals(other.path("protocol").asText(TCP));
    }

    /**
     * The ports and those of the live Service beside them. Of several each needs a name of its own:
     * one that had none, as the only one may, or whose name is taken now, gets one by its number.
     *
     * @param theirs ports that are kept whatever they are called; another of a name that is taken
     *     was ours before
     */
    static ArrayNode keepingOthers(ArrayNode ports, ClusterObject live, JsonNode theirs) {
        var kept = ports.deepCopy();
        for (JsonNode other : live.at("/spec/ports")) {
            if (ports.valueStream().anyMatch(port -> isSameNumber(port, other))) {
                continue;
            }
            boolean unnamed = other.path("name").asText().isEmpty();
            if (!unnamed && !isNamedOf(other, kept)) {
                kept.add(other.deepCopy());
            } else if (theirs.valueStream().anyMatch(it -> isSameNumber(it, other))) {
                ObjectNode renamed = other.deepCopy();
                kept.add(renamed.put("name", freeName(other, kept)));
            }
        }
        return kept;
    }

    private static String freeName(JsonNode port, ArrayNode taken) {
        String name = "port-" + port.path("port").asInt();
        boolean isTaken = taken.valueStream().anyMatch(it -> it.path("name").asText().equals(name));
        return isTaken
                ? name + "-" + port.path("protocol").asText(TCP).toLowerCase(Locale.ROOT)
                : name;
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
