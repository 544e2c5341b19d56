package dev.serinus.router.drift;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.router.objects.Change;
import dev.serinus.schemas.cluster.Kind;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Ports that a Service has and that the Canary asks for no more. While a route of the user's leads
 * to one of them it is served beside the new ones, as otherwise every request would fail.
 */
final class FormerPorts {

    private FormerPorts() {}

    /** True for a change by which a Service that is there would lose a port. */
    static boolean areLostBy(Change change) {
        return !lost(change).isEmpty();
    }

    /** The same change, but that no port is lost. */
    static Change kept(Change change) {
        var lost = lost(change);
        if (lost.isEmpty()) {
            return change;
        }
        var ports = (ArrayNode) change.desired().at("/spec/ports").deepCopy();
        Set<String> names = new HashSet<>();
        Stream.concat(ports.valueStream().toList().stream(), lost.stream())
                .map(ObjectNode.class::cast)
                .forEach(
                        port -> {
                            String name = port.path("name").asText();
                            // Of several each has a name of its own.
                            if (name.isEmpty() || !names.add(name)) {
                                port.put("name", "port-" + port.path("port").asInt());
                            }
                        });
        lost.forEach(ports::add);
        return new Change(change.live(), change.desired().edited(it -> it.spec("ports", ports)));
    }

    private static List<JsonNode> lost(Change change) {
        var live = change.live();
        if (live == null || !change.ref().kind().equals(Kind.SERVICE)) {
            return List.of();
        }
        var asked =
                change.desired()
                        .at("/spec/ports")
                        .valueStream()
                        .map(port -> port.path("port").asInt())
                        .toList();
        return live.at("/spec/ports")
                .valueStream()
                .filter(port -> !asked.contains(port.path("port").asInt()))
                .<JsonNode>map(JsonNode::deepCopy)
                .toList();
    }
}
