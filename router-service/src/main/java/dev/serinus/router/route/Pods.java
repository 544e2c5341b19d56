package dev.serinus.router.route;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.workload.Target;
import dev.serinus.schemas.canary.Canary;
import dev.serinus.schemas.mesh.Kubernetes;

import org.jspecify.annotations.Nullable;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The pods of both sides, for a mesh that looks for them itself.
 *
 * @param canary labels that select the target's pods
 * @param primary labels that select the primary's
 * @param ports numbers of the containers' ports by name
 * @param numbers numbers of the ports that pods of both have; empty where they are not known
 * @param labels all labels of the target's pods
 * @param common those that the primary's pods have as well, also while they are replaced
 */
public record Pods(
        ObjectNode canary,
        ObjectNode primary,
        Map<String, Integer> ports,
        Set<Integer> numbers,
        ObjectNode labels,
        ObjectNode common) {

    public Pods {
        canary = canary.deepCopy();
        primary = primary.deepCopy();
        ports = Map.copyOf(ports);
        numbers = Set.copyOf(numbers);
        labels = labels.deepCopy();
        common = common.deepCopy();
    }

    /** Those of a target and its primary; null when that is yet to be made. */
    public static Pods of(Target target, @Nullable ClusterObject primary) {
        Map<String, Integer> ports = new LinkedHashMap<>();
        Set<Integer> numbers = numbers(target.template());
        for (JsonNode port : ports(target.template())) {
            ports.putIfAbsent(port.path("name").asText(), port.path("containerPort").asInt());
        }
        if (primary != null && target.kind().target().hasPods()) {
            // A port that is yet to be promoted is no port of both sides.
            numbers.retainAll(numbers(primary.at("/spec/template")));
        }
        var labels = target.template().at("/metadata/labels");
        var all = labels instanceof ObjectNode known ? known : target.selector();
        return new Pods(
                target.selector(),
                target.primarySelector(primary),
                ports,
                numbers,
                all,
                primary == null ? all : common(all, primary.at("/spec/template/metadata/labels")));
    }

    private static ObjectNode common(ObjectNode labels, JsonNode primarys) {
        var common = labels.deepCopy();
        common.properties().removeIf(it -> !it.getValue().equals(primarys.path(it.getKey())));
        return common;
    }

    private static List<JsonNode> ports(JsonNode template) {
        return template.path("spec")
                .path("containers")
                .valueStream()
                .flatMap(container -> container.path("ports").valueStream())
                .toList();
    }

    private static Set<Integer> numbers(JsonNode template) {
        return ports(template).stream()
                .map(port -> port.path("containerPort").asInt())
                .collect(Collectors.toCollection(HashSet::new));
    }

    /** Those of a target of which no more is known than its name, as Flagger supposes them. */
    static Pods named(Canary canary, String label) {
        String name = canary.getSpec().targetRef().name();
        var json = JsonNodeFactory.instance;
        var shared = json.objectNode().put(Kubernetes.SHARED_LABEL, canary.getMetadata().getName());
        return new Pods(
                json.objectNode().put(label, name),
                json.objectNode().put(label, name + "-primary"),
                Map.of(),
                Set.of(),
                shared.deepCopy().put(label, name),
                shared);
    }

    /** False when none of their containers has a port of this number. */
    boolean listenOn(int port) {
        return numbers.isEmpty() || numbers.contains(port);
    }

    /** Whether a label selector selects pods of either side. */
    public boolean areSelectedBy(JsonNode selector) {
        ObjectNode primarys = labels.deepCopy();
        primarys.setAll(primary);
        return isMet(selector, labels) || isMet(selector, primarys);
    }

    private static boolean isMet(JsonNode selector, ObjectNode labels) {
        return selector.isObject()
                && selector.path("matchLabels").properties().stream()
                        .allMatch(it -> it.getValue().equals(labels.path(it.getKey())))
                && selector.path("matchExpressions")
                        .valueStream()
                        .allMatch(it -> isMetBy(labels.path(it.path("key").asText()), it));
    }

    private static boolean isMetBy(JsonNode value, JsonNode expression) {
        boolean isNamed = expression.path("values").valueStream().anyMatch(value::equals);
        return switch (expression.path("operator").asText()) {
            case "In" -> isNamed;
            case "NotIn" -> !isNamed;
            case "Exists" -> !value.isMissingNode();
            case "DoesNotExist" -> value.isMissingNode();
            default -> false;
        };
    }
}
