package dev.serinus.router.route;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.workload.Target;
import dev.serinus.schemas.canary.Canary;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The pods of both sides, for a mesh that looks for them itself.
 *
 * @param canary labels that select the target's pods
 * @param primary labels that select the primary's
 * @param ports numbers of the containers' ports by name
 */
public record Pods(ObjectNode canary, ObjectNode primary, Map<String, Integer> ports) {

    public Pods {
        canary = canary.deepCopy();
        primary = primary.deepCopy();
        ports = Map.copyOf(ports);
    }

    /** Those of a target and its primary; null when that is yet to be made. */
    public static Pods of(Target target, @Nullable ClusterObject primary) {
        Map<String, Integer> ports = new LinkedHashMap<>();
        for (JsonNode container : target.template().path("spec").path("containers")) {
            for (JsonNode port : container.path("ports")) {
                ports.putIfAbsent(port.path("name").asText(), port.path("containerPort").asInt());
            }
        }
        return new Pods(target.selector(), target.primarySelector(primary), ports);
    }

    /** Those of a target of which no more is known than its name, as Flagger supposes them. */
    static Pods named(Canary canary, String label) {
        String name = canary.getSpec().targetRef().name();
        var json = JsonNodeFactory.instance;
        return new Pods(
                json.objectNode().put(label, name),
                json.objectNode().put(label, name + "-primary"),
                Map.of());
    }
}
